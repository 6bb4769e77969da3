import { expect, test } from "vitest";
import { bench, isToken, isWrite, row, SPREADSHEET } from "../support/google-sheets-bench.ts";

test("finds nothing where token, spreadsheet, tab and headers are there", async () => {
  const { google, sink } = await bench([["Booking", "Status"]]);
  expect(await sink.check(row({ Booking: "one", Status: null }, { key: "Booking" }))).toEqual([]);
  expect(await sink.check()).toEqual([]);
  expect(google.requests.filter(isWrite)).toEqual([]);
});

test("finds every column that is missing or stands twice", async () => {
  const { sink } = await bench([["Booking", "Note", "Note"]]);
  expect(await sink.check(row({ Booking: "one", Status: "", Note: "" }))).toEqual([
    'row: unknown column "Status"; write it into row 1, or set addMissingColumns',
    'row: 2 columns are called "Note" (B, C); rename all but one',
  ]);
});

test("minds no missing column that a delivery would add", async () => {
  const { google, sink } = await bench([["Booking"]]);
  expect(await sink.check(row({ Status: "" }, { addMissingColumns: true }))).toEqual([]);
  google.setRows(SPREADSHEET, "Bookings", []);
  expect(await sink.check(row({ Status: "" }))).toEqual([]);
});

test("names the tabs there are", async () => {
  const { google, sink } = await bench([["Booking"]]);
  google.setRows(SPREADSHEET, "Archive", []);
  expect(await sink.check(row({ Booking: "one" }, { sheet: "bookings" }))).toEqual([
    'sheet: there is no tab "bookings"; expected one of "Bookings", "Archive"',
  ]);
});

test("says whom to share the spreadsheet with, and when it does not exist", async () => {
  const { google, sink } = await bench([["Booking"]]);
  google.unshare(SPREADSHEET);
  expect(await sink.check(row({ Booking: "one" }))).toEqual([
    "HTTP 403 PERMISSION_DENIED: share the spreadsheet with relay@example-project.iam.gserviceaccount.com as editor",
  ]);
  expect(await sink.check(row({ Booking: "one" }, { spreadsheet: "unknown" }))).toEqual([
    "HTTP 404 NOT_FOUND: there is no spreadsheet with this id; copy its URL from the browser",
  ]);
});

test("says that the account gets no token", async () => {
  const { google, sink } = await bench([["Booking"]]);
  const body = '{"error":"invalid_grant"}';
  google.misbehave({ kind: "answer", status: 400, headers: { "content-type": "application/json" }, body }, isToken);
  expect(await sink.check()).toEqual([expect.stringContaining("no token (invalid_grant)")]);
});
