import { defineSink, isSinkFailure, Unavailable, type SinkFetch } from "cal-relay/sdk";
import { asFindings, findings } from "./check.ts";
import { readServiceAccount } from "./credentials.ts";
import { keepAsText } from "./escape.ts";
import { loadGoogle } from "./google.ts";
import type { Guesses } from "./look.ts";
import * as options from "./options.ts";
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
  escape: keepAsText,

  async open(connection, host) {
    const google = await loadGoogle(connection, await readServiceAccount(connection.credentials));
    const guesses: Guesses = new Map();

    return {
      async deliver(message, delivery) {
        const sheets = openSheets(google, delivery.fetch, message.spreadsheet);
        try {
          // Row numbers move when somebody writes between the look and the writing: within the relay nobody does.
          return await host.serially(message.spreadsheet, delivery.signal, () => write(sheets, message, guesses));
        } catch (error) {
          if (isSinkFailure(error) || !delivery.signal.aborted) throw error;
          throw new Unavailable("the spreadsheet was busy with other deliveries until the deadline", { cause: error });
        }
      },

      async check(message, signal) {
        const fetch: SinkFetch = (url, init) => host.fetch(url, { ...init, signal });
        try {
          await google.token(fetch);
          return message === null ? [] : await findings(openSheets(google, fetch, message.spreadsheet), message);
        } catch (error) {
          return asFindings(error);
        }
      },
    };
  },
});
