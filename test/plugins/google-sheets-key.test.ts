import { expect, test } from "vitest";
import { bench, isWrite, row, SPREADSHEET } from "../support/google-sheets-bench.ts";

const HEADER = ["Booking", "Status", "Note", "Guest", "Mail"];
const ANN = ["one", "PENDING", "call back", "Ann", "ann@example.com"];
const keyed = { key: "Booking" };

test("updates the row that has the key, only the columns named, in one write", async () => {
  const { google, sink, rows, asked } = await bench([HEADER, ["zero"], ANN]);
  const receipt = await sink.deliver(
    row({ Booking: "one", Status: "ACCEPTED", Guest: "Anna", Mail: "a@x.org" }, keyed),
  );
  expect(rows()[2]).toEqual(["one", "ACCEPTED", "call back", "Anna", "a@x.org"]);
  expect(asked()).toEqual(["read", "update"]);
  expect(receipt?.answer).toEqual({ updatedRanges: ["Bookings!B3:B3", "Bookings!D3:E3"] });
  expect(JSON.parse(google.requests.at(-1)?.body ?? "")).toMatchObject({ data: [{}, {}] });
});

test.each([
  ["ACCEPTED", "CANCELLED", "PENDING"],
  ["CANCELLED", "PENDING", "ACCEPTED"],
  ["PENDING", "ACCEPTED", "CANCELLED"],
])("keeps one row for a booking whose events come as %s, %s, %s, and at once", async (...statuses) => {
  const { sink, rows } = await bench([HEADER]);
  await Promise.all(statuses.map((Status) => sink.deliver(row({ Booking: "one", Status }, { key: "Booking" }))));
  expect(rows().map(([booking]) => booking)).toEqual(["Booking", "one"]);
});

test("appends the row when no row has the key", async () => {
  const { sink, rows } = await bench([HEADER, ANN]);
  await sink.deliver(row({ Booking: "two", Status: null, Guest: "" }, keyed));
  expect(rows()[2]).toEqual(["two", "", "", "", ""]);
});

test("leaves a cell as it is for null and clears it for an empty text", async () => {
  const { sink, rows } = await bench([HEADER, ANN]);
  await sink.deliver(row({ Booking: "one", Status: null, Note: "", Guest: null }, keyed));
  expect(rows()[1]).toEqual(["one", "PENDING", "", "Ann", "ann@example.com"]);
});

test("writes nothing where there is nothing to change", async () => {
  const { sink, rows, asked } = await bench([HEADER, ANN]);
  const receipt = await sink.deliver(row({ Booking: "one", Status: null }, keyed));
  expect(rows()[1]).toEqual(ANN);
  expect(asked()).toEqual(["read"]);
  expect(receipt?.note).toBe("nothing to change in row 2");
});

test("finds a number by its text and a text by its number", async () => {
  const { sink, rows } = await bench([HEADER, [7, "a"], ["8", "b"]]);
  await sink.deliver(row({ Booking: "7", Status: "A" }, keyed));
  await sink.deliver(row({ Booking: 8, Status: "B" }, keyed));
  expect(rows().slice(1)).toEqual([
    [7, "A"],
    ["8", "B"],
  ]);
});

test("never takes the header for a row", async () => {
  const { sink, rows } = await bench([HEADER]);
  await sink.deliver(row({ Booking: "Booking", Status: "ACCEPTED" }, keyed));
  expect(rows()).toHaveLength(2);
  expect(rows()[0]).toEqual(HEADER);
});

test("updates the first of several rows with the key and names the others", async () => {
  const { sink, rows } = await bench([HEADER, ANN, ["two"], ANN, ANN]);
  const receipt = await sink.deliver(row({ Booking: "one", Status: "ACCEPTED" }, keyed));
  expect(rows().map(([, status]) => status)).toEqual(["Status", "ACCEPTED", undefined, "PENDING", "PENDING"]);
  expect(receipt?.note).toBe("row 2 was updated; rows 4, 5 have the same Booking");
});

test.each([null, ""])("refuses a row whose key is %j before asking anything", async (value) => {
  const { google, sink } = await bench([HEADER]);
  await expect(sink.deliver(row({ Booking: value }, keyed))).rejects.toMatchObject({
    outcome: "rejected",
    message: "row.Booking: expected a value, since the row is found by it",
  });
  expect(google.requests).toEqual([]);
});

