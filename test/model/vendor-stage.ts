import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { builtInSinks } from "../../plugins/index.ts";
import { startGoogleSheets, type GoogleSheets } from "../support/google-sheets.ts";
import { dataSource, startNotion, type NotionStandIn } from "../support/notion.ts";
import { startSlack, type SlackStandIn } from "../support/slack.ts";
import type { Misbehaviour, Received, StandIn } from "../../src/sdk/testing/stand-in.ts";
import { FAULTS, plans, type Fault, type Plan } from "./plan.ts";
import { play, type Stage } from "./stage.ts";
import type { Kept, Message, Standing } from "./standing.ts";
import { startWorld } from "./world.ts";

/** Without "hangs", which takes a whole time-out and tells no more than "unsure". */
const faults = FAULTS.filter((fault) => fault !== "hangs");
export const vendorPlans = plans({ sinks: 3, faults, bookings: 3, steps: 6 });

const view = `Status: "{{ booking.status }}", Start: "{{ booking.start }}"`;
const yaml = `
defaults: { retry: { first: 5ms, max: 20ms, for: 30d } }
sources: { cal: { signature: off } }
sinks:
  rows: { type: google-sheets, credentials: "\${CREDENTIALS}", apiUrl: "\${SHEETS_URL}", tokenUrl: "\${TOKEN_URL}", rate: 100000/s, timeout: 250ms }
  pages: { type: notion, token: "\${NOTION_TOKEN}", apiUrl: "\${NOTION_URL}", rate: 100000/s, timeout: 250ms }
  threads: { type: slack, token: "\${SLACK_TOKEN}", apiUrl: "\${SLACK_URL}", rate: 100000/s, timeout: 250ms }
  edited: { type: slack, token: "\${SLACK_TOKEN}", apiUrl: "\${SLACK_URL}", rate: 100000/s, timeout: 250ms }
  lines: { type: file, path: "\${FOLDER}/lines.jsonl" }
routes:
  - name: all
    on: "*"
    to:
      - { sink: rows, spreadsheet: bookings, key: Booking, row: { Booking: "{{ booking.key }}", ${view}, Location: "{{ booking.location }}", Absent: "{{ payload.attendees[0].noShow }}" } }
      - { sink: pages, dataSource: ${dataSource.bookings}, key: Booking, properties: { Name: "Booking", Booking: "{{ booking.key }}", ${view}, Notes: "{{ booking.location }}", Paid: "{{ payload.attendees[0].noShow }}" } }
      - { sink: threads, channel: C0000000001, onUpdate: thread, text: "{{ booking.key }} {{ event.id }}" }
      - { sink: edited, channel: C0000000002, onUpdate: edit, text: "{{ booking.key }} {{ booking.status }} {{ booking.start }} {{ booking.location }}" }
      - { sink: lines, line: "{{ event.id }}" }
`;

interface Vendors {
  readonly slack: SlackStandIn;
  readonly sheets: GoogleSheets;
  readonly notion: NotionStandIn;
}

