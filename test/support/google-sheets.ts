import { z } from "zod";
import { areaOf, endOfTable, nameOf, read, write, type Area, type Cell, type Tab } from "./google-sheets-tab.ts";
import { openTokenDesk } from "./google-sheets-tokens.ts";
import { startStandIn, type Answer, type Received, type StandIn } from "../../src/sdk/testing/stand-in.ts";

export type { Cell } from "./google-sheets-tab.ts";

export interface GoogleSheetsOptions {
  /** How long a token lasts; an hour by default. */
  readonly tokenLifetimeSeconds?: number;
}

/** Google's Sheets API v4, its values, and its token endpoint: strict, and with a memory. */
export interface GoogleSheets extends StandIn {
  readonly tokenUrl: string;
  /** A service account's key file, as JSON, whose tokens the API accepts. */
  readonly credentials: string;
  /** Every access token so far. */
  readonly tokens: readonly string[];
  /** The rows of a tab, the header included; formulas as `{ formula }`. */
  rows(spreadsheet: string, sheet: string): Cell[][];
  /** Makes or replaces a tab, and the spreadsheet where there is none. `columns` is how wide the tab is. */
  setRows(spreadsheet: string, sheet: string, rows: readonly (readonly Cell[])[], columns?: number): void;
  /** Takes the spreadsheet away from the service account. */
  unshare(spreadsheet: string): void;
  /** Makes every token so far invalid. */
  revokeTokens(): void;
}

interface Spreadsheet {
  readonly tabs: Map<string, Tab>;
  isShared: boolean;
}

const grid = z.array(z.array(z.union([z.string().max(50_000), z.number(), z.boolean(), z.null()])));
const input = z.enum(["RAW", "USER_ENTERED"]);
const batchUpdate = z.strictObject({
  valueInputOption: input,
  data: z.array(z.strictObject({ range: z.string(), values: grid })),
});
const append = z.strictObject({ values: grid });

export async function startGoogleSheets(options: GoogleSheetsOptions = {}): Promise<GoogleSheets> {
  const desk = openTokenDesk(options.tokenLifetimeSeconds ?? 3600);
  const spreadsheets = new Map<string, Spreadsheet>();

  const server = await startStandIn((request) => {
    if (request.path === "/token") return desk.answer(request);
    if (!desk.isValid(request.headers.authorization)) return refusal(401, "UNAUTHENTICATED", "Invalid credentials.");
    const [, id, action = ""] = /^\/v4\/spreadsheets\/([^/:]+)(.*)$/.exec(decodeURIComponent(request.path)) ?? [];
    const spreadsheet = spreadsheets.get(id ?? "");
    if (spreadsheet === undefined) return refusal(404, "NOT_FOUND", "Requested entity was not found.");
    if (!spreadsheet.isShared) return refusal(403, "PERMISSION_DENIED", "The caller does not have permission");
    try {
      return ok(serve(spreadsheet, request, action));
    } catch (error) {
      return refusal(400, "INVALID_ARGUMENT", error instanceof Error ? error.message : "");
    }
  });

  function spreadsheetOf(id: string): Spreadsheet {
    const spreadsheet = spreadsheets.get(id) ?? { tabs: new Map<string, Tab>(), isShared: true };
    spreadsheets.set(id, spreadsheet);
    return spreadsheet;
  }

  return {
    ...server,
    tokenUrl: `${server.url}/token`,
    credentials: desk.credentials,
    tokens: desk.issued,
    rows: (id, sheet) => (spreadsheetOf(id).tabs.get(sheet)?.rows ?? []).map((row) => [...row]),
    setRows(id, sheet, rows, columns = 26) {
      spreadsheetOf(id).tabs.set(sheet, { rows: rows.map((row) => [...row]), columns });
    },
    unshare(id) {
      spreadsheetOf(id).isShared = false;
    },
    revokeTokens: () => desk.revoke(),
  };
}

