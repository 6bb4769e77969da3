import type { SinkFetch } from "cal-relay/sdk";
import { z } from "zod";
import { classify, statusOf, wrongShape, type Step } from "./classify.ts";
import type { Api, Google } from "./google.ts";
import type { Cell } from "./options.ts";

/** One spreadsheet, for one delivery or one check. Each call is one request, and throws one of the four failures. */
export interface Sheets {
  /** The cells of each range, as numbers, booleans and texts. Trailing empty rows and cells are left out. */
  read(ranges: readonly string[]): Promise<readonly Rows[]>;
  /** Writes all blocks or none; null leaves a cell as it is. Resolves to the ranges that were written. */
  update(blocks: readonly Block[], input: Input): Promise<readonly string[]>;
  /** Inserts a row below the table that begins in the block's range. Resolves to the range that was written. */
  append(block: Block, input: Input): Promise<string>;
  /** The names of the tabs, from the left. */
  tabs(): Promise<readonly string[]>;
}

export type Rows = readonly (readonly (string | number | boolean)[])[];
/** https://developers.google.com/workspace/sheets/api/reference/rest/v4/ValueInputOption */
export type Input = "RAW" | "USER_ENTERED";

/** Cells side by side. */
export interface Block {
  readonly range: string;
  readonly cells: readonly Cell[];
}

const values = z.array(z.array(z.union([z.string(), z.number(), z.boolean()]))).default([]);
const readAnswer = z.object({ valueRanges: z.array(z.object({ values })) });
const updateAnswer = z.object({ responses: z.array(z.object({ updatedRange: z.string() })) });
const appendAnswer = z.object({ updates: z.object({ updatedRange: z.string() }) });
const tabsAnswer = z.object({ sheets: z.array(z.object({ properties: z.object({ title: z.string() }) })) });

export function openSheets(google: Google, fetch: SinkFetch, spreadsheetId: string): Sheets {
  async function call<Answer>(step: Step, answer: z.ZodType<Answer>, request: Request): Promise<Answer> {
    const parsed = answer.safeParse(await send(google, fetch, step, request));
    if (parsed.success) return parsed.data;
    throw wrongShape(step);
  }

  return {
    async read(ranges) {
      const asked = { spreadsheetId, ranges: [...ranges], valueRenderOption: "UNFORMATTED_VALUE" };
      const { valueRanges } = await call("read", readAnswer, (api) => api.values.batchGet(asked));
      if (valueRanges.length !== ranges.length) throw wrongShape("read");
      return valueRanges.map((one) => one.values);
    },

    async update(blocks, input) {
      const data = blocks.map(({ range, cells }) => ({ range, values: [[...cells]] }));
      const asked = { spreadsheetId, requestBody: { valueInputOption: input, data } };
      const { responses } = await call("write", updateAnswer, (api) => api.values.batchUpdate(asked));
      return responses.map(({ updatedRange }) => updatedRange);
    },

    async append({ range, cells }, input) {
      const requestBody = { values: [[...cells]] };
      const how = { valueInputOption: input, insertDataOption: "INSERT_ROWS" };
      const { updates } = await call("write", appendAnswer, (api) =>
        api.values.append({ spreadsheetId, range, ...how, requestBody }),
      );
      return updates.updatedRange;
    },

    async tabs() {
      const asked = { spreadsheetId, fields: "sheets.properties.title" };
      const { sheets } = await call("read", tabsAnswer, (api) => api.get(asked));
      return sheets.map(({ properties }) => properties.title);
    },
  };
}

type Request = (api: Api) => Promise<{ data: unknown }>;

/**
 * A token that is refused may have been revoked: it is forgotten, and a reading, with which every try begins, is repeated once with a new
 * one. A writing never is: one try writes once.
 */
async function send(
  google: Google,
  fetch: SinkFetch,
  step: Step,
  request: Request,
  renew = step === "read",
): Promise<unknown> {
  const token = await google.token(fetch);
  try {
    return (await request(google.api(fetch, token))).data;
  } catch (error) {
    const refused = statusOf(error) === 401;
    if (refused) google.forget(token);
    if (refused && renew) return send(google, fetch, step, request, false);
    throw classify(error, step, google.email);
  }
}
