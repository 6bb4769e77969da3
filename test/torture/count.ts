import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { SlackMessage } from "../support/slack.ts";
import { CHANNELS, SPREADSHEET, type Arena } from "./arena.ts";
import { BOOKINGS, uidOf } from "./webhooks.ts";

export interface TargetCount {
  readonly target: string;
  /** Acknowledged events that are not there; bookings that do not show their newest state, where only that one is kept. */
  readonly lost: number;
  readonly there: number;
  readonly duplicates: number;
  /** Whether no duplicates are promised. */
  readonly isPromised: boolean;
}

/** What stands at a target: of which event or booking, and what it is counted by. */
interface Thing {
  readonly of: string;
  readonly countedBy: string;
}

/** Looks at every target for what was acknowledged, and for what is there twice. */
export function countTargets(arena: Arena, acknowledged: readonly string[], newest: number): readonly TargetCount[] {
  const events: Count = (target, isPromised, things) => count(target, isPromised, things, acknowledged);
  const { lines, vendors, equipment } = arena;
  const requests = vendors.receiver.received().map(({ id, body }) => ({ id, ...line.parse(JSON.parse(body)) }));
  const webhooks = [...new Map(requests.map((request) => [request.id, request])).values()];
  return [
    events("file: lines", false, readLines(lines.file).map(byEvent)),
    events("own sink: lines, looked for when told to", true, readLines(lines.own).map(byEvent)),
    events("webhook: requests", false, requests.map(byEvent)),
    events("webhook: by webhook-id", true, webhooks.map(byEvent)),
    ...(equipment === "full" ? countVendors(arena, events, newestStates(newest)) : []),
  ];
}

type Count = (target: string, isPromised: boolean, things: readonly Thing[]) => TargetCount;

function countVendors({ vendors }: Arena, events: Count, states: readonly string[]): TargetCount[] {
  const { sheets, notion, slack } = vendors;
  const [, ...keyed] = sheets.rows(SPREADSHEET, "Keyed");
  const [, ...rows] = sheets.rows(SPREADSHEET, "Log");
  const pages = notion.pages(notion.dataSource.bookings).map(({ values }) => [values["Booking"], values["Minutes"]]);
  const logged = notion.pages(notion.dataSource.rooms).map(({ values }) => values["Name"]);
  const messages = slack.messages(CHANNELS.message).map(({ text }) => text);
  const edited = slack.messages(CHANNELS.edit).map(({ text }) => text.split(" "));

  const bookings = (target: string, seen: readonly (readonly unknown[])[]): TargetCount =>
    count(target, true, seen.map(byBooking), states);
  return [
    bookings("sheets: rows with a key", keyed),
    events(
      "sheets: rows",
      false,
      rows.map(([event]) => byEvent({ event })),
    ),
    bookings("notion: pages with a key", pages),
    events(
      "notion: pages",
      false,
      logged.map((event) => byEvent({ event })),
    ),
    events(
      "slack: messages",
      true,
      messages.map((event) => byEvent({ event })),
    ),
    events("slack: threads", true, slack.messages(CHANNELS.thread).map(inThread)),
    bookings("slack: edited messages", edited),
  ];
}

function count(
  target: string,
  isPromised: boolean,
  things: readonly Thing[],
  expected: readonly string[],
): TargetCount {
  const known = new Set(things.map(({ of }) => of));
  const distinct = new Set(things.map(({ countedBy }) => countedBy));
  return {
    target,
    isPromised,
    there: things.length,
    lost: expected.filter((one) => !known.has(one)).length,
    duplicates: things.length - distinct.size,
  };
}

const line = z.object({ event: z.string() });

/** The lines of a sink that writes each event to a file; none where it has not begun. */
export function readLines(file: string): { event: string }[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((text) => line.parse(JSON.parse(text)));
}

function byEvent({ event }: { readonly event: unknown }): Thing {
  return { of: String(event), countedBy: String(event) };
}

function byBooking([booking, sequence]: readonly unknown[]): Thing {
  return { of: `${String(booking)} ${String(sequence)}`, countedBy: String(booking) };
}

/** A booking has one first message, and each later event one reply. */
function inThread({ text, thread_ts: parent }: SlackMessage): Thing {
  const [event = "", booking = ""] = text.split(" ");
  return { of: event, countedBy: parent === undefined ? booking : event };
}

/** The last state of each booking: all webhooks made up were accepted in the end. */
function newestStates(newest: number): string[] {
  const numbers = Array.from({ length: Math.min(BOOKINGS, newest) }, (_, back) => newest - back);
  return numbers.map((number) => `${uidOf(number)} ${number}`);
}
