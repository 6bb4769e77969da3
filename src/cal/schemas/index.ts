import { z } from "zod";
import type { PING, Trigger } from "../triggers.ts";
import { cancelled, created, locationUpdated, paid, reassigned, rejected, requested, rescheduled } from "./booking.ts";
import { delegationError, delegationRotation, delegationRotationFailed } from "./delegation.ts";
import { fallbackHit, formSubmitted, formSubmittedNoEvent } from "./forms.ts";
import { instantMeeting, instantMeetingAccepted } from "./instant-meeting.ts";
import { meeting } from "./meeting.ts";
import { guestsAbsent, hostsAbsent, noShowUpdated } from "./no-show.ts";
import { outOfOfficeCreated } from "./out-of-office.ts";
import { ping } from "./ping.ts";
import { recordingReady, transcriptionGenerated } from "./recording.ts";
import { wrongAssignmentReport } from "./wrong-assignment.ts";

const SCHEMAS = {
  PING: ping,
  BOOKING_REQUESTED: requested,
  BOOKING_CREATED: created,
  BOOKING_PAYMENT_INITIATED: paid,
  BOOKING_PAID: paid,
  BOOKING_RESCHEDULED: rescheduled,
  BOOKING_LOCATION_UPDATED: locationUpdated,
  BOOKING_REASSIGNED: reassigned,
  BOOKING_CANCELLED: cancelled,
  BOOKING_REJECTED: rejected,
  MEETING_STARTED: meeting,
  MEETING_ENDED: meeting,
  BOOKING_NO_SHOW_UPDATED: noShowUpdated,
  AFTER_HOSTS_CAL_VIDEO_NO_SHOW: hostsAbsent,
  AFTER_GUESTS_CAL_VIDEO_NO_SHOW: guestsAbsent,
  RECORDING_READY: recordingReady,
  RECORDING_TRANSCRIPTION_GENERATED: transcriptionGenerated,
  INSTANT_MEETING: instantMeeting,
  INSTANT_MEETING_ACCEPTED: instantMeetingAccepted,
  FORM_SUBMITTED: formSubmitted,
  FORM_SUBMITTED_NO_EVENT: formSubmittedNoEvent,
  ROUTING_FORM_FALLBACK_HIT: fallbackHit,
  WRONG_ASSIGNMENT_REPORT: wrongAssignmentReport,
  OOO_CREATED: outOfOfficeCreated,
  // Documented nowhere: any object fits.
  CALENDAR_ENTRY_REJECTED: z.record(z.string(), z.unknown()),
  DELEGATION_CREDENTIAL_ERROR: delegationError,
  DELEGATION_CREDENTIAL_SECRET_ROTATED: delegationRotation,
  DELEGATION_CREDENTIAL_SECRET_ROTATION_FAILED: delegationRotationFailed,
  DELEGATION_CREDENTIAL_ROTATION_REQUIRED: delegationRotation,
} as const satisfies Record<Trigger | typeof PING, z.ZodType>;

const BY_NAME: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(SCHEMAS));

/**
 * What Cal.com sends as the payload of a trigger: objects are loose, optional is what some versions leave out, nullable what some send
 * empty. Undefined for an unknown trigger.
 */
export function payloadSchema(trigger: string): z.ZodType | undefined {
  return BY_NAME.get(trigger);
}
