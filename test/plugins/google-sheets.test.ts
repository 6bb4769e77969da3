import { expect, test } from "vitest";
import { bench, isWrite, row, SPREADSHEET } from "../support/google-sheets-bench.ts";

const HEADER = ["Booking", "Status", "Guest"];

test("appends a row under its headers, whatever their order, after one look", async () => {
  const { sink, rows, asked } = await bench([HEADER, ["one", "ACCEPTED", "Ann"]]);
  const receipt = await sink.deliver(row({ Guest: "Bob", Booking: "two" }));
  expect(rows().slice(1)).toEqual([
    ["one", "ACCEPTED", "Ann"],
    ["two", "", "Bob"],
  ]);
  expect(asked()).toEqual(["read", "append"]);
  expect(receipt).toEqual({
    id: "Bookings!A3:C3",
    url: `https://docs.google.com/spreadsheets/d/${SPREADSHEET}/edit`,
    answer: { updatedRanges: ["Bookings!A3:C3"] },
  });
});

test("keeps texts, numbers and booleans as they are", async () => {
  const { sink, rows } = await bench([["A", "B", "C", "D", "E"]]);
  await sink.deliver(row({ A: "007", B: 12.5, C: false, D: null, E: "=1+1" }));
  expect(rows()[1]).toEqual(["007", 12.5, false, "", "=1+1"]);
});

test("gives an empty sheet its header first, in the row's order", async () => {
  const { sink, rows } = await bench([]);
  await sink.deliver(row({ Status: "ACCEPTED", Booking: "one" }));
  await sink.deliver(row({ Booking: "two" }));
  expect(rows()).toEqual([
    ["Status", "Booking"],
    ["ACCEPTED", "one"],
    ["", "two"],
  ]);
});

test("writes no header into a sheet whose header is not in row 1", async () => {
  const { sink, rows } = await bench([[], HEADER, ["one"]]);
  await expect(sink.deliver(row({ Booking: "two" }))).rejects.toMatchObject({
    outcome: "rejected",
    message: expect.stringContaining("row 1 is blank"),
  });
  expect(rows()).toHaveLength(3);
});

test("inserts the row above what stands below the table", async () => {
  const { sink, rows } = await bench([HEADER, ["one"], [], ["Total", 1]]);
  await sink.deliver(row({ Booking: "two" }));
  expect(rows().map(([first]) => first)).toEqual(["Booking", "one", "two", undefined, "Total"]);
});

test("refuses an unknown column, naming the nearest, and the others in the answer alone", async () => {
  const { sink, rows, asked } = await bench([HEADER]);
  await expect(sink.deliver(row({ booking: "one", Statsu: "ACCEPTED", Price: 3 }))).rejects.toMatchObject({
    outcome: "rejected",
    message:
      'unknown column "booking"; did you mean "Booking"?; unknown column "Statsu"; did you mean "Status"?; unknown column "Price"; write it into row 1, or set addMissingColumns',
    answer: { header: HEADER },
  });
  expect(rows()).toEqual([HEADER]);
  expect(asked()).toEqual(["read"]);
});

test("adds an unknown column at the right end where the target allows it", async () => {
  const { sink, rows } = await bench([HEADER, ["one", "ACCEPTED", "Ann"]]);
  await sink.deliver(row({ Booking: "one", Price: 30, Currency: "EUR" }, { key: "Booking", addMissingColumns: true }));
  expect(rows()).toEqual([
    [...HEADER, "Price", "Currency"],
    ["one", "ACCEPTED", "Ann", 30, "EUR"],
  ]);
});

test("refuses a column whose name stands twice, and minds no other twins", async () => {
  const { sink, rows } = await bench([["Booking", "Note", "Status", "Note"]]);
  await expect(sink.deliver(row({ Booking: "one", Note: "hello" }))).rejects.toMatchObject({
    outcome: "rejected",
    message: '2 columns are called "Note" (B, D); rename all but one',
  });
  await sink.deliver(row({ Booking: "one", Status: "ACCEPTED" }));
  expect(rows()[1]).toEqual(["one", "", "ACCEPTED", ""]);
});

test("keeps values under their headers around blank ones, and past blank ones on the left", async () => {
  const { sink, rows } = await bench([["", "Booking", " ", "Status "]]);
  await sink.deliver(row({ Status: "ACCEPTED", Booking: "one" }));
  await sink.deliver(row({ Status: "REJECTED" }));
  expect(rows().slice(1)).toEqual([
    ["", "one", "", "ACCEPTED"],
    ["", "", "", "REJECTED"],
  ]);
});

