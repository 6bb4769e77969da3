import type { Fact } from "./webhooks.ts";

// What has to stand in the sinks in the end, told from the accepted events alone.

export interface Accepted {
  readonly event: string;
  /** The key it was accepted under. */
  readonly key: string;
  readonly fact: Fact;
}

/** What everybody who reads the events knows to be one booking, in the order of acceptance. */
export type Booking = readonly Accepted[];

export interface Shown {
  readonly status: string | null;
  readonly start: string | null;
  readonly location: string | null;
  readonly absent: boolean | null;
}

/** Two events are of one booking where they name a uid in common, or each one in common with a third. */
export function bookingsOf(accepted: readonly Accepted[]): readonly Booking[] {
  let groups: { uids: Set<string>; events: Accepted[] }[] = [];
  for (const one of accepted) {
    const uids = uidsOf(one.fact);
    const related = groups.filter((group) => uids.some((uid) => group.uids.has(uid)));
    const joined = {
      uids: new Set([...uids, ...related.flatMap((group) => [...group.uids])]),
      events: [...related.flatMap(({ events }) => events), one],
    };
    groups = [...groups.filter((group) => !related.includes(group)), joined];
  }
  return groups.map(({ events }) => accepted.filter((one) => events.includes(one)));
}

function uidsOf({ uid, previousUid, rootUid }: Fact): string[] {
  return [uid, previousUid, rootUid].filter((one) => one !== null);
}

/** A row in step with its booking: the newest event's view; who is absent, as the last event to speak of it says. */
export function finalRow(booking: Booking): Shown {
  const newest = booking
    .map(({ fact }) => fact)
    .filter(({ shows }) => shows !== null)
    .toSorted(compareRecency)
    .at(-1);
  const { status = null, start = null, location = null } = newest?.shows ?? {};
  const absent = booking.findLast(({ fact }) => fact.isAbsent !== null)?.fact.isAbsent ?? null;
  return { status, start, location, absent };
}

export function finalText({ status, start, location }: Shown): string {
  return [status, start, location].map((one) => one ?? "").join(" ");
}

/** Negative where `a` is the older view of a booking. */
export function compareRecency(a: Fact, b: Fact): number {
  return (a.sequence ?? 0) - (b.sequence ?? 0) || Date.parse(a.at) - Date.parse(b.at);
}

/** Every key that the booking's events were accepted under: more than one where it showed late that they are one booking's. */
export function keysOf(booking: Booking): ReadonlySet<string> {
  return new Set(booking.map(({ key }) => key));
}

/** A thin event that came when nothing was known under its key: it has nothing to show. */
export function showsNothing(booking: Booking, one: Accepted): boolean {
  const before = booking.slice(0, booking.indexOf(one));
  return one.fact.shows === null && !before.some(({ key, fact }) => key === one.key && fact.shows !== null);
}
