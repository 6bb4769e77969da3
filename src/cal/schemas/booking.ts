import { z } from "zod";
import { customInputs, metadata, responses } from "./answers.ts";
import { appsStatus, conferenceData, destinationCalendar, videoCallData } from "./calendar.ts";
import { attendee, instant, organizer } from "./people.ts";

const team = z.looseObject({
  id: z.number().nullish().describe("the team's number"),
  name: z.string().nullish().describe("the team's name"),
  members: z.array(organizer).nullish().describe("its members; often empty"),
});

const assignmentReason = z.union([
  z.array(
    z.looseObject({
      reasonEnum: z.string().nullish().describe("why this host was chosen, as a constant"),
      reasonString: z.string().nullish().describe("why this host was chosen, in words"),
    }),
  ),
  z.looseObject({
    category: z.string().nullish().describe("why this host was chosen, as a constant"),
    details: z.string().nullish().describe("why this host was chosen, in words"),
  }),
  z.string(),
]);

const recurringEvent = z.looseObject({
  freq: z.number().nullish().describe("how often: 0 yearly, 1 monthly, 2 weekly, 3 daily"),
  count: z.number().nullish().describe("how many occurrences"),
  interval: z.number().nullish().describe("every so many years, months, weeks or days"),
});

const what = {
  uid: z
    .string()
    .describe("the booking's id in links; a new one after each reschedule. Who has it can cancel the booking"),
  bookingId: z.number().nullish().describe("the booking's number"),
  status: z.string().nullish().describe("ACCEPTED, PENDING, CANCELLED, REJECTED or AWAITING_HOST"),
  title: z.string().describe("the booking's title as rendered"),
  type: z.string().nullish().describe("the event type's slug"),
  eventTitle: z.string().nullish().describe("the event type's name"),
  eventTypeId: z.number().nullish().describe("the event type's number"),
  eventDescription: z.string().nullish().describe("the event type's description"),
  description: z.string().nullish().describe("the event type's description, or the booker's notes"),
  additionalNotes: z.string().nullish().describe("the booker's notes"),
  startTime: instant.describe("when it starts"),
  endTime: instant.describe("when it ends"),
  length: z.number().nullish().describe("minutes"),
  price: z.number().nullish().describe("in the currency's minor unit; 0 when free"),
  currency: z.string().nullish().describe("such as usd; case varies"),
  location: z.string().nullish().describe("an address, URL or phone number, or a kind such as integrations:daily"),
  metadata: metadata.describe("the call's link as videoCallUrl, and what was set through the API or the booking link"),
};

const who = {
  organizer: organizer.describe("the host"),
  attendees: z.array(attendee).describe("who booked, then added guests; with seats, only the seat concerned"),
  team: team.nullish().describe("the team, for team events"),
  responses: responses.describe("answers by slug"),
  userFieldsResponses: responses.describe("answers to the questions that are not Cal.com's own"),
  customInputs: customInputs.describe("predecessor of responses"),
};

const calendar = {
  destinationCalendar: destinationCalendar.describe("the calendars it is written to"),
  iCalUID: z.string().nullish().describe("the calendar entry's id: usually <first uid>@Cal.com, kept over reschedules"),
  iCalSequence: z.number().nullish().describe("grows with each change"),
  videoCallData: videoCallData.nullish().describe("the video call, where there is one"),
  conferenceData: conferenceData.nullish().describe("the conference at the calendar"),
  appsStatus: appsStatus.describe("what connected apps made of it"),
  attendeeIcsContent: z.string().nullish().describe("calendar file for attendees; webhook version 2026-07-27"),
  organizerIcsContent: z.string().nullish().describe("calendar file for the host; webhook version 2026-07-27"),
};