/** Throws what Google would refuse with 400. */
function serve(spreadsheet: Spreadsheet, request: Received, action: string): unknown {
  const { method, query, body } = request;
  if (method === "GET" && action === "")
    return { sheets: [...spreadsheet.tabs.keys()].map((title) => ({ properties: { title } })) };
  if (method === "GET" && action === "/values:batchGet") return batchGet(spreadsheet, query.getAll("ranges"));
  if (method === "POST" && action === "/values:batchUpdate")
    return applyBatch(spreadsheet, batchUpdate.parse(JSON.parse(body)));
  const [, range] = /^\/values\/(.+):append$/s.exec(action) ?? [];
  if (method === "POST" && range !== undefined) return applyAppend(spreadsheet, range, request);
  throw new Error(`no such method: ${method} ${action}`);
}

function batchGet(spreadsheet: Spreadsheet, ranges: readonly string[]): unknown {
  const valueRanges = ranges.map((range) => {
    const { name, tab, area } = find(spreadsheet, range);
    const found = read(tab, area);
    return { range: named(name, area), majorDimension: "ROWS", ...(found.length > 0 && { values: found }) };
  });
  return { valueRanges };
}

function applyBatch(spreadsheet: Spreadsheet, { valueInputOption, data }: z.output<typeof batchUpdate>): unknown {
  const blocks = data.map((one) => ({ ...find(spreadsheet, one.range), values: one.values }));
  for (const block of blocks) expectFits(block.tab, block.area, block.values);
  for (const { tab, area, values } of blocks) write(tab, area, values, valueInputOption === "USER_ENTERED");
  return { responses: blocks.map(({ name, area }) => ({ updatedRange: named(name, area) })) };
}

function applyAppend(spreadsheet: Spreadsheet, range: string, { query, body }: Received): unknown {
  const typed = input.parse(query.get("valueInputOption")) === "USER_ENTERED";
  const { values } = append.parse(JSON.parse(body));
  const { name, tab, area } = find(spreadsheet, range);
  const { left, top } = endOfTable(tab, area);
  const right = left + Math.max(...values.map((row) => row.length)) - 1;
  const written = { left, right, top, bottom: top + values.length - 1 };
  expectFits(tab, written, values);
  if (query.get("insertDataOption") === "INSERT_ROWS" && top > area.top)
    tab.rows.splice(top - 1, 0, ...values.map((): Cell[] => []));
  write(tab, written, values, typed);
  return { tableRange: named(name, area), updates: { updatedRange: named(name, written) } };
}

function find(spreadsheet: Spreadsheet, range: string): { name: string; tab: Tab; area: Area } {
  const [, quoted, plain, cells = range] = /^(?:'((?:[^']|'')+)'|(\w+))!(.*)$/s.exec(range) ?? [];
  const name = quoted?.replaceAll("''", "'") ?? plain ?? [...spreadsheet.tabs.keys()][0] ?? "";
  const tab = spreadsheet.tabs.get(name);
  const area = tab === undefined ? undefined : areaOf(cells, tab);
  if (tab === undefined || area === undefined) throw new Error(`Unable to parse range: ${range}`);
  return { name, tab, area };
}

function expectFits(tab: Tab, area: Area, values: z.output<typeof grid>): void {
  const width = Math.max(...values.map((row) => row.length));
  if (area.right >= tab.columns) throw new Error("Range exceeds grid limits.");
  if (width > area.right - area.left + 1 || values.length > area.bottom - area.top + 1)
    throw new Error("Requested writing within a range, but tried writing beyond it.");
}

function named(tab: string, area: Area): string {
  return `${/^\w+$/.test(tab) ? tab : `'${tab.replaceAll("'", "''")}'`}!${nameOf(area)}`;
}

function ok(body: unknown): Answer {
  return { status: 200, body: JSON.stringify(body) };
}

function refusal(code: number, status: string, message: string): Answer {
  return { status: code, body: JSON.stringify({ error: { code, message, status } }) };
}
