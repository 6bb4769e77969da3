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
  const { sheets, notion, receiver, slack } = arena.vendors;
  const states = newestStates(newest);
  const requests = receiver.received().map(({ id, body }) => ({ id, event: line.parse(JSON.parse(body)).event }));
  const webhooks = [...new Map(requests.map((request) => [request.id, request])).values()];
  const [, ...keyedRows] = sheets.rows(SPREADSHEET, "Keyed");
  const [, ...rows] = sheets.rows(SPREADSHEET, "Log");
  const keyedPages = notion.pages(notion.dataSource.bookings).map(({ values }) => values);
  const pages = notion.pages(notion.dataSource.rooms).map(({ values }) => values);

  const events = (target: string, isPromised: boolean, things: readonly Thing[]): TargetCount =>
    count(target, isPromised, things, acknowledged);
  const bookings = (target: string, seen: readonly (readonly unknown[])[]): TargetCount =>
    count(
      target,
      true,
      seen.map(([booking, sequence]) => ({ of: `${String(booking)} ${String(sequence)}`, countedBy: String(booking) })),
      states,
    );

  return [
    events("file: lines", false, linesOf(arena.lines.file).map(byEvent)),
    events("own sink: lines, looked for when told to", true, linesOf(arena.lines.own).map(byEvent)),
    events("webhook: requests", false, requests.map(byEvent)),
    events("webhook: by webhook-id", true, webhooks.map(byEvent)),
    bookings("sheets: rows with a key", keyedRows),
    events(
      "sheets: rows",
      false,
      rows.map(([event]) => byEvent({ event: z.string().parse(event) })),
    ),
    bookings(
      "notion: pages with a key",
      keyedPages.map((page) => [page["Booking"], page["Minutes"]]),
    ),
    events(
      "notion: pages",
      false,
      pages.map((page) => byEvent({ event: z.string().parse(page["Name"]) })),
    ),
    events(
      "slack: messages",
      true,
      slack.messages(CHANNELS.message).map(({ text }) => byEvent({ event: text })),
    ),
    events("slack: threads", true, slack.messages(CHANNELS.thread).map(inThread)),
    bookings(
      "slack: edited messages",
      slack.messages(CHANNELS.edit).map(({ text }) => text.split(" ")),
    ),
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

function linesOf(file: string): { event: string }[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((text) => line.parse(JSON.parse(text)));
}

function byEvent({ event }: { event: string }): Thing {
  return { of: event, countedBy: event };
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
