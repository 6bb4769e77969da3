import { z } from "zod";

/** An absolute time in any of Cal.com's spellings: with or without milliseconds, `Z` or an offset. */
export const instant = z.iso.datetime({ offset: true });

const language = z.looseObject({ locale: z.string().nullish().describe("the person's language, such as en or pt-BR") });

const timeFormat = z
  .union([z.string(), z.number()])
  .nullish()
  .describe("clock preference: h:mma or HH:mm; in some payment events 12 or 24");

const utcOffset = z.number().nullish().describe("minutes east of UTC in the person's zone at the event's start");

export const organizer = z.looseObject({
  id: z.number().nullish().describe("the host's user id; missing in old versions"),
  name: z.string().nullish().describe("the host's name"),
  email: z.string().nullish().describe("the host's address, possibly a masked one"),
  username: z.string().nullish().describe("the host's handle in booking links"),
  usernameInOrg: z.string().nullish().describe("the host's handle inside an organisation"),
  timeZone: z.string().nullish().describe("IANA time zone"),
  language: language.nullish().describe("the host's language"),
  timeFormat,
  utcOffset,
});

const bookingSeat = z.looseObject({
  id: z.number().nullish().describe("the seat's row id"),
  referenceUid: z.string().nullish().describe("the seat's reference, which can cancel or move that seat"),
  bookingId: z.number().nullish().describe("the booking's number"),
  attendeeId: z.number().nullish().describe("the attendee's row id"),
});

export const attendee = z.looseObject({
  id: z.number().nullish().describe("the attendee's row id; in recordings"),
  email: z.string().nullish().describe("the attendee's address"),
  name: z.string().nullish().describe("the attendee's name; empty for added guests"),
  firstName: z.string().nullish().describe("often empty"),
  lastName: z.string().nullish().describe("often empty"),
  timeZone: z.string().nullish().describe("IANA time zone"),
  language: language.nullish().describe("the attendee's language"),
  phoneNumber: z.string().nullish().describe("the attendee's phone number, where asked for"),
  utcOffset,
  bookingSeat: bookingSeat.nullish().describe("the attendee's seat, for bookings with seats"),
});

/** An attendee as a database row: MEETING_* and AFTER_*. */
export const attendeeRow = z.looseObject({
  id: z.number().nullish().describe("the attendee's row id"),
  email: z.string().nullish().describe("the attendee's address"),
  name: z.string().nullish().describe("the attendee's name"),
  timeZone: z.string().nullish().describe("IANA time zone"),
  phoneNumber: z.string().nullish().describe("the attendee's phone number"),
  locale: z.string().nullish().describe("the attendee's language"),
  bookingId: z.number().nullish().describe("the booking's number"),
  noShow: z.boolean().nullish().describe("whether the attendee was marked as absent"),
});
