import { z } from "zod";
import { instant } from "./people.ts";

const calendar = z.looseObject({
  id: z.number().nullish().describe("the calendar's number"),
  integration: z.string().nullish().describe("such as google_calendar"),
  externalId: z.string().nullish().describe("the calendar's id at its provider, often an address"),
  primaryEmail: z.string().nullish().describe("the calendar account's address"),
  userId: z.number().nullish().describe("the owner's user id"),
  eventTypeId: z.number().nullish().describe("the event type it belongs to"),
  credentialId: z.number().nullish().describe("the number of the connected account"),
  createdAt: instant.nullish().describe("when it was connected"),
  updatedAt: instant.nullish().describe("when it was last changed"),
  delegationCredentialId: z.string().nullish().describe("the organisation's credential, where delegated"),
  domainWideDelegationCredentialId: z.string().nullish().describe("former name of delegationCredentialId"),
});

/** An array, null or empty; a single object in old versions. */
export const destinationCalendar = z.union([z.array(calendar), calendar]).nullish();

export const videoCallData = z.looseObject({
  type: z.string().nullish().describe("the video app, such as daily_video"),
  id: z.string().nullish().describe("the meeting's id at the video app"),
  password: z.string().nullish().describe("a password or token: keep it out of messages"),
  url: z.string().nullish().describe("the meeting's own link; metadata.videoCallUrl is the better one to share"),
});

export const conferenceData = z.looseObject({
  createRequest: z
    .looseObject({ requestId: z.string().nullish().describe("id of the request") })
    .nullish()
    .describe("the request that makes the conference"),
});

const appStatus = z.looseObject({
  appName: z.string().nullish().describe("the app"),
  type: z.string().nullish().describe("the app's type"),
  success: z.number().nullish().describe("how many calls worked"),
  failures: z.number().nullish().describe("how many calls failed"),
  errors: z.array(z.unknown()).nullish().describe("what failed"),
  warnings: z.array(z.unknown()).nullish().describe("what was odd"),
});

/** What the connected apps made of the booking. */
export const appsStatus = z.array(appStatus).nullish();
