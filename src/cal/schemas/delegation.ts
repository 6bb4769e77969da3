import { z } from "zod";
import { instant } from "./people.ts";

export const delegationError = z.looseObject({
  error: z
    .looseObject({
      type: z.string().nullish().describe("the error's kind"),
      message: z.string().nullish().describe("the error in words"),
    })
    .describe("what failed"),
  credential: z
    .looseObject({
      id: z.number().nullish().describe("the credential's number"),
      type: z.string().nullish().describe("such as google_calendar"),
      appId: z.string().nullish().describe("the app"),
      delegationCredentialId: z.string().nullish().describe("the organisation's credential"),
    })
    .describe("the credential that failed"),
  user: z
    .looseObject({
      id: z.number().nullish().describe("user id"),
      email: z.string().nullish().describe("address"),
      organizationId: z.number().nullish().describe("the organisation's number"),
    })
    .describe("whose calendar it is"),
});

const delegationCredential = z
  .looseObject({
    id: z.string().nullish().describe("the credential's id"),
    workspacePlatform: z.string().nullish().describe("such as google or office365"),
    domain: z.string().nullish().describe("the organisation's domain"),
    organizationId: z.number().nullish().describe("the organisation's number"),
    secretExpiresAt: instant.nullish().describe("when its secret expires"),
  })
  .describe("the organisation's credential");

/** Secret rotated, and rotation required. */
export const delegationRotation = z.looseObject({ delegationCredential });

export const delegationRotationFailed = delegationRotation.extend({
  error: z
    .looseObject({
      code: z.string().nullish().describe("SECRET_MINT_FAILED or SECRET_PROMOTION_FAILED"),
      message: z.string().nullish().describe("the error in words"),
    })
    .describe("what failed"),
});
