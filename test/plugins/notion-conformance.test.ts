import { describe, test } from "vitest";
import { sinkConformance } from "cal-relay/sdk/testing";
import notion from "../../plugins/notion/index.ts";
import { dataSource, startNotion } from "../support/notion.ts";
import { isCreate } from "./notion-bench.ts";

const TOKEN = "ntn_canaryToken0000";

sinkConformance(
  { describe, test },
  {
    plugin: notion,
    start: () => startNotion({ token: TOKEN }),
    connection: (url) => ({ token: TOKEN, apiUrl: url }),
    message: (mark) => ({
      dataSource: dataSource.bookings,
      key: "Booking",
      properties: { Booking: mark, Name: "Intro call" },
      content: "See you soon",
    }),
    canaries: [TOKEN],
    writes: isCreate,
    // Redirects, 401 and 403 are for a person to mend; 404 is this database, or a page, and not the whole sink.
    statuses: {
      301: "misconfigured",
      302: "misconfigured",
      307: "misconfigured",
      308: "misconfigured",
      401: "misconfigured",
      403: "misconfigured",
      404: "rejected",
    },
  },
);
