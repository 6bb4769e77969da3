import { z } from "zod";
import { attendee, instant, organizer } from "./people.ts";

const recorded = {
  type: z.string().nullish().describe("the booking's title again, not the event type"),
  title: z.string().nullish().describe("the booking's title"),
  startTime: instant.describe("when it started"),
  endTime: instant.describe("when it ended"),
  organizer: organizer.describe("the host"),
  attendees: z.array(attendee).describe("who took part"),
  uid: z.string().describe("the booking's id in links. Who has it can cancel the booking"),
  customReplyToEmail: z.string().nullish().describe("where replies go"),
};

export const recordingReady = z.looseObject({
  ...recorded,
  downloadLink: z.string().describe("signed link to the recording; expires"),
});

export const transcriptionGenerated = z.looseObject({
  ...recorded,
  downloadLinks: z
    .looseObject({
      transcription: z
        .array(
          z.looseObject({
            format: z.string().nullish().describe("json, srt, txt or vtt"),
            link: z.string().nullish().describe("signed link to the transcript; expires"),
          }),
        )
        .nullish()
        .describe("the transcript in each format"),
      recording: z.string().nullish().describe("signed link to the recording; expires"),
    })
    .describe("where to fetch transcript and recording"),
});
