import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startGoogleSheets, type GoogleSheets } from "./google-sheets.ts";
import { startNotion, type NotionStandIn } from "./notion.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import { startSlack, type SlackStandIn } from "./slack.ts";
import { tempFolder } from "./temp.ts";

export const SPREADSHEET = "spreadsheet-of-bookings";
export const SIGNING_SECRET = `whsec_${Buffer.from("an-example-signing-key-of-32-byt").toString("base64")}`;

export interface Everything {
  /** Holds the configuration; the program's working directory. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly slack: SlackStandIn;
  readonly sheets: GoogleSheets;
  readonly notion: NotionStandIn;
  readonly receiver: Receiver;
}

/** Every built-in sink, pointed at a stand-in of its vendor, and a route of every event to each of them. */
export async function everything(): Promise<Everything> {
  const slack = await startSlack({ channels: [{ id: "C0000000001", name: "bookings" }] });
  const sheets = await startGoogleSheets();
  sheets.setRows(SPREADSHEET, "Bookings", []);
  const notion = await startNotion();
  const receiver = await startReceiver();
  onTestFinished(async () => {
    await Promise.all([slack.close(), sheets.close(), notion.close(), receiver.close()]);
  });
  const folder = tempFolder();
  writeFileSync(join(folder, "relay.config.yaml"), configuration(slack, sheets, notion, receiver));
  const env = {
    CAL_WEBHOOK_SECRET: "e2e-secret",
    SLACK_BOT_TOKEN: slack.token,
    GOOGLE_CREDENTIALS: sheets.credentials,
    NOTION_TOKEN: notion.token,
    WEBHOOK_SIGNING_SECRET: SIGNING_SECRET,
  };
  return { folder, env, slack, sheets, notion, receiver };
}

function configuration(slack: SlackStandIn, sheets: GoogleSheets, notion: NotionStandIn, receiver: Receiver): string {
  return `
server: { host: 127.0.0.1, port: 0, shutdownGrace: 5s }
storage: sqlite:./relay.db
defaults: { retry: { first: 50ms, max: 500ms, for: 1h } }
sources:
  cal: { secret: "\${CAL_WEBHOOK_SECRET}" }
sinks:
  slack: { type: slack, token: "\${SLACK_BOT_TOKEN}", apiUrl: "${slack.url}", rate: 1000/s }
  sheet:
    { type: google-sheets, credentials: "\${GOOGLE_CREDENTIALS}", apiUrl: "${sheets.url}", tokenUrl: "${sheets.tokenUrl}", rate: 1000/s }
  notion: { type: notion, token: "\${NOTION_TOKEN}", apiUrl: "${notion.url}", rate: 1000/s }
  webhook: { type: webhook, url: "${receiver.url}/in", signingSecret: "\${WEBHOOK_SIGNING_SECRET}", allowPrivateNetwork: true }
  archive: { type: file, path: ./events.jsonl }
routes:
  - name: everything
    on: "*"
    to:
      - sink: slack
        channel: "#bookings"
        onUpdate: thread
        text: "*{{ booking.title | default: trigger }}* {{ booking.status }} {{ booking.start | local: booking.organizer }}"
      - sink: sheet
        spreadsheet: ${SPREADSHEET}
        sheet: Bookings
        key: Booking
        row: { Booking: "{{ booking.key }}", Status: "{{ booking.status }}", Start: "{{ booking.start }}", Guest: "{{ booking.attendee.email }}" }
      - sink: notion
        database: ${notion.database.bookings}
        key: Booking
        properties: { Name: "{{ booking.title | default: trigger }}", Booking: "{{ booking.key }}", Start: "{{ booking.start }}", Guest: "{{ booking.attendee.email }}" }
      - sink: webhook
        body: { trigger: "{{ trigger }}", event: "{{ event.id }}", booking: "{{ booking }}" }
      - sink: archive
        line: { event: "{{ event.id }}", trigger: "{{ trigger }}" }
`;
}
