import { startGoogleSheets, type GoogleSheets } from "./google-sheets.ts";
import { startNotion, type NotionStandIn } from "./notion.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import { startSlack, type SlackChannel, type SlackStandIn } from "./slack.ts";

const SIGNING_SECRET = `whsec_${Buffer.from("an-example-signing-key-of-32-byt").toString("base64")}`;

export interface Vendors extends AsyncDisposable {
  readonly slack: SlackStandIn;
  readonly sheets: GoogleSheets;
  readonly notion: NotionStandIn;
  readonly receiver: Receiver;
  /** What the sinks below and the source need. */
  readonly env: Readonly<Record<string, string>>;
  /** Each sink's line of YAML, two spaces in. */
  readonly sinks: Readonly<Record<"slack" | "sheet" | "notion" | "webhook", string>>;
}

/** A stand-in of each vendor, and the sinks that write to them. */
export async function startVendors(channels: readonly SlackChannel[]): Promise<Vendors> {
  const [slack, sheets, notion, receiver] = await Promise.all([
    startSlack({ channels }),
    startGoogleSheets(),
    startNotion(),
    startReceiver(),
  ]);
  return {
    slack,
    sheets,
    notion,
    receiver,
    env: {
      CAL_WEBHOOK_SECRET: "e2e-secret",
      SLACK_BOT_TOKEN: slack.token,
      GOOGLE_CREDENTIALS: sheets.credentials,
      NOTION_TOKEN: notion.token,
      WEBHOOK_SIGNING_SECRET: SIGNING_SECRET,
    },
    sinks: {
      slack: `  slack: { type: slack, token: "\${SLACK_BOT_TOKEN}", apiUrl: "${slack.url}", rate: 1000/s }`,
      sheet: `  sheet: { type: google-sheets, credentials: "\${GOOGLE_CREDENTIALS}", apiUrl: "${sheets.url}", tokenUrl: "${sheets.tokenUrl}", rate: 1000/s }`,
      notion: `  notion: { type: notion, token: "\${NOTION_TOKEN}", apiUrl: "${notion.url}", rate: 1000/s }`,
      webhook: `  webhook: { type: webhook, url: "${receiver.url}/in", signingSecret: "\${WEBHOOK_SIGNING_SECRET}", allowPrivateNetwork: true }`,
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([slack.close(), sheets.close(), notion.close(), receiver.close()]);
    },
  };
}
