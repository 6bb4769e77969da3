import type { SinkPlugin } from "cal-relay/sdk";
import file from "./file/index.ts";
import googleSheets from "./google-sheets/index.ts";
import notion from "./notion/index.ts";
import slack from "./slack/index.ts";
import webhook from "./webhook/index.ts";

/** The sinks that come with the relay. Each loads its vendor's SDK only when one is opened. */
export const builtInSinks: readonly SinkPlugin[] = [slack, googleSheets, notion, webhook, file];
