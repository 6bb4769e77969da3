import { expect, test } from "vitest";
import { answersOf } from "../../src/cal/answers.ts";
import { read } from "./vary.ts";

test("labelled answers become their values", () => {
  expect(read("BOOKING_CREATED").answers).toEqual({
    name: "Priya Raman",
    email: "priya@example.org",
    attendeePhoneNumber: "+12125550147",
    location: "integrations:daily",
    notes: "Looking forward to it",
    company: "Northwind Trading",
    topics: ["Pricing", "Roadmap"],
  });
});

test("bare answers of older senders read the same", () => {
  expect(read("MEETING_ENDED.old").answers).toEqual({
    name: "Priya Raman",
    email: "priya@example.org",
    location: "integrations:daily",
    company: "Northwind Trading",
  });
});

test("a form's choices become their labels", () => {
  expect(read("FORM_SUBMITTED_NO_EVENT").answers).toEqual({
    "preferred-language": ["Portuguese"],
    "company-size": ["11 to 50"],
    email: "ana@example.org",
  });
});

test.each([
  [{ label: "How many", value: 0 }, 0],
  [{ label: "Agreed", value: false }, false],
  [{ label: "Where", value: { value: "phone", optionValue: "+4930123456" } }, "+4930123456"],
  [{ label: "Where", value: { value: "inPerson", optionValue: "" } }, "inPerson"],
  [{ label: "your_name", value: { firstName: "Ana", lastName: "Sousa" } }, "Ana Sousa"],
  [{ value: "old", response: "new" }, "new"],
  [{ value: ["Portuguese"], response: [] }, ["Portuguese"]],
  [{ response: { label: "Portuguese", id: "o1" } }, "Portuguese"],
])("%j means %j", (answer, expected) => {
  expect(answersOf({ responses: { slug: answer } })).toEqual({ slug: expected });
});

test.each([
  [{ label: "Notes", isHidden: true }],
  [{ label: "Notes", value: "" }],
  [{ label: "Notes", value: null }],
  [{ label: "Guests", value: [] }],
  [{ value: "", response: "" }],
  [null],
])("%j is unanswered", (answer) => {
  expect(answersOf({ responses: { slug: answer } })).toEqual({});
});

test.each([[null], [[]], ["text"], [{ responses: "text" }], [{ responses: ["a"] }]])("%j has no answers", (payload) => {
  expect(answersOf(payload)).toEqual({});
});
