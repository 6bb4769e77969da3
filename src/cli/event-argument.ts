import type { Command } from "commander";
import { eventAfter } from "../cal/event.ts";
import { readBody } from "../cal/read.ts";
import { sample, sampleEvent, sampleNames } from "../cal/samples.ts";
import { NEVER_SENT } from "../cal/triggers.ts";
import type { Config } from "../config/config.ts";
import type { Event } from "../event.ts";
import type { Delivery, StoredEvent } from "../ledger/ledger.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { isFile, readBytes } from "./files.ts";
import { besideRelay, command, stop, type CommonOptions } from "./io.ts";

export interface EventOptions extends CommonOptions {
  readonly source?: string;
}

/** What EVENT named. */
export interface GivenEvent {
  readonly event: Event;
  /** The bytes as they would be posted. */
  readonly body: Uint8Array;
  /** What is on record of it; null for a sample or a file. */
  readonly stored: (StoredEvent & { readonly deliveries: readonly Delivery[] }) | null;
}

/** A command on one event, with the options that go with it. */
export function eventCommand(usage: string, description: string): Command {
  return command(usage, description)
    .argument(
      "<event>",
      "a trigger, another bundled sample, a file with a body as Cal.com posts it, or the id of a stored event",
    )
    .option("--source <name>", "where a sample or a file comes from (default: the first source)");
}

/** The event that was named: a bundled sample, a file, or a stored one. Stops where there is none. */
export async function requireEvent(
  self: Command,
  what: string,
  config: Config,
  { source: named }: EventOptions,
): Promise<GivenEvent> {
  const source = named ?? config.sources[0]?.name ?? stop("the configuration has no source");
  if (sampleNames.includes(what))
    return { event: sampleEvent(what, source), body: Buffer.from(sample(what)), stored: null };
  if (isFile(what)) return fileEvent(what, source);
  if (!what.startsWith("evt_")) return stop(unknownEvent(what));
  if (named !== undefined) self.error("--source is for samples and files: a stored event has its own");
  return storedEvent(what, config);
}

/** As the relay reads a body, received when it was sent. */
function fileEvent(path: string, source: string): GivenEvent {
  const body = readBytes(path);
  const text = new TextDecoder().decode(body);
  const arrived = { id: "evt_example", source, receivedAt: new Date().toISOString(), body: text };
  const event = eventAfter([], readBody(text), arrived);
  return { event: { ...event, receivedAt: event.createdAt }, body, stored: null };
}

function storedEvent(id: string, config: Config): Promise<GivenEvent> {
  return besideRelay(config, async (ledger) => {
    const stored = (await ledger.event(id)) ?? stop(`no event ${id}; \`cal-relay events\` lists those that are kept`);
    const deliveries = await ledger.deliveries({ event: id, limit: 1000 });
    return { event: stored.event, body: Buffer.from(stored.event.body), stored: { ...stored, deliveries } };
  });
}

function unknownEvent(what: string): string {
  const instead = Object.hasOwn(NEVER_SENT, what) ? `; ${NEVER_SENT[what]}` : didYouMean(what, sampleNames);
  if (instead === "" && LIKE_A_FILE.test(what)) return `there is no file ${what}`;
  return `"${what}" is no bundled sample, no file and no id of a stored event (evt_…)${instead}\n${inLines(sampleNames)}`;
}

const LIKE_A_FILE = /[/\\]|\.(json|txt)$/;

/** Words one after the other, in lines of a terminal's width. */
function inLines(words: readonly string[]): string {
  const lines: string[] = ["  samples:"];
  for (const word of words) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length <= 100) lines[lines.length - 1] = line;
    else lines.push(`    ${word}`);
  }
  return lines.join("\n");
}
