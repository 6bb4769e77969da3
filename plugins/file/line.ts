import type { SinkEvent } from "cal-relay/sdk";
import type { Message } from "./options.ts";

/** What is written, without its line feed. */
export function lineOf({ line }: Message, event: SinkEvent): string {
  return JSON.stringify(line === undefined ? everythingOf(event) : line);
}

function everythingOf(event: SinkEvent): object {
  const { id, source, trigger, createdAt, receivedAt, booking, answers, payload } = event;
  return { id, source, trigger, createdAt, receivedAt, booking, answers, payload };
}
