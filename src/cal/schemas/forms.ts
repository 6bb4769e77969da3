import { z } from "zod";

const option = z.looseObject({
  label: z.string().nullish().describe("the option as shown"),
  id: z.string().nullish().describe("the option's id"),
});

const value = z.union([z.string(), z.number(), z.array(z.string())]);

const responses = z.record(
  z.string(),
  z.looseObject({
    value: value.nullish().describe("the answer; Cal.com calls this field deprecated"),
    response: z
      .union([z.string(), z.number(), z.array(option), option])
      .nullish()
      .describe("the answer"),
  }),
);

const responseId = z.number().nullish().describe("the number of this set of answers");

export const formSubmitted = z.looseObject({
  formId: z.string().describe("the form's id"),
  formName: z.string().nullish().describe("the form's name"),
  teamId: z.number().nullish().describe("the team's number"),
  responseId,
  responses: responses.describe("answers by field identifier"),
});

export const formSubmittedNoEvent = formSubmitted.extend({
  redirect: z
    .looseObject({
      type: z.string().nullish().describe("customPageMessage, externalRedirectUrl or eventTypeRedirectUrl"),
      value: z.string().nullish().describe("the message or the link"),
    })
    .nullish()
    .describe("where the form led to"),
});

export const fallbackHit = z.looseObject({
  form: z
    .looseObject({
      id: z.string().nullish().describe("the form's id"),
      name: z.string().nullish().describe("the form's name"),
    })
    .describe("the form"),
  responseId,
  fallbackAction: z
    .looseObject({
      type: z.string().nullish().describe("what kind of route was taken"),
      value: z.string().nullish().describe("the message or the link"),
    })
    .nullish()
    .describe("the route taken because no other matched"),
  responses: responses.nullish().describe("answers by field identifier"),
});
