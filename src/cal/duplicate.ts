import { hash } from "node:crypto";
import type { Json } from "../event.ts";
import type { Opened } from "./envelope.ts";
import { at, canonical, instantOf, listOf, objectOf, textOf } from "./json.ts";
import { seatsOf } from "./subject.ts";

/**
 * The same for an event that Cal.com sends twice (a retry, or one URL subscribed at user and team level), different for each event that is
 * one of its own. Cal.com sends no id of an event, so the key is what the event is about:
 *
 * - A booking's change: uid, status, both times, sequence, previous uid, payment, attendees and seats. Each seat of a slot has the same uid.
 * - MEETING_* have uid and times alone: overlapping cron runs of a self-hosted Cal.com send them twice, minutes apart.
 * - One absence is one host (or group of guests) and one waiting time.
 * - An out-of-office entry is created and updated under one trigger: its `updatedAt` tells.
 * - What may come back word for word (no-show marked, unmarked, marked again; a location or host changed there and back; the same form
 *   filled in twice), or leaves out who or what it is about, is told apart by its moment.
 *
 * The moment is `createdAt` in steps of one second, and the steps before and after it count as the same. Self-hosted Cal.com stamps each
 * subscriber apart, some milliseconds later, so the exact time would tell no duplicate; a person takes longer to change something there and
 * back. So what is less than a second apart is always one event, what is two seconds or more apart never is.
 *
 * The first of the keys is the event's own; one that has any of them is the same event. None, so accepted however often it comes: PING, and
 * what a template left without `createdAt` where the moment is needed. Two bookings, two seats of one slot, or one booking made and
 * cancelled, may well render to the same words, and an event that comes twice is better than one that is lost.
 */
export function duplicateKeysOf(opened: Opened, uid: string | null): readonly string[] {
  if (opened.trigger === "PING") return [];
  const told = opened.isOwnShape ? toldByFields(opened, uid) : toldByTemplate(opened);
  if (told === null) return [];
  const { parts, moment } = told;
  const all = moment === null ? [parts] : [moment, moment - 1, moment + 1].map((step) => [...parts, step]);
  return all.map((one) => {
    const digest = hash("sha256", canonical(one), "base64url");
    return `${opened.trigger ?? "template"}:${digest.slice(0, 32)}`;
  });
}

/** What tells an event apart. */
interface Told {
  readonly parts: Json[];
  /** Null where the parts are enough. */
  readonly moment: number | null;
}

/** For an event of Cal.com's own shape; null where that takes its moment and the body has none. */
function toldByFields({ trigger, createdAt, payload }: Opened, uid: string | null): Told | null {
  const by = (...parts: Json[]): Told => ({ parts, moment: null });
  const timed = (...parts: Json[]): Told | null => (createdAt === null ? null : { parts, moment: stepOf(createdAt) });
  if (trigger === "OOO_CREATED") return outOfOffice(payload) ?? timed(payload);
  if (uid === null) return formResponse(payload) ?? timed(payload);
  const seats = seatsOf(payload);
  const change = [uid, times(payload), pick(payload, ...CHANGE), addresses(payload), [...(seats ?? [])]];
  // A seat without its id that is given up and taken again, and one moved there and back, differ by their moment alone; so may two seats
  // where a template leaves out whose they are.
  const isRepeatable =
    seats?.length === 0 ||
    (seats !== null && trigger === "BOOKING_RESCHEDULED") ||
    listOf(at(payload, "attendees")).length === 0;
  switch (trigger) {
    case "BOOKING_REQUESTED":
    case "BOOKING_CREATED":
    case "BOOKING_PAYMENT_INITIATED":
    case "BOOKING_PAID":
    case "BOOKING_RESCHEDULED":
    case "BOOKING_CANCELLED":
    case "BOOKING_REJECTED":
    case "INSTANT_MEETING":
    case "INSTANT_MEETING_ACCEPTED":
      return isRepeatable ? timed(...change) : by(...change);
    case "BOOKING_LOCATION_UPDATED":
      return timed(...change, pick(payload, "previousLocation", "location"));
    case "BOOKING_REASSIGNED":
      return timed(...change, pick(payload, "addedHostUserIds", "removedHostUserIds"));
    case "MEETING_STARTED":
    case "MEETING_ENDED":
      return by(uid, times(payload));
    case "BOOKING_NO_SHOW_UPDATED":
      return timed(uid, flags(payload));
    case "AFTER_HOSTS_CAL_VIDEO_NO_SHOW":
    case "AFTER_GUESTS_CAL_VIDEO_NO_SHOW":
      return says(payload, "hostEmail", "guests")
        ? by(uid, times(payload), pick(payload, "hostEmail", "guests"), waitOf(payload))
        : timed(uid, times(payload), pick(payload, "message"), waitOf(payload));
    case "RECORDING_READY":
    case "RECORDING_TRANSCRIPTION_GENERATED":
      return says(payload, "downloadLink", "downloadLinks")
        ? by(uid, pick(payload, "downloadLink", "downloadLinks"))
        : timed(payload);
    case null:
    default:
      return timed(payload);
  }
}

const CHANGE = ["status", "iCalSequence", "rescheduleUid", "paymentId"];

/** A template shows what its author chose: all of that and its moment, apart from its stamp, which differs between two subscriptions. */
function toldByTemplate({ createdAt, payload }: Opened): Told | null {
  if (createdAt === null) return null;
  const said = Object.entries(objectOf(payload) ?? {}).filter(([name]) => name !== "createdAt");
  return { parts: [Object.fromEntries(said)], moment: stepOf(createdAt) };
}

function formResponse(payload: Json): Told | null {
  const response = at(payload, "responseId") ?? null;
  return response === null ? null : { parts: [pick(payload, "formId", "form"), response], moment: null };
}

function outOfOffice(payload: Json): Told | null {
  const entry = at(payload, "oooEntry");
  const updatedAt = instantOf(at(entry, "updatedAt"));
  return updatedAt === null ? null : { parts: [pick(entry, "uuid", "id"), updatedAt], moment: null };
}

/** How long the webhook waits after the start before it calls someone absent. */
function waitOf(payload: Json): Json {
  return pick(at(payload, "webhook"), "time", "timeUnit");
}

function flags(payload: Json): Json {
  return listOf(at(payload, "attendees"))
    .map((attendee) => canonical(pick(attendee, "email", "noShow")))
    .toSorted();
}

function addresses(payload: Json): Json {
  return listOf(at(payload, "attendees"))
    .map((attendee) => textOf(at(attendee, "email"))?.toLowerCase() ?? "")
    .toSorted();
}

function times(payload: Json): Json {
  return [instantOf(at(payload, "startTime")), instantOf(at(payload, "endTime"))];
}

function pick(value: Json | undefined, ...keys: readonly string[]): Json {
  return keys.map((key) => at(value, key) ?? null);
}

function says(payload: Json, ...keys: readonly string[]): boolean {
  return keys.some((key) => (at(payload, key) ?? null) !== null);
}

const STEP_MS = 1_000;

function stepOf(createdAt: string): number {
  return Math.floor(Date.parse(createdAt) / STEP_MS);
}