/** Google Sheets, Notion, Slack and a file, by their plugins and the vendors' own SDKs, before stand-ins that misbehave. */
export async function openVendorStage(): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const [slack, sheets, notion] = await Promise.all([startSlack(), startGoogleSheets(), startNotion()]);
  for (const vendor of [slack, sheets, notion]) opened.defer(() => vendor.close());
  sheets.setRows("bookings", "Bookings", [["Booking", "Status", "Start", "Location", "Absent"]]);
  const vendors = { slack, sheets, notion };
  const world = opened.use(
    await startWorld(yaml, builtInSinks, {
      SLACK_TOKEN: slack.token,
      SLACK_URL: slack.url,
      CREDENTIALS: sheets.credentials,
      SHEETS_URL: sheets.url,
      TOKEN_URL: sheets.tokenUrl,
      NOTION_TOKEN: notion.token,
      NOTION_URL: notion.url,
    }),
  );
  let count = 0;

  const held = opened.move();
  return {
    async run(plan) {
      const name = `sequence${(count += 1)}`;
      const isStill = (): boolean => name === `sequence${count}`;
      const injected = misbehave(vendors, plan, isStill);
      const played = await play(world, plan, name);
      const standing = standingIn(vendors, join(world.folder, "lines.jsonl"), name);
      return { ...played, standing, tries: [], overlaps: [], injected: injected() };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

interface Refusal {
  readonly status: number;
  readonly body: string;
}

/** What a plan says of its first three sinks goes wrong with their next requests to write. Returns how many of them have come so far. */
function misbehave({ slack, sheets, notion }: Vendors, plan: Plan, isStill: () => boolean): () => number {
  let met = 0;
  const vendors: readonly (readonly [StandIn, isWrite: (request: Received) => boolean, Refusal])[] = [
    [sheets, ({ method, path }) => path.startsWith("/v4/") && method !== "GET", sheetNotShared],
    [notion, ({ method, path }) => method !== "GET" && !path.endsWith("/query"), notionUnauthorized],
    [slack, ({ path }) => path.startsWith("/api/chat."), slackTokenRevoked],
  ];
  for (const [at, [vendor, isWrite, refusal]] of vendors.entries())
    for (const fault of plan.flatMap((story) => story.faults[at] ?? []))
      vendor.misbehave(misbehaviourOf(fault, refusal), (request) => {
        const isMet = isStill() && isWrite(request);
        if (isMet) met += 1;
        return isMet;
      });
  return () => met;
}

const sheetNotShared: Refusal = {
  status: 403,
  body: JSON.stringify({ error: { code: 403, status: "PERMISSION_DENIED", message: "" } }),
};
const notionUnauthorized: Refusal = {
  status: 401,
  body: JSON.stringify({ object: "error", status: 401, code: "unauthorized", message: "", request_id: "" }),
};
const slackTokenRevoked: Refusal = { status: 200, body: JSON.stringify({ ok: false, error: "token_revoked" }) };

function misbehaviourOf(fault: Fault, refusal: Refusal): Misbehaviour {
  switch (fault) {
    case "down":
      return { kind: "answer", status: 503 };
    case "unsure":
      return { kind: "reset" };
    case "done, unsure":
      return { kind: "reset-after" };
    case "rate-limited":
      return { kind: "answer", status: 429, headers: { "retry-after": "1" } };
    case "misconfigured":
      return { kind: "answer", ...refusal };
    case "hangs":
      return { kind: "hang" };
    case "done, hangs":
      return { kind: "hang-after" };
    case "defect":
      return { kind: "answer", status: 500 };
    case "done, defect":
      return { kind: "truncate" };
  }
}

/** What of a sequence stands at the vendors. */
function standingIn({ slack, sheets, notion }: Vendors, lines: string, name: string): Standing {
  const isOwn = ({ key }: { readonly key: string }): boolean => key.startsWith(`${name}booking`);
  const rows = sheets.rows("bookings", "Bookings").map(([key, status, start, location, absent]): Kept => ({
    key: textOf(key) ?? "",
    status: textOf(status),
    start: textOf(start),
    location: textOf(location),
    absent: typeof absent === "boolean" ? absent : null,
  }));
  const pages = notion.pages(dataSource.bookings).map(({ values }): Kept => {
    const { Booking, Status, Start, Notes, Paid } = values;
    return {
      key: textOf(Booking) ?? "",
      status: textOf(Status),
      start: textOf(Start),
      location: textOf(Notes),
      absent: typeof Paid === "boolean" ? Paid : null,
    };
  });
  const written = existsSync(lines) ? readFileSync(lines, "utf8").trimEnd().split("\n") : [];
  return {
    rows: rows.filter(isOwn),
    pages: pages.filter(isOwn),
    threads: messagesIn(slack, "C0000000001").filter(isOwn),
    edited: messagesIn(slack, "C0000000002").filter(isOwn),
    lines: written.map((line) => z.string().parse(JSON.parse(line))),
  };
}

function messagesIn(slack: SlackStandIn, channel: string): readonly Message[] {
  return slack.messages(channel).map(({ ts, text, thread_ts }) => {
    const [, key = "", rest = ""] = /^(\S*) (.*)$/.exec(text) ?? [];
    return { id: ts, key, text: rest, root: thread_ts ?? null };
  });
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
