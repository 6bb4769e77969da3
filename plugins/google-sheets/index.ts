import { defineSink, Misconfigured, type SinkFetch } from "cal-relay/sdk";
import { findings } from "./check.ts";
import { readServiceAccount } from "./credentials.ts";
import { keepAsText } from "./escape.ts";
import { loadGoogle, type Google } from "./google.ts";
import type { Guesses } from "./look.ts";
import * as options from "./options.ts";
import { preview } from "./preview.ts";
import { openSheets } from "./sheets.ts";
import { write } from "./write.ts";

/** A row of a Google spreadsheet: appended, or kept in step with its booking by a key. See README.md beside this file. */
export default defineSink({
  type: "google-sheets",
  title: "Google Sheets row",
  connection: options.connection,
  message: options.message,
  secrets: ["credentials"],
  // The quota is 60 readings and 60 writings a minute for a service account; a delivery is one of each.
  limits: { concurrency: 1, rate: "1/s" },
  keepsInStep: ({ spreadsheet, sheet, key, row }) =>
    key === undefined ? null : JSON.stringify([spreadsheet, sheet, key, row[key]]),
  escape: keepAsText,
  preview,

  async open(connection, host) {
    const load = async (): Promise<Google> => loadGoogle(connection, await readServiceAccount(connection.credentials));
    const guesses: Guesses = new Map();
    let google: Google | undefined = await load();

    /** Whoever mends what Google refuses may put another key into the file, so it is read again. */
    async function withGoogle<T>(work: (google: Google) => Promise<T>): Promise<T> {
      google ??= await load();
      try {
        return await work(google);
      } catch (error) {
        if (error instanceof Misconfigured) google = undefined;
        throw error;
      }
    }

    return {
      deliver: (message, delivery) =>
        withGoogle((opened) => {
          const sheets = openSheets(opened, delivery.fetch, message.spreadsheet);
          // Row numbers move when somebody writes between the look and the writing: within the relay nobody does.
          return host.serially(message.spreadsheet, delivery.signal, () => write(sheets, message, guesses));
        }),

      check: (message, signal) =>
        withGoogle(async (opened) => {
          const fetch: SinkFetch = (url, init) => host.fetch(url, { ...init, signal });
          await opened.token(fetch);
          return message === null ? [] : findings(openSheets(opened, fetch, message.spreadsheet), message);
        }),
    };
  },
});
