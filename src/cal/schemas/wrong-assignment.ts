import { z } from "zod";
import { instant } from "./people.ts";

const booking = z.looseObject({
  uid: z.string().describe("the booking's id in links. Who has it can cancel the booking"),
  id: z.number().nullish().describe("the booking's number"),
  title: z.string().nullish().describe("the booking's title"),
  startTime: instant.describe("when it starts"),
  endTime: instant.describe("when it ends"),
  status: z.string().nullish().describe("ACCEPTED, PENDING, CANCELLED or REJECTED"),
  eventType: z
    .looseObject({
      id: z.number().nullish().describe("the event type's number"),
      title: z.string().nullish().describe("the event type's name"),
      slug: z.string().nullish().describe("the event type's slug"),
      teamId: z.number().nullish().describe("the team's number"),
    })
    .nullish()
    .describe("the event type"),
});

const report = z.looseObject({
  reportedBy: z
    .looseObject({
      id: z.number().nullish().describe("user id"),
      email: z.string().nullish().describe("address"),
      name: z.string().nullish().describe("name"),
    })
    .nullish()
    .describe("who reports"),
  routingReason: z.string().nullish().describe("why the host was chosen; hosted Cal.com"),
  firstAssignmentReason: z.string().nullish().describe("why the host was chosen; self-hosted"),
  guest: z.string().nullish().describe("address of who booked"),
  host: z
    .looseObject({
      email: z.string().nullish().describe("address"),
      name: z.string().nullish().describe("name"),
    })
    .nullish()
    .describe("the host chosen"),
  correctAssignee: z.string().nullish().describe("address of who should have been chosen"),
  additionalNotes: z.string().nullish().describe("what the reporter adds"),
});

export const wrongAssignmentReport = z.looseObject({
  booking: booking.describe("the booking that went to the wrong host"),
  report: report.describe("what is reported"),
});
