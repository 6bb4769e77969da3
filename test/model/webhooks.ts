import type { Plan, Step, Story } from "./plan.ts";

/** What one webhook says, besides its body. Null where it does not say. */
export interface Fact {
  /** Which booking of the plan. */
  readonly story: number;
  readonly uid: string;
  readonly previousUid: string | null;
  readonly rootUid: string | null;
  readonly sequence: number | null;
  readonly at: string;
  /** Null in a thin event, which speaks of nothing but somebody's absence. */
  readonly shows: { readonly status: string; readonly start: string; readonly location: string } | null;
  readonly isAbsent: boolean | null;
  /** Equal for two that tell of the same: of these the one that comes first is accepted. */
  readonly about: string;
  readonly body: string;
}

export interface Sending {
  readonly fact: Fact;
  readonly pause: Step["pause"];
}

/** The webhooks of a plan in the order in which they arrive; `name` makes its bookings different from those of other plans. Pure. */
export function sendings(plan: Plan, name: string): readonly Sending[] {
  return plan
    .flatMap((story, index) =>
      factsOf(story, index, `${name}booking${index}`).flatMap((fact, place) => {
        const { isLost = true, late = [], pause = "none" } = story.steps[place] ?? {};
        return isLost ? [] : late.map((delay) => ({ position: place + delay, sending: { fact, pause } }));
      }),
    )
    .toSorted((a, b) => a.position - b.position)
    .map(({ sending }) => sending);
}

/** Which booking of its plan a body made here is of. */
export function storyOf(body: string): number {
  return Number(/booking(\d+)row/.exec(body)?.[1]);
}

/** Where a booking is when something happens to it. */
interface Row {
  readonly number: number;
  readonly sequence: number;
  readonly status: string;
  readonly hour: number;
  readonly location: string;
}

function factsOf({ steps, namesRoot, isNumbered }: Story, story: number, name: string): readonly Fact[] {
  const uidOf = (number: number): string => `${name}row${number}`;
  let row: Row = { number: 0, sequence: 0, status: "ACCEPTED", hour: 0, location: "integrations:daily" };
  return steps.map(({ kind }, place): Fact => {
    row = after(row, kind, place);
    const names = {
      uid: uidOf(row.number),
      previousUid: kind === "moved" ? uidOf(row.number - 1) : null,
      rootUid: namesRoot && !isThin(kind) ? uidOf(0) : null,
    };
    const start = new Date(Date.UTC(2026, 5, 1, row.hour)).toISOString();
    const fact = {
      story,
      ...names,
      sequence: isNumbered && !isThin(kind) ? row.sequence : null,
      at: new Date(Date.UTC(2026, 4, 1, 9, place)).toISOString(),
      shows: isThin(kind) ? null : { status: row.status, start, location: row.location },
      isAbsent: isThin(kind) ? kind === "absent" : null,
      about: isOnce(kind)
        ? [TRIGGERS[kind], names.uid, row.status, isNumbered && row.sequence].join()
        : `${name} ${place}`,
    };
    return { ...fact, body: bodyOf(kind, fact) };
  });
}

function after(row: Row, kind: Step["kind"], place: number): Row {
  const sequence = row.sequence + 1;
  switch (kind) {
    case "requested":
      return { ...row, status: "PENDING" };
    case "created":
    case "confirmed":
    case "paid":
      return { ...row, status: "ACCEPTED" };
    case "moved":
      return { ...row, sequence, number: row.number + 1, status: "ACCEPTED", hour: row.hour + 1 };
    case "relocated":
      return { ...row, sequence, location: `https://meet.example.com/room${place}` };
    case "cancelled":
      return { ...row, sequence, status: "CANCELLED" };
    case "absent":
    case "present":
      return row;
  }
}

/** What is told once for a row in this state, and each time for all else. */
function isOnce(kind: Step["kind"]): boolean {
  return ["requested", "created", "confirmed", "cancelled"].includes(kind);
}

function isThin(kind: Step["kind"]): boolean {
  return kind === "absent" || kind === "present";
}

const TRIGGERS: Readonly<Record<Step["kind"], string>> = {
  requested: "BOOKING_REQUESTED",
  created: "BOOKING_CREATED",
  confirmed: "BOOKING_CREATED",
  paid: "BOOKING_PAID",
  moved: "BOOKING_RESCHEDULED",
  relocated: "BOOKING_LOCATION_UPDATED",
  cancelled: "BOOKING_CANCELLED",
  absent: "BOOKING_NO_SHOW_UPDATED",
  present: "BOOKING_NO_SHOW_UPDATED",
};

function bodyOf(kind: Step["kind"], fact: Omit<Fact, "body">): string {
  const { uid, previousUid, rootUid, sequence, shows, isAbsent } = fact;
  const email = "ada@example.org";
  const payload =
    shows === null
      ? { bookingUid: uid, attendees: [{ email, noShow: isAbsent }] }
      : {
          uid,
          title: "Garden visit",
          status: shows.status,
          startTime: shows.start,
          endTime: new Date(Date.parse(shows.start) + 1_800_000).toISOString(),
          location: shows.location,
          attendees: [{ name: "Ada", email, timeZone: "UTC", language: { locale: "en" } }],
          ...(previousUid !== null && { rescheduleUid: previousUid }),
          ...(rootUid !== null && { iCalUID: `${rootUid}@Cal.com` }),
          ...(sequence !== null && { iCalSequence: sequence }),
          ...(kind === "paid" && { paymentId: Number(fact.at.slice(14, 16)) }),
        };
  return JSON.stringify({ triggerEvent: TRIGGERS[kind], createdAt: fact.at, payload });
}
