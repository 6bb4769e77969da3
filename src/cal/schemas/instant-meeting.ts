import { z } from "zod";
import { bareResponses, customInputs, metadata, responses } from "./answers.ts";
import { attendee, instant, organizer } from "./people.ts";

export const instantMeeting = z.looseObject({
  triggerEvent: z.string().nullish().describe("INSTANT_MEETING again"),
  uid: z.string().describe("the booking's id in links. Who has it can cancel the booking"),
  responses: bareResponses.describe("answers by slug"),
  connectAndJoinUrl: z.string().nullish().describe("link for the first host who joins: holds a token"),
  eventTypeId: z.number().nullish().describe("the event type's number"),
  eventTypeTitle: z.string().nullish().describe("the event type's name"),
  customInputs: customInputs.describe("predecessor of responses"),
});

export const instantMeetingAccepted = z.looseObject({
  bookingId: z.number().nullish().describe("the booking's number"),
  bookingUid: z.string().describe("the booking's uid. Who has it can cancel the booking"),
  eventTypeId: z.number().nullish().describe("the event type's number"),
  status: z.string().nullish().describe("ACCEPTED"),
  title: z.string().nullish().describe("the booking's title"),
  startTime: instant.describe("when it starts"),
  endTime: instant.describe("when it ends"),
  organizer: organizer.describe("the host who accepted"),
  attendees: z.array(attendee).describe("who asked"),
  responses: responses.describe("answers by slug"),
  location: z.string().nullish().describe("an address, URL or phone number, or a kind such as integrations:daily"),
  metadata: metadata.describe("the call's link as videoCallUrl, and what was set through the API or the booking link"),
});
