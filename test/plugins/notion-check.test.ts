import { expect, test } from "vitest";
import notion from "../../plugins/notion/index.ts";
import { database, dataSource } from "../support/notion.ts";
import { openSink } from "../../src/sdk/testing/open-sink.ts";
import { bench } from "./notion-bench.ts";

test("finds nothing wrong with a target that fits, and only reads", async () => {
  const { vendor, sink } = await bench();
  const message = { database: database.bookings, key: "Booking", properties: { Booking: "uid1", Start: "2026-03-02" } };
  expect(await sink.check(message)).toEqual([]);
  expect(await sink.check()).toEqual([]);
  expect(vendor.requests.every(({ method }) => method === "GET")).toBe(true);
});

test("says that the token is not accepted", async () => {
  const { vendor } = await bench();
  const sink = await openSink(notion, { token: "ntn_otherToken0000", apiUrl: vendor.url });
  expect(await sink.check()).toEqual([expect.stringContaining("copy the integration's secret anew")]);
  await sink.close();
});

test.each([{ database: database.unshared }, { dataSource: dataSource.unshared }])(
  "says how to share %j",
  async (place) => {
    const { sink } = await bench();
    expect(await sink.check({ ...place, properties: {} })).toEqual([expect.stringContaining("••• → Connections")]);
  },
);

test("names the data sources to choose from", async () => {
  const { sink } = await bench();
  expect(await sink.check({ database: database.twofold, properties: {} })).toEqual([
    expect.stringContaining(dataSource.people),
  ]);
});

test("names every property that does not fit", async () => {
  const { sink } = await bench();
  const properties = { Stauts: "ACCEPTED", Minutes: "long", Created: "2026-03-02", Start: "" };
  expect(await sink.check({ dataSource: dataSource.bookings, key: "Start", properties })).toEqual([
    expect.stringContaining('did you mean "Status"?'),
    expect.stringContaining('"Minutes" (number) expects a number'),
    expect.stringContaining('"Created" (created_time) is filled in by Notion'),
    expect.stringContaining('"Start" (date) cannot be the key'),
  ]);
});

test("sees a property that was added since", async () => {
  const { vendor, sink } = await bench();
  const message = { dataSource: dataSource.bookings, properties: { Room: "blue" } };
  expect(await sink.check(message)).toHaveLength(1);
  vendor.defineProperty("Room", "rich_text");
  expect(await sink.check(message)).toEqual([]);
});
