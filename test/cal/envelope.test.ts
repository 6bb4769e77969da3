import { expect, test } from "vitest";
import { readBody } from "../../src/cal/read.ts";
import { sample } from "../../src/cal/samples.ts";
import { read } from "./vary.ts";

test("an envelope gives trigger, instant and payload", () => {
  const reading = readBody(
    '{"triggerEvent":"SOMETHING_NEW","createdAt":"2026-11-23T10:00:00+01:00","payload":{"a":1}}',
  );
  expect(reading).toMatchObject({ trigger: "SOMETHING_NEW", createdAt: "2026-11-23T09:00:00.000Z", payload: { a: 1 } });
  expect(reading.drift).toEqual([]);
});

test("a flat meeting is its own payload, and its createdAt is not the event's", () => {
  const reading = read("MEETING_STARTED");
  expect(reading.createdAt).toBeNull();
  expect(reading.payload).toEqual(JSON.parse(sample("MEETING_STARTED")));
});

test("a wrapped meeting reads like a flat one", () => {
  const flat = read("MEETING_STARTED");
  const wrapped = read("MEETING_STARTED.wrapped");
  expect(wrapped.said).toEqual(flat.said);
  expect(wrapped.identity).toEqual(flat.identity);
  expect(wrapped.createdAt).toBe("2026-12-04T10:00:03.551Z");
});

test("answers repeated at the root of a form's body are not its payload", () => {
  expect(Object.keys(read("FORM_SUBMITTED").payload ?? {})).toEqual(["formId", "formName", "teamId", "responses"]);
});

test("a form whose field is called payload is still accepted", () => {
  const reading = read("FORM_SUBMITTED", (_payload, body) => {
    body["payload"] = "an answer";
  });
  expect(reading).toMatchObject({ trigger: "FORM_SUBMITTED", payload: { payload: "an answer" }, drift: [] });
});

test("templated JSON is the payload as it stands, with the trigger it names", () => {
  expect(readBody('{"text":"hello"}')).toMatchObject({ trigger: null, createdAt: null, payload: { text: "hello" } });
  expect(readBody('{"triggerEvent":"BOOKING_PAID","uid":"u1","status":"accepted"}')).toMatchObject({
    trigger: "BOOKING_PAID",
    identity: { uid: "u1" },
    said: { status: "ACCEPTED" },
    drift: [],
  });
  expect(readBody('{"triggerEvent":"A new booking!"}').trigger).toBeNull();
  expect(readBody('[{"a":1}]').payload).toEqual([{ a: 1 }]);
});

test("a template's fields are taken as they stand, for Cal.com encodes none", () => {
  expect(readBody(sample("TEMPLATE.form"))).toMatchObject({
    trigger: "BOOKING_CREATED",
    payload: {
      title: "Strategy session with Mara Lindqvist &amp; Priya Raman",
      guest: "priya@example.org",
      phone: "+12125550147",
    },
  });
});

test("fields that are encoded are decoded", () => {
  expect(readBody("name=Priya+Raman&link=https%3A%2F%2Fexample.com").payload).toEqual({
    name: "Priya Raman",
    link: "https://example.com",
  });
});

test.each(["", "false", "null", "12", '"text"', "hello", "a = b", "Hi & bye", "<p>a=b</p>", "x=1\ny=2", "{broken"])(
  "any other text is kept: %j",
  (body) => {
    expect(readBody(body)).toMatchObject({
      trigger: null,
      identity: null,
      payload: { text: body },
      answers: {},
      drift: [],
    });
  },
);

test("a byte order mark does not hide the JSON", () => {
  expect(readBody(`\uFEFF${sample("PING")}`)).toEqual(readBody(sample("PING")));
});

test("JSON nested beyond reason is kept as text", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  expect(readBody(deep).payload).toEqual({ text: deep });
});

test("a key called __proto__ is data, not a prototype", () => {
  const reading = readBody(
    '{"triggerEvent":"X","payload":{"__proto__":{"uid":"inherited"},"responses":{"__proto__":{"value":"an answer"}}}}',
  );
  expect(reading.identity).toBeNull();
  expect(Object.getPrototypeOf(reading.answers)).toBe(Object.prototype);
  expect(Object.hasOwn(reading.answers, "__proto__")).toBe(true);
});

test("of a repeated key the last counts", () => {
  expect(readBody('{"triggerEvent":"A","payload":{},"triggerEvent":"B"}').trigger).toBe("B");
});
