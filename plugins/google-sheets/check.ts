import { headerProblems, look } from "./look.ts";
import type { Message } from "./options.ts";
import type { Sheets } from "./sheets.ts";

/** What stands in the way of a target: each with what to do. Changes nothing. */
export async function findings(sheets: Sheets, message: Message): Promise<readonly string[]> {
  const tabs = await sheets.tabs();
  const { sheet, row, addMissingColumns } = message;
  if (sheet !== undefined && !tabs.includes(sheet))
    return [`sheet: there is no tab "${sheet}"; expected one of ${tabs.map((tab) => `"${tab}"`).join(", ")}`];
  const { header } = await look(sheets, { ...message, key: undefined }, undefined, new Map());
  return headerProblems(header, Object.keys(row), header.length === 0 || addMissingColumns).map((one) => `row: ${one}`);
}
