import { expect, test } from "vitest";
import { Rejected } from "../../src/sdk/index.ts";
import { message } from "../../plugins/google-sheets/options.ts";
import { preview } from "../../plugins/google-sheets/preview.ts";

const address = "https://docs.google.com/spreadsheets/d/1AbC";

function shown(given: object): string {
  return preview(message.parse({ spreadsheet: "1AbC", ...given }));
}

test("shows a row under its headers", () => {
  expect(shown({ row: { Guest: "Ann\nLee", Minutes: 45, Paid: true, Note: null }, addMissingColumns: true })).toBe(
    `the first tab, adds a row
${address}

Guest      Minutes  Paid  Note
Ann ↵ Lee  45       TRUE

(columns that are missing are added)`,
  );
});

test("says which row a key updates, what it leaves as it is and what it clears", () => {
  expect(shown({ sheet: "Bookings", key: "Booking", row: { Booking: "b1", Guest: null, Note: "" } })).toBe(
    `tab Bookings, updates the row with Booking b1, or adds it
${address}

Booking  Guest            Note
b1       (left as it is)  (cleared)`,
  );
});

test("shows a wide row in lines, a cell each", () => {
  expect(shown({ row: { Title: "a".repeat(60), Description: "b".repeat(60), At: "c" } })).toBe(
    `the first tab, adds a row
${address}

Title        ${"a".repeat(60)}
Description  ${"b".repeat(60)}
At           c`,
  );
});

test("shows cells as the sheet does, without the sign that keeps them text", () => {
  expect(shown({ valueInput: "user-entered", row: { Phone: "+12125550147", Sum: "=1+1" } })).toContain(
    "Phone         Sum\n+12125550147  =1+1",
  );
});

test("a key without a value is no row", () => {
  expect(() => shown({ key: "Booking", row: { Booking: null } })).toThrow(Rejected);
});
