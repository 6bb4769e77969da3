import { expect, onTestFinished, test } from "vitest";
import plugin from "../../plugins/google-sheets/index.ts";
import { startGoogleSheets, type GoogleSheets } from "../support/google-sheets.ts";
import { openSink, type OpenedSink } from "../support/sink-harness.ts";

test("appends a row under the header", async () => {
  const { google, sink } = await bench([["Booking", "Status"]]);
  const receipt = await sink.deliver(target({ Status: "ACCEPTED", Booking: "one" }));
  expect(google.rows(SPREADSHEET, "Bookings")).toEqual([
    ["Booking", "Status"],
    ["one", "ACCEPTED"],
  ]);
  expect(receipt).toMatchObject({ id: "Bookings!A2:B2" });
});

const SPREADSHEET = "spreadsheet-example";
function target(row: object, rest: object = {}): object {
  return { spreadsheet: SPREADSHEET, sheet: "Bookings", row, ...rest };
}

async function bench(rows: string[][]): Promise<{ google: GoogleSheets; sink: OpenedSink }> {
  const google = await startGoogleSheets();
  onTestFinished(() => google.close());
  google.setRows(SPREADSHEET, "Bookings", rows);
  const { credentials, url, tokenUrl } = google;
  const sink = await openSink(plugin, { credentials, apiUrl: url, tokenUrl });
  onTestFinished(() => sink.close());
  return { google, sink };
}
