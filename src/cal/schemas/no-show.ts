import { z } from "zod";
import { attendeeRow, instant } from "./people.ts";

export const noShowUpdated = z.looseObject({
  message: z.string().nullish().describe("what changed, in the account's language"),
  bookingUid: z.string().describe("the booking's uid. Who has it can cancel the booking"),
  bookingId: z.number().nullish().describe("the booking's number"),
  attendees: z
    .array(
      z.looseObject({
        email: z.string().describe("the attendee's address"),
        noShow: z.boolean().describe("whether the attendee is marked as absent now"),
      }),
    )
    .describe("whose mark changed"),
});

const eventType = z.looseObject({
  id: z.number().nullish().describe("the event type's number"),
  teamId: z.number().nullish().describe("the team's number"),
  parentId: z.number().nullish().describe("the managing event type's number"),
  calVideoSettings: z.record(z.string(), z.unknown()).nullish().describe("settings of Cal Video"),
});

const webhook = z.looseObject({
  id: z.string().nullish().describe("the webhook's id in Cal.com"),
  subscriberUrl: z.string().nullish().describe("where it sends to"),
  appId: z.string().nullish().describe("the app that made it"),
  time: z.number().nullish().describe("how long it waits after the start"),
  timeUnit: z.string().nullish().describe("DAY, HOUR or MINUTE"),
  eventTriggers: z.array(z.string()).nullish().describe("its triggers"),
  payloadTemplate: z.string().nullish().describe("its custom template"),
});

const absence = {
  title: z.string().nullish().describe("the booking's title"),
  bookingId: z.number().nullish().describe("the booking's number"),
  bookingUid: z.string().describe("the booking's uid. Who has it can cancel the booking"),
  startTime: instant.describe("the scheduled start"),
  endTime: instant.describe("the scheduled end"),
  attendees: z.array(attendeeRow).nullish().describe("who booked, then added guests"),
  participants: z.array(z.unknown()).nullish().describe("who did join the call"),
  rescheduledBy: z.string().nullish().describe("address of who rescheduled it"),
  eventType: eventType.nullish().describe("the event type"),
  webhook: webhook.nullish().describe("the webhook that this event is sent for"),
  message: z.string().nullish().describe("who is absent, in words"),
};

export const hostsAbsent = z.looseObject({
  ...absence,
  hostEmail: z.string().nullish().describe("address of the host who did not join; one event each"),
  noShowHost: z.boolean().nullish().describe("whether the host is marked as absent"),
});

export const guestsAbsent = z.looseObject({
  ...absence,
  guests: z.array(z.unknown()).nullish().describe("the guests who did not join"),
});
