import { z } from "zod";
import { isJson, serviceAccountJson } from "./credentials.ts";

export const connection = z.strictObject({
  credentials: z
    .string()
    .min(1, "expected the path of a service account's key file, or its JSON")
    .superRefine((text, context) => {
      if (!isJson(text)) return;
      for (const { path, message } of serviceAccountJson.safeParse(text).error?.issues ?? [])
        context.addIssue({ code: "custom", path, message });
    })
    .describe("the service account's key: the path of the JSON file, or the JSON itself"),
  apiUrl: z
    .url({ protocol: /^https?$/, error: "expected an http or https URL" })
    .refine(
      isOrigin,
      "expected an origin without a path, such as https://sheets.example.com: Google's client drops paths",
    )
    .optional()
    .describe("a proxy or a stand-in of sheets.googleapis.com: its origin, without a path; may be a private address"),
  tokenUrl: z
    .url({ protocol: /^https?$/, error: "expected an http or https URL" })
    .optional()
    .describe("a proxy or a stand-in of https://oauth2.googleapis.com/token; may be a private address"),
});

const SPREADSHEET_URL = /^https:\/\/docs\.google\.com\/spreadsheets\/(?:u\/\d+\/)?d\/([\w-]+)/;

const cell = z
  .union(
    [z.string(), z.number(), z.boolean(), z.null()],
    'expected text, a number, true, false or null; join a list with {{ … | join: ", " }}',
  )
  .describe("what is written below this header");

export const message = z
  .strictObject({
    spreadsheet: z
      .string()
      .transform((text) => SPREADSHEET_URL.exec(text)?.[1] ?? text)
      .pipe(z.string().regex(/^[^\s/\\?#%.]+$/, "expected the spreadsheet's id, or its URL from the browser"))
      .describe("the spreadsheet's id, or its URL from the browser"),
    sheet: z.string().min(1).optional().describe("the tab's name; without it the first tab, whatever its name"),
    row: z
      .record(z.string().trim().min(1), cell)
      .refine((row) => Object.keys(row).length > 0, "expected at least one column")
      .describe("column header → value; the headers stand in row 1"),
    key: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe(
        'a header of `row`: the row with this value is updated in place, only the columns named; null leaves a cell, "" clears it',
      ),
    valueInput: z
      .enum(["raw", "user-entered"])
      .default("raw")
      .describe("raw keeps values as they are; user-entered reads them as typed by a person: numbers, dates, formulas"),
    addMissingColumns: z
      .boolean()
      .default(false)
      .describe("adds unknown columns at the right end instead of refusing the row"),
  })
  .refine(({ row, key }) => key === undefined || Object.hasOwn(row, key), {
    path: ["key"],
    error: "expected one of the headers in `row`",
  });

export type Connection = z.output<typeof connection>;
export type Message = z.output<typeof message>;
export type Cell = z.output<typeof cell>;

function isOrigin(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { pathname, search, hash } = new URL(url);
  return pathname === "/" && search === "" && hash === "";
}
