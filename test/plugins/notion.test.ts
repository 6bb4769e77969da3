import { expect, test } from "vitest";
import type { NotionStandIn } from "../support/notion.ts";
import { bench, isCreate, isQuery, isSchema, isUpdate } from "./notion-bench.ts";

test("adds a page with properties, body and icon, and says where it is", async () => {
  const { vendor, sink } = await bench();
  const receipt = await sink.deliver({
    dataSource: vendor.dataSource.bookings,
    properties: { Name: "Intro call", Status: "ACCEPTED", Minutes: "30" },
    content: "# Agenda",
    icon: "📅",
  });
  const [page] = vendor.pages();
  expect(receipt).toMatchObject({ id: page?.id, url: `https://www.notion.so/${page?.id.replaceAll("-", "")}` });
  expect(page).toMatchObject({
    values: { Name: "Intro call", Status: "ACCEPTED", Minutes: 30 },
    children: [{ type: "heading_1" }],
    icon: { type: "emoji", emoji: "📅" },
  });
});

test("adds a page for each delivery without a key", async () => {
  const { vendor, sink } = await bench();
  const message = { dataSource: vendor.dataSource.bookings, properties: { Name: "Intro call" } };
  await sink.deliver(message);
  await sink.deliver(message);
  expect(vendor.pages()).toHaveLength(2);
  expect(vendor.requests.filter(isQuery)).toHaveLength(0);
});

test("finds a database's one data source, and asks for it once", async () => {
  const { vendor, sink } = await bench();
  const link = `https://www.notion.so/acme/Bookings-${vendor.database.bookings.replaceAll("-", "")}?v=${"0".repeat(32)}`;
  await sink.deliver({ database: link, properties: { Name: "one" } });
  await sink.deliver({ database: vendor.database.bookings, properties: { Name: "two" } });
  expect(vendor.pages().map((page) => page.values["Name"])).toEqual(["one", "two"]);
  expect(vendor.requests.filter(({ path }) => path.startsWith("/v1/databases/"))).toHaveLength(1);
  expect(vendor.requests.filter(isSchema)).toHaveLength(1);
});

test("names the data sources of a database that has several", async () => {
  const { vendor, sink } = await bench();
  await expect(sink.deliver({ database: vendor.database.twofold, properties: { Name: "x" } })).rejects.toMatchObject({
    outcome: "rejected",
    message: expect.stringContaining(`"rooms" ${vendor.dataSource.rooms}`),
  });
});

test.each(["database", "dataSource"] as const)(
  "rejects a %s that is not shared, saying how to share it",
  async (kind) => {
    const { vendor, sink } = await bench();
    await expect(sink.deliver({ [kind]: vendor[kind].unshared, properties: { Name: "x" } })).rejects.toMatchObject({
      outcome: "rejected",
      message: expect.stringContaining("Connections"),
    });
  },
);

test("updates the page that has the key's value, and leaves its body and what is null alone", async () => {
  const { vendor, sink } = await bench();
  const target = { dataSource: vendor.dataSource.bookings, key: "Booking" };
  await sink.deliver({
    ...target,
    properties: { Booking: "uid1", Name: "Call", Guest: "jo@example.com" },
    content: "a",
  });
  await sink.deliver({
    ...target,
    properties: { Booking: "uid1", Name: "Moved call", Guest: null },
    content: "b",
    icon: "🎉",
  });
  expect(vendor.pages()).toMatchObject([
    {
      values: { Booking: "uid1", Name: "Moved call", Guest: "jo@example.com" },
      children: [{ paragraph: { rich_text: [{ text: { content: "a" } }] } }],
      icon: { emoji: "🎉" },
    },
  ]);
});

test("clears a property for an empty text", async () => {
  const { vendor, sink } = await bench();
  const target = { dataSource: vendor.dataSource.bookings, key: "Booking" };
  await sink.deliver({
    ...target,
    properties: { Booking: "uid1", Guest: "jo@example.com", Notes: "n", Status: "PENDING" },
  });
  await sink.deliver({ ...target, properties: { Booking: "uid1", Guest: "", Notes: "", Status: "" } });
  expect(vendor.pages()[0]?.properties).toMatchObject({
    Guest: { email: null },
    Notes: { rich_text: [] },
    Status: { status: null },
  });
});

