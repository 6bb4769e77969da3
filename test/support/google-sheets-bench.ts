import { onTestFinished } from "vitest";
import plugin from "../../plugins/google-sheets/index.ts";
import { startGoogleSheets, type Cell, type GoogleSheets, type GoogleSheetsOptions } from "./google-sheets.ts";
import { openSink, type OpenedSink } from "../../src/sdk/testing/open-sink.ts";
import type { Received } from "../../src/sdk/testing/stand-in.ts";

export const SPREADSHEET = "spreadsheet-example";

export interface Bench {
  readonly google: GoogleSheets;
  readonly sink: OpenedSink;
  /** What stands in the tab "Bookings". */
  readonly rows: () => Cell[][];
  /** The requests to the API so far, by what they ask: `read`, `update`, `append`. */
  readonly asked: () => string[];
}

/** A sink before a stand-in that has a tab "Bookings" with these rows; both are closed when the test ends. */
export async function bench(rows: readonly (readonly Cell[])[], options: GoogleSheetsOptions = {}): Promise<Bench> {
  const google = await startGoogleSheets(options);
  onTestFinished(() => google.close());
  google.setRows(SPREADSHEET, "Bookings", rows);
  const { credentials, url, tokenUrl } = google;
  const sink = await openSink(plugin, { credentials, apiUrl: url, tokenUrl });
  onTestFinished(() => sink.close());
  return {
    google,
    sink,
    rows: () => google.rows(SPREADSHEET, "Bookings"),
    asked: () => google.requests.flatMap((request) => verbOf(request) ?? []),
  };
}

/** A message to that tab. */
export function row(cells: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}): object {
  return { spreadsheet: SPREADSHEET, sheet: "Bookings", row: cells, ...rest };
}

export function isWrite(request: Received): boolean {
  return ["update", "append"].includes(verbOf(request) ?? "");
}

export function isRead(request: Received): boolean {
  return verbOf(request) === "read";
}

export function isToken(request: Received): boolean {
  return request.path === "/token";
}

function verbOf({ method, path }: Received): string | undefined {
  if (!path.startsWith("/v4/")) return undefined;
  if (method === "GET") return "read";
  return path.endsWith(":append") ? "append" : "update";
}
