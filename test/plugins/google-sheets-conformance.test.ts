import { describe, test } from "vitest";
import { sinkConformance } from "cal-relay/sdk/testing";
import { z } from "zod";
import googleSheets from "../../plugins/google-sheets/index.ts";
import { openTokenDesk } from "../support/google-sheets-tokens.ts";
import { startGoogleSheets } from "../support/google-sheets.ts";

/** The same account that every stand-in of this process trusts. */
const { credentials } = openTokenDesk(60);
const { private_key: key } = z.object({ private_key: z.string() }).parse(JSON.parse(credentials));

sinkConformance(
  { describe, test },
  {
    plugin: googleSheets,
    async start() {
      const google = await startGoogleSheets();
      google.setRows("bookings", "Bookings", [["Booking", "Status"]]);
      return google;
    },
    connection: (url) => ({ credentials, apiUrl: url, tokenUrl: `${url}/token` }),
    message: (mark) => ({ spreadsheet: "bookings", sheet: "Bookings", row: { Booking: mark, Status: "ACCEPTED" } }),
    writes: ({ path }) => path.includes(":append") || path.includes(":batchUpdate"),
    // The key, the assertion that it signs, and the access tokens of the stand-in.
    canaries: ["PRIVATE KEY", key.slice(100, 140), "eyJ", "ya29."],
    statuses: {
      301: "misconfigured",
      302: "misconfigured",
      307: "misconfigured",
      308: "misconfigured",
      403: "misconfigured",
      404: "rejected",
    },
  },
);