test("goes to the remembered page without asking", async () => {
  const { vendor, sink } = await bench();
  await sink.deliver(keyed(vendor, "first"));
  await sink.deliver(keyed(vendor, "second"));
  expect(vendor.requests.filter(isQuery)).toHaveLength(1);
  expect(sink.remembered()).toEqual({
    dataSource: vendor.dataSource.bookings,
    key: "uid1",
    page: vendor.pages()[0]?.id,
  });
});

test("searches again when what is remembered is of another key, or is no memory of ours", async () => {
  const { vendor, sink } = await bench();
  await sink.deliver(keyed(vendor, "first"));
  await sink.deliver(keyed(vendor, "other", "uid2"));
  const nonsense = { get: () => ({ page: 7 }), set: () => undefined };
  await sink.deliver(keyed(vendor, "first again"), { memory: nonsense });
  expect(vendor.pages().map((page) => page.values["Name"])).toEqual(["first again", "other"]);
});

test("searches again when what is remembered is of another data source", async () => {
  const { vendor, sink } = await bench();
  const message = { key: "Name", properties: { Name: "uid1" } };
  await sink.deliver({ ...message, dataSource: vendor.dataSource.bookings });
  await sink.deliver({ ...message, dataSource: vendor.dataSource.people });
  expect(vendor.pages(vendor.dataSource.people)).toHaveLength(1);
});

test.each(["trash", "erase"] as const)(
  "makes a new page after somebody put the remembered one away (%s)",
  async (away) => {
    const { vendor, sink } = await bench();
    const receipt = await sink.deliver(keyed(vendor, "first"));
    vendor[away](receipt?.id ?? "");
    await sink.deliver(keyed(vendor, "second"));
    await sink.deliver(keyed(vendor, "third"));
    const live = vendor.pages().filter((page) => !page.trashed);
    expect(live.map((page) => page.values["Name"])).toEqual(["third"]);
  },
);

test("updates the first of several pages with the key, and says so", async () => {
  const { vendor, sink } = await bench();
  const { key: _, ...unkeyed } = keyed(vendor, "made by hand");
  await sink.deliver(unkeyed);
  await sink.deliver(unkeyed);
  const receipt = await sink.deliver(keyed(vendor, "relayed"));
  expect(vendor.pages().map((page) => page.values["Name"])).toEqual(["relayed", "made by hand"]);
  expect(receipt?.note).toContain("several pages");
});

test.each([
  ["Name", "a title"],
  ["Minutes", "45"],
  ["Link", "https://example.com/b/1"],
  ["Guest", "jo@example.com"],
  ["Phone", "+1 555 0100"],
  ["Type", "60min"],
  ["Status", "PENDING"],
])("takes %s as a key", async (key, value) => {
  const { vendor, sink } = await bench();
  const message = { dataSource: vendor.dataSource.bookings, key, properties: { [key]: value } };
  await sink.deliver(message, { bookingKey: "one" });
  await sink.deliver(message, { bookingKey: "two" });
  expect(vendor.pages()).toHaveLength(1);
});

test.each([
  ["Start", "2026-03-02", "cannot be the key"],
  ["Booking", "", "must not be empty"],
  ["Booking", null, "must not be empty"],
])("rejects the key %s with %j", async (key, value, says) => {
  const { vendor, sink } = await bench();
  const message = { dataSource: vendor.dataSource.bookings, key, properties: { [key]: value } };
  await expect(sink.deliver(message)).rejects.toMatchObject({
    outcome: "rejected",
    message: expect.stringContaining(says),
  });
  expect(vendor.pages()).toEqual([]);
});

test("makes one page of two bookings' deliveries with the same key at the same time", async () => {
  const { vendor, sink } = await bench();
  await Promise.all(["a", "b", "c"].map((name) => sink.deliver(keyed(vendor, name), { bookingKey: name })));
  expect(vendor.pages()).toHaveLength(1);
});