test("follows its columns when people move them between two deliveries", async () => {
  const { google, sink, rows } = await bench([HEADER]);
  await sink.deliver(row({ Booking: "one", Status: "PENDING" }));
  google.setRows(SPREADSHEET, "Bookings", [
    ["Note", "Status", "Booking"],
    ["", "PENDING", "one"],
  ]);
  await sink.deliver(row({ Booking: "two", Status: "ACCEPTED" }));
  expect(rows()[2]).toEqual(["", "ACCEPTED", "two"]);
});

test("refuses a row that Google put beside its header", async () => {
  const { google, sink } = await bench([HEADER]);
  const body = JSON.stringify({ updates: { updatedRange: "Bookings!H7:J7" } });
  google.misbehave({ kind: "answer", status: 200, headers: { "content-type": "application/json" }, body }, isWrite);
  await expect(sink.deliver(row({ Booking: "one" }))).rejects.toMatchObject({
    outcome: "rejected",
    message: expect.stringContaining("Google put the row at Bookings!H7:J7"),
  });
});

test("finds a tab by any name, and takes the first one where none is named", async () => {
  const { google, sink } = await bench([HEADER]);
  google.setRows(SPREADSHEET, "Ann's 2026!A1", [HEADER]);
  await sink.deliver(row({ Booking: "one" }, { sheet: "Ann's 2026!A1" }));
  await sink.deliver({ spreadsheet: SPREADSHEET, row: { Booking: "two" } });
  expect(google.rows(SPREADSHEET, "Ann's 2026!A1")[1]).toEqual(["one", "", ""]);
  expect(google.rows(SPREADSHEET, "Bookings")[1]).toEqual(["two", "", ""]);
});

test("cuts what does not fit into a cell and says so", async () => {
  const { sink, rows } = await bench([HEADER]);
  const receipt = await sink.deliver(row({ Booking: "one", Guest: "x".repeat(50_001), Status: "\ud83d" }));
  expect(receipt?.note).toBe("Guest cut at 50,000 characters");
  expect(rows()[1]).toEqual(["one", "\ufffd", "x".repeat(50_000)]);
});

test("cuts no character in two", async () => {
  const { sink, rows } = await bench([HEADER]);
  await sink.deliver(row({ Booking: `${"x".repeat(49_999)}😀` }));
  expect(rows()[1]).toEqual(["x".repeat(49_999), "", ""]);
});

test("asks Google to write nothing where there is nothing to write", async () => {
  const { sink, asked } = await bench([HEADER]);
  expect(await sink.deliver(row({ Booking: null, Guest: null }))).toMatchObject({ note: "nothing to write" });
  expect(asked()).toEqual(["read"]);
});

test("knows that nothing was sent when the spreadsheet is busy until the deadline", async () => {
  const { google, sink, rows } = await bench([HEADER]);
  google.misbehave({ kind: "hang" }, isWrite);
  const [busy, abort] = [new AbortController(), new AbortController()];
  const first = sink.deliver(row({ Booking: "one" }), { signal: busy.signal });
  first.catch(() => undefined);
  await expect.poll(() => google.requests.some(isWrite)).toBe(true);
  const second = sink.deliver(row({ Booking: "two" }), { signal: abort.signal });
  abort.abort();
  await expect(second).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
  busy.abort();
  await expect(first).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
  expect(rows()).toEqual([HEADER]);
});

test("minds no spaces around a name, in the sheet or in the row", async () => {
  const { sink, rows } = await bench([[" Booking ", "Status"]]);
  await sink.deliver(row({ "Booking ": "one", Price: 1 }, { addMissingColumns: true, key: " Booking" }));
  await sink.deliver(row({ Booking: "one", "Price ": 2 }, { addMissingColumns: true, key: "Booking" }));
  expect(rows()).toEqual([
    [" Booking ", "Status", "Price"],
    ["one", "", 2],
  ]);
});

test("loses no row of deliveries that run at once", async () => {
  const { sink, rows, asked } = await bench([HEADER]);
  const names = Array.from({ length: 20 }, (_, at) => `booking ${at}`);
  await Promise.all(names.map((name) => sink.deliver(row({ Booking: name }, { key: "Booking" }))));
  expect(
    rows()
      .slice(1)
      .map(([first]) => first),
  ).toEqual(names);
  expect(asked()).toEqual(names.flatMap(() => ["read", "append"]));
});
