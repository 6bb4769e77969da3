import { z } from "zod";

const choice = z.looseObject({
  value: z.string().nullish().describe("the option chosen"),
  optionValue: z.string().nullish().describe("what was typed for that option"),
});

const bare = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), choice]);

const labelled = z.looseObject({
  label: z.string().nullish().describe("the question, or a translation key for Cal.com's own questions"),
  value: bare.nullish().describe("the answer; absent when unanswered"),
  isHidden: z.boolean().nullish().describe("whether the question was hidden"),
});

/** Answers by slug, each with its question. */
export const responses = z.record(z.string(), labelled).nullish();

/** Answers by slug: bare in INSTANT_MEETING, either way in MEETING_* of older versions. */
export const bareResponses = z.record(z.string(), z.union([labelled, bare]).nullish()).nullish();

/** The predecessor of `responses`, label → value; an empty object or array nowadays. */
export const customInputs = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullish();

/** `videoCallUrl` and any key of the account's own. */
export const metadata = z.record(z.string(), z.unknown()).nullish();