test.each(["answer-after", "reset-after", "truncate"] as const)(
  "makes one page when the create's outcome is unknown (%s) and it is tried again",
  async (kind) => {
    const { vendor, sink } = await bench();
    vendor.misbehave(kind === "answer-after" ? { kind, status: 504 } : { kind }, isCreate);
    await expect(sink.deliver(keyed(vendor, "x"))).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
    await sink.deliver(keyed(vendor, "x"), { attempt: 2, maybeDelivered: true });
    expect(vendor.pages()).toHaveLength(1);
    expect(vendor.requests.filter(isCreate)).toHaveLength(1);
  },
);

test("makes a second page without a key when the first one's outcome is unknown", async () => {
  const { vendor, sink } = await bench();
  const message = { dataSource: vendor.dataSource.bookings, properties: { Name: "x" } };
  vendor.misbehave({ kind: "reset-after" }, isCreate);
  await expect(sink.deliver(message)).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
  await sink.deliver(message, { attempt: 2, maybeDelivered: true });
  expect(vendor.pages()).toHaveLength(2);
});

test("makes one create a try", async () => {
  const { vendor, sink } = await bench();
  vendor.misbehave({ kind: "answer", status: 502, body: "<html>" }, isCreate);
  await expect(sink.deliver(keyed(vendor, "x"))).rejects.toMatchObject({ outcome: "unavailable" });
  expect(vendor.requests.filter(isCreate)).toHaveLength(1);
});

test("reads the schema again when a property is new or renamed", async () => {
  const { vendor, sink } = await bench();
  await sink.deliver({ dataSource: vendor.dataSource.bookings, properties: { Name: "x" } });
  vendor.defineProperty("Room", "rich_text");
  await sink.deliver({ dataSource: vendor.dataSource.bookings, properties: { Room: "blue" } });
  vendor.defineProperty("Room", "select");
  await sink.deliver({ dataSource: vendor.dataSource.bookings, properties: { Room: "green" } });
  vendor.renameProperty("Room", "Place");
  const renamed = sink.deliver({ dataSource: vendor.dataSource.bookings, properties: { Room: "red" } });
  await expect(renamed).rejects.toMatchObject({
    outcome: "rejected",
    message: expect.stringContaining("Place (select)"),
  });
  expect(vendor.pages().map((page) => page.properties["Room"])).toMatchObject([
    undefined,
    { rich_text: [{ text: { content: "blue" } }] },
    { select: { name: "green" } },
  ]);
});

test("asks again which data source a database has once the known one is gone", async () => {
  const { vendor, sink } = await bench();
  const message = { database: vendor.database.bookings, properties: { Name: "x" } };
  await sink.deliver(message);
  const gone = JSON.stringify({ code: "object_not_found", message: "no" });
  for (const request of [isCreate, isSchema]) vendor.misbehave({ kind: "answer", status: 404, body: gone }, request);
  await expect(sink.deliver(message)).rejects.toMatchObject({ outcome: "rejected" });
  await sink.deliver(message);
  expect(vendor.requests.filter(({ path }) => path.startsWith("/v1/databases/"))).toHaveLength(2);
});

test("does not repeat a refused request while the schema is the same", async () => {
  const { vendor, sink } = await bench();
  await sink.deliver(keyed(vendor, "first"));
  vendor.misbehave(
    { kind: "answer", status: 400, body: JSON.stringify({ code: "validation_error", message: "no" }) },
    isUpdate,
  );
  await expect(sink.deliver(keyed(vendor, "second"))).rejects.toMatchObject({ outcome: "rejected" });
  expect(vendor.requests.filter(isUpdate)).toHaveLength(1);
});

function keyed(vendor: NotionStandIn, name: string, booking = "uid1"): { key?: string } & Record<string, unknown> {
  return { dataSource: vendor.dataSource.bookings, key: "Booking", properties: { Booking: booking, Name: name } };
}