test("reads header and keys at once wherever the key column was last time", async () => {
  const { sink, rows, asked } = await bench([["Status", "Guest", "Booking"]]);
  await sink.deliver(row({ Booking: "one", Status: "PENDING" }, keyed));
  await sink.deliver(row({ Booking: "one", Status: "ACCEPTED" }, keyed));
  expect(rows()[1]).toEqual(["ACCEPTED", "", "one"]);
  expect(asked()).toEqual(["read", "read", "append", "read", "update"]);
});

test.each([
  ["to the right", 26, [["New", "Status", "Guest", "Booking"]]],
  ["to the left, in a sheet that is narrower now", 2, [["Booking", "Status"]]],
])("finds the key column when it was moved %s", async (_where, columns, header) => {
  const { google, sink, rows } = await bench([["Status", "Guest", "Booking"]]);
  await sink.deliver(row({ Booking: "one", Status: "PENDING" }, keyed));
  google.setRows(SPREADSHEET, "Bookings", header, columns);
  await sink.deliver(row({ Booking: "two", Status: "PENDING" }, keyed));
  await sink.deliver(row({ Booking: "two", Status: "ACCEPTED" }, keyed));
  const [names = [], ...written] = rows();
  expect(written.map((cells) => [cells[names.indexOf("Booking")], cells[names.indexOf("Status")]])).toEqual([
    ["two", "ACCEPTED"],
  ]);
});

test.each(["reset-after", "hang-after"] as const)(
  "does not double a row whose outcome stayed unknown (%s)",
  async (kind) => {
    const { google, sink, rows } = await bench([HEADER]);
    google.misbehave({ kind }, isWrite);
    const message = row({ Booking: "one", Status: "ACCEPTED" }, keyed);
    const abort = new AbortController();
    const first = sink.deliver(message, { signal: abort.signal });
    first.catch(() => undefined);
    await expect.poll(() => rows().length).toBe(2);
    abort.abort();
    await expect(first).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
    await sink.deliver(message, { attempt: 2, maybeDelivered: true });
    expect(rows()).toHaveLength(2);
  },
);

test("doubles a row without a key whose outcome stayed unknown", async () => {
  const { google, sink, rows } = await bench([HEADER]);
  google.misbehave({ kind: "reset-after" }, isWrite);
  await expect(sink.deliver(row({ Booking: "one" }))).rejects.toMatchObject({ ambiguous: true });
  await sink.deliver(row({ Booking: "one" }), { attempt: 2, maybeDelivered: true });
  expect(rows()).toHaveLength(3);
});

test("keeps a key that looks like a number findable when values are read as typed", async () => {
  const { sink, rows } = await bench([HEADER]);
  const typed = { ...keyed, valueInput: "user-entered" };
  await sink.deliver(row({ Booking: "007", Status: "12" }, typed));
  await sink.deliver(row({ Booking: "007", Status: "13" }, typed));
  expect(rows().slice(1)).toEqual([["007", 13, "", "", ""]]);
});

test("adds no key column beside rows that cannot have it, for every booking would get a second row", async () => {
  const { sink, rows, asked } = await bench([
    ["Ref", "Status"],
    ["one", "ACCEPTED"],
  ]);
  const message = row({ Booking: "one", Status: "CANCELLED" }, { key: "Booking", addMissingColumns: true });
  await expect(sink.deliver(message)).rejects.toMatchObject({
    outcome: "rejected",
    message: 'no column is called "Booking", the key, though there are rows; rename the one it is',
  });
  expect(rows()).toEqual([
    ["Ref", "Status"],
    ["one", "ACCEPTED"],
  ]);
  expect(asked()).toEqual(["read", "read"]);
});

test("adds the key column where there are no rows yet", async () => {
  const { sink, rows } = await bench([["Status"]]);
  const message = row({ Booking: "one", Status: "ACCEPTED" }, { key: "Booking", addMissingColumns: true });
  await sink.deliver(message);
  await sink.deliver(message);
  expect(rows()).toEqual([
    ["Status", "Booking"],
    ["ACCEPTED", "one"],
  ]);
});
