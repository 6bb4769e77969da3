import { z } from "zod";
import { instant } from "./people.ts";

const user = z.looseObject({
  id: z.number().nullish().describe("user id"),
  name: z.string().nullish().describe("name"),
  username: z.string().nullish().describe("handle in booking links"),
  email: z.string().nullish().describe("address"),
  timeZone: z.string().nullish().describe("IANA time zone"),
});

const entry = z.looseObject({
  id: z.number().describe("the entry's number"),
  uuid: z.string().nullish().describe("the entry's id"),
  start: instant.describe("when the absence starts"),
  end: instant.describe("when the absence ends"),
  createdAt: instant.nullish().describe("when the entry was made"),
  updatedAt: instant.nullish().describe("when the entry was last changed: updates arrive under the same trigger"),
  notes: z.string().nullish().describe("the absent person's note"),
  reason: z
    .looseObject({
      emoji: z.string().nullish().describe("the reason's emoji"),
      reason: z.string().nullish().describe("the reason, as text or as a key such as ooo_reasons_vacation"),
    })
    .nullish()
    .describe("why"),
  reasonId: z.number().nullish().describe("the reason's number"),
  user: user.describe("who is absent"),
  toUser: user.nullish().describe("who stands in"),
});

export const outOfOfficeCreated = z.looseObject({ oooEntry: entry.describe("the out-of-office entry") });
