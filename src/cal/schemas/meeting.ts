import { z } from "zod";
import { bareResponses, customInputs, metadata } from "./answers.ts";
import { appsStatus } from "./calendar.ts";
import { attendeeRow, instant } from "./people.ts";

const user = z.looseObject({
  email: z.string().nullish().describe("the host's address"),
  name: z.string().nullish().describe("the host's name"),
  timeZone: z.string().nullish().describe("IANA time zone"),
  username: z.string().nullish().describe("the host's handle in booking links"),
  locale: z.string().nullish().describe("the host's language"),
  uuid: z.string().nullish().describe("the host's id"),
  isPlatformManaged: z.boolean().nullish().describe("whether a platform manages the host's account"),
});

const text = z.string().nullish();

/** MEETING_STARTED and MEETING_ENDED: the booking's database row, possibly as it was when it was booked. */
export const meeting = z.looseObject({
  triggerEvent: text.describe("the trigger, where the body has no envelope"),
  id: z.number().describe("the booking's number"),
  uid: z
    .string()
    .describe("the booking's id in links; a new one after each reschedule. Who has it can cancel the booking"),
  idempotencyKey: text.describe("made from start, end and host: equal for other bookings in the same slot"),
  userId: z.number().nullish().describe("the host's user id"),
  userUuid: text.describe("the host's id"),
  userPrimaryEmail: text.describe("the host's address"),
  eventTypeId: z.number().nullish().describe("the event type's number"),
  title: z.string().describe("the booking's title as rendered"),
  description: text.describe("the event type's description, or the booker's notes"),
  customInputs: customInputs.describe("predecessor of responses"),
  responses: bareResponses.describe("answers by slug"),
  startTime: instant.describe("the scheduled start"),
  endTime: instant.describe("the scheduled end"),
  location: text.describe("an address, URL or phone number, or a kind such as integrations:daily"),
  createdAt: instant.nullish().describe("when the booking was made: not when this event happened"),
  updatedAt: instant.nullish().describe("when the booking was last changed"),
  status: text.describe("ACCEPTED, PENDING, CANCELLED, REJECTED or AWAITING_HOST"),
  paid: z.boolean().nullish().describe("whether it is paid"),
  destinationCalendarId: z.number().nullish().describe("number of the calendar it is written to"),
  cancellationReason: text.describe("why it was cancelled"),
  rejectionReason: text.describe("why the host declined"),
  reassignReason: text.describe("why it went to another host"),
  reassignById: z.number().nullish().describe("user id of who reassigned it"),
  dynamicEventSlugRef: text.describe("the event of a dynamic group link"),
  dynamicGroupSlugRef: text.describe("the group of a dynamic group link"),
  rescheduled: z.boolean().nullish().describe("whether it was rescheduled"),
  fromReschedule: text.describe("the previous booking's uid, after a reschedule"),
  recurringEventId: text.describe("the series' id"),
  smsReminderNumber: text.describe("where text reminders go"),
  scheduledJobs: z.array(z.unknown()).nullish().describe("Cal.com's own jobs"),
  metadata: metadata.describe("the call's link as videoCallUrl, and what was set through the API or the booking link"),
  isRecorded: z.boolean().nullish().describe("whether the call was recorded"),
  iCalUID: text.describe("the calendar entry's id: usually <first uid>@Cal.com, kept over reschedules"),
  iCalSequence: z.number().nullish().describe("grows with each change"),
  rating: z.number().nullish().describe("the attendee's rating"),
  ratingFeedback: text.describe("what the attendee wrote with it"),
  noShowHost: z.boolean().nullish().describe("whether the host was marked as absent"),
  oneTimePassword: text.describe("secret of the accept and decline links: keep it out of messages"),
  cancelledBy: text.describe("address of who cancelled it"),
  rescheduledBy: text.describe("address of who rescheduled it"),
  creationSource: text.describe("WEBAPP, API_V1 or API_V2"),
  user: user.nullish().describe("the host"),
  attendees: z.array(attendeeRow).nullish().describe("who booked, then added guests"),
  payment: z.array(z.unknown()).nullish().describe("payments"),
  references: z.array(z.unknown()).nullish().describe("calendar entries and video calls made for it"),
  appsStatus: appsStatus.describe("what connected apps made of it"),
  eventType: z
    .looseObject({
      id: z.number().nullish().describe("the event type's number"),
      slug: text.describe("the event type's slug"),
      title: text.describe("the event type's name"),
    })
    .nullish()
    .describe("the event type, where sent"),
});
