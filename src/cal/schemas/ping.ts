import { z } from "zod";
import { attendee, instant, organizer } from "./people.ts";

export const ping = z.looseObject({
  type: z.string().nullish().describe("Test"),
  title: z.string().nullish().describe("Test trigger event"),
  startTime: instant.describe("when the button was pressed"),
  endTime: instant.describe("the same"),
  attendees: z.array(attendee).describe("an invented attendee"),
  organizer: organizer.describe("an invented host"),
});
