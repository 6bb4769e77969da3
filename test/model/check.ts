import assert from "node:assert/strict";
import {
  bookingsOf,
  compareRecency,
  finalRow,
  finalText,
  keysOf,
  showsNothing,
  type Booking,
  type Shown,
} from "./model.ts";
import type { Ended } from "./stage.ts";
import { SINKS, type Kept, type Message, type Standing } from "./standing.ts";

/** Throws where a sequence ended otherwise than the model says. */
export function check(ended: Ended): void {
  assert.deepEqual(ended.overlaps, [], "tries of one booking and sink ran at once");
  const firsts = ended.sent.filter(({ about }, at) => ended.sent.findIndex((one) => one.about === about) === at);
  const accepted = ended.accepted.map(({ fact }) => fact);
  assert.deepEqual(accepted, firsts, "not every event was accepted once, in the order of arrival");
  checkDeliveries(ended);
  const bookings = bookingsOf(ended.accepted);
  for (const booking of bookings) {
    if (keysOf(booking).size === 1) checkBooking(ended, booking);
    else checkUnited(ended, booking);
  }
  const keys = new Set(bookings.flatMap((booking) => [...keysOf(booking)]));
  const { rows, pages } = ended.standing;
  for (const { key } of [...rows, ...pages]) assert.ok(keys.has(key), `${key} is no booking's key`);
}

/** None is lost, and what was not delivered was superseded by something newer. */
function checkDeliveries({ accepted, deliveries }: Ended): void {
  for (const { event } of accepted) {
    const targets = new Set(deliveries.filter((one) => one.event === event).map(({ target }) => target));
    assert.equal(targets.size, SINKS.length, `${event} has not a delivery to each sink`);
  }
  for (const { id, event, sink, state, reason } of deliveries) {
    if (state === "delivered") continue;
    const [, by = ""] = /^superseded by (evt_\w+)$/.exec(reason ?? "") ?? [];
    const place = accepted.findIndex((one) => one.event === by);
    assert.ok(state === "skipped" && place !== -1, `${id} is ${state}: ${reason}`);
    assert.ok(["rows", "pages", "edited"].includes(sink), `${id} was superseded where nothing is kept in step`);
    const own = accepted.find((one) => one.event === event)?.fact;
    // A thin event shows what was known by then, so what is newer may be what came before it.
    const shown = accepted.slice(0, place + 1).filter(({ fact }) => fact.story === own?.story && fact.shows !== null);
    assert.ok(
      own && (own.shows === null || shown.some(({ fact }) => compareRecency(own, fact) < 0)),
      `${id} is the newest`,
    );
  }
}

/** A booking that was known to be one from its first event on. */
function checkBooking({ standing, tries, deliveries }: Ended, booking: Booking): void {
  const [key = ""] = keysOf(booking);
  const row = finalRow(booking);
  for (const kept of [standing.rows, standing.pages])
    assert.deepEqual(ofKey(kept, key), [{ key, ...row }], "the row is not the newest event's");
  assert.deepEqual(
    ofKey(standing.edited, key).map(({ text }) => text),
    [finalText(row)],
    "the edited message is not the newest event's",
  );

  const events = booking.map(({ event }) => event);
  const thread = ofKey(standing.threads, key);
  assert.deepEqual(
    thread.map(({ text }) => text),
    events,
    "the thread does not tell every event once, in order",
  );
  assert.deepEqual(
    thread.map(({ root }) => root),
    thread.map((_, at) => (at === 0 ? null : thread[0]?.id)),
    "the thread has several roots",
  );
  assert.deepEqual(firstsOf(linesOf(standing, events)), events, "the lines are not in the order of acceptance");
  assert.equal(deliveries.filter(({ event }) => events.includes(event)).length, events.length * SINKS.length);

  for (const at of SINKS.keys()) {
    const tried = tries.filter((one) => one.sink === at && events.includes(one.event));
    const order = tried.map(({ event }) => events.indexOf(event));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
      `tries at ${SINKS[at]} are not in the order of acceptance`,
    );
  }
}

/**
 * A booking whose events were accepted under several keys before one of them told. What the lost keys had made by then stays behind, and
 * what they had said of an absence with it; under the key that stays is what has to be there.
 */
function checkUnited({ standing }: Ended, booking: Booking): void {
  const keys = keysOf(booking);
  const key = booking.at(-1)?.key ?? "";
  const row = withoutAbsence(finalRow(booking));
  for (const kept of [standing.rows, standing.pages]) {
    assert.deepEqual(ofKey(kept, key).map(withoutAbsence), [row], "the row is not the newest event's");
    assert.ok(kept.filter((one) => keys.has(one.key)).length <= keys.size, "a key has several rows");
  }
  // A first message whose post was never seen to succeed may lie beside the one that a lost key handed over.
  const texts = ofKey(standing.edited, key).map(({ text }) => text);
  if (!booking.some((one) => showsNothing(booking, one)))
    assert.ok(texts.includes(finalText(finalRow(booking))), "the edited message is not the newest event's");
  const edited = standing.edited.filter((one) => keys.has(one.key));
  assert.ok(edited.length <= keys.size, "there are more edited messages than keys");

  const events = booking.map(({ event }) => event);
  const told = standing.threads.filter(({ text }) => events.includes(text));
  assert.deepEqual(firstsOf(told.map(({ text }) => text)).toSorted(), events.toSorted(), "not every event is told");
  assert.ok(told.filter(({ root }) => root === null).length <= keys.size, "there are more threads than keys");
  assert.deepEqual(firstsOf(linesOf(standing, events)).toSorted(), events.toSorted(), "not every event has a line");
}

function ofKey<One extends Kept | Message>(things: readonly One[], key: string): readonly One[] {
  return things.filter((one) => one.key === key);
}

function withoutAbsence({ status, start, location }: Shown): Omit<Shown, "absent"> {
  return { status, start, location };
}

function linesOf({ lines }: Standing, events: readonly string[]): readonly string[] {
  return lines.filter((event) => events.includes(event));
}

/** At least once is what is promised of a line: a repeat is no new one. */
function firstsOf(events: readonly string[]): readonly string[] {
  return [...new Set(events)];
}
