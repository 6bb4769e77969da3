/** Every trigger that Cal.com's hosted API lets a webhook subscribe to. More may come: an unknown one is accepted all the same. */
export const TRIGGERS = [
  "BOOKING_REQUESTED",
  "BOOKING_CREATED",
  "BOOKING_PAYMENT_INITIATED",
  "BOOKING_PAID",
  "BOOKING_RESCHEDULED",
  "BOOKING_LOCATION_UPDATED",
  "BOOKING_REASSIGNED",
  "BOOKING_CANCELLED",
  "BOOKING_REJECTED",
  "MEETING_STARTED",
  "MEETING_ENDED",
  "BOOKING_NO_SHOW_UPDATED",
  "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
  "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
  "RECORDING_READY",
  "RECORDING_TRANSCRIPTION_GENERATED",
  "INSTANT_MEETING",
  "INSTANT_MEETING_ACCEPTED",
  "FORM_SUBMITTED",
  "FORM_SUBMITTED_NO_EVENT",
  "ROUTING_FORM_FALLBACK_HIT",
  "WRONG_ASSIGNMENT_REPORT",
  "OOO_CREATED",
  "CALENDAR_ENTRY_REJECTED",
  "DELEGATION_CREDENTIAL_ERROR",
  "DELEGATION_CREDENTIAL_SECRET_ROTATED",
  "DELEGATION_CREDENTIAL_SECRET_ROTATION_FAILED",
  "DELEGATION_CREDENTIAL_ROTATION_REQUIRED",
] as const;

export type Trigger = (typeof TRIGGERS)[number];

/** What Cal.com's "Ping test" button sends. No webhook can subscribe to it. */
export const PING = "PING";

/** Names that circulate in Cal.com's own examples and in other receivers, but are never sent; each with what to use instead. */
export const NEVER_SENT: Readonly<Record<string, string>> = {
  BOOKING_CONFIRMED: "a confirmed request is announced as BOOKING_CREATED",
  BOOKING_COMPLETED: "use MEETING_ENDED",
  BOOKING_REOPENED: "Cal.com has no such event",
  BOOKING_NO_SHOW: "use BOOKING_NO_SHOW_UPDATED",
  BOOKING_REMINDER: "Cal.com sends no reminders to webhooks; MEETING_STARTED fires at the scheduled start",
  BOOKING_UPDATED: "use BOOKING_RESCHEDULED, BOOKING_LOCATION_UPDATED or BOOKING_REASSIGNED",
};

const KNOWN: ReadonlySet<string> = new Set(TRIGGERS);

export function isTrigger(name: string): name is Trigger {
  return KNOWN.has(name);
}