const rules = {
  requiresConfirmation: z.boolean().nullish().describe("whether the host has to accept"),
  schedulingType: z.string().nullish().describe("COLLECTIVE, ROUND_ROBIN or MANAGED, for team events"),
  seatsPerTimeSlot: z.number().nullish().describe("how many may book one slot"),
  seatsShowAttendees: z.boolean().nullish().describe("whether attendees see each other"),
  seatsShowAvailabilityCount: z.boolean().nullish().describe("whether free seats are shown"),
  attendeeSeatId: z.string().nullish().describe("reference of the seat concerned"),
  disableRescheduling: z.boolean().nullish().describe("whether rescheduling is off"),
  disableCancelling: z.boolean().nullish().describe("whether cancelling is off"),
  disableReschedulingScope: z.string().nullish().describe("HOST_AND_ATTENDEE or ATTENDEE_ONLY"),
  disableCancellingScope: z.string().nullish().describe("HOST_AND_ATTENDEE or ATTENDEE_ONLY"),
  hideCalendarNotes: z.boolean().nullish().describe("whether notes are kept out of the calendar"),
  hideCalendarEventDetails: z.boolean().nullish().describe("whether details are kept out of the calendar"),
  hideOrganizerEmail: z.boolean().nullish().describe("whether the host's address is hidden"),
  recurringEvent: recurringEvent.nullish().describe("how it recurs, for recurring bookings"),
  existingRecurringEvent: z
    .looseObject({ recurringEventId: z.string().nullish().describe("the series' id") })
    .nullish()
    .describe("the series it belongs to"),
};

const account = {
  bookerUrl: z.string().nullish().describe("origin of the booking page"),
  organizationId: z.number().nullish().describe("the organisation's number"),
  hashedLink: z.unknown().optional().describe("the private link it was booked through"),
  customReplyToEmail: z.string().nullish().describe("where replies go"),
  hideBranding: z.boolean().nullish().describe("whether Cal.com's branding is hidden"),
  oneTimePassword: z.string().nullish().describe("secret of the accept and decline links: keep it out of messages"),
  assignmentReason: assignmentReason.nullish().describe("why this host was chosen"),
  platformClientId: z.string().nullish().describe("the platform's OAuth client"),
  platformRescheduleUrl: z.string().nullish().describe("the platform's link for rescheduling"),
  platformCancelUrl: z.string().nullish().describe("the platform's link for cancelling"),
  platformBookingUrl: z.string().nullish().describe("the platform's link to the booking"),
  smsReminderNumber: z.string().nullish().describe("where text reminders go"),
  paymentInfo: z.unknown().optional().describe("the payment app's data"),
  additionalInformation: z.unknown().optional().describe("the calendar provider's data"),
};

const reschedule = {
  rescheduleId: z.number().nullish().describe("the previous booking's number, after a reschedule"),
  rescheduleUid: z
    .string()
    .nullish()
    .describe("the previous booking's uid, after a reschedule; may be a seat's reference"),
  rescheduleStartTime: instant.nullish().describe("when it was to start before the reschedule"),
  rescheduleEndTime: instant.nullish().describe("when it was to end before the reschedule"),
  rescheduledBy: z.string().nullish().describe("address of who rescheduled it"),
};

const payment = {
  paymentId: z.number().nullish().describe("the payment's number"),
  paymentData: z.unknown().optional().describe("the payment app's data"),
};

const reason = z.string().nullish();

/** BOOKING_CREATED. Also the base of the other booking events. */
export const created = z.looseObject({ ...what, ...who, ...calendar, ...rules, ...account });

export const requested = created.extend({
  ...reschedule,
  cancellationReason: reason.describe("why it was rescheduled, when it was"),
});

export const rescheduled = created.extend({
  ...reschedule,
  cancellationReason: reason.describe("why it was rescheduled"),
});

export const cancelled = created.extend({
  cancellationReason: reason.describe("why it was cancelled"),
  cancelledBy: z.string().nullish().describe("address of who cancelled it"),
  requestReschedule: z.boolean().nullish().describe("whether the host asks for another time"),
});

export const rejected = created.extend({ rejectionReason: reason.describe("why the host declined") });

export const paid = created.extend(payment);

export const locationUpdated = created.extend({
  previousLocation: z.string().nullish().describe("where it was to be before"),
});

export const reassigned = created.extend({
  addedHostUserIds: z.array(z.number()).nullish().describe("user ids of the new hosts"),
  removedHostUserIds: z.array(z.number()).nullish().describe("user ids of the former hosts"),
});
