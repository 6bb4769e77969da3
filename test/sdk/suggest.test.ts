import { expect, test } from "vitest";
import { didYouMean, suggest } from "../../src/sdk/suggest.ts";

test.for([
  ["chanel", "a letter missing"],
  ["channnel", "a letter too many"],
  ["chamnel", "a wrong letter"],
  ["chnanel", "two letters swapped"],
] as const)("%s is close enough: %s", ([word]) => {
  expect(suggest(word, ["text", "channel"])).toBe("channel");
});

test("the nearest candidate is suggested", () => {
  expect(suggest("BOOKING_CREATE", ["BOOKING_REQUESTED", "BOOKING_CREATED"])).toBe("BOOKING_CREATED");
});

test("case and separators do not count", () => {
  expect(suggest("body_limit", ["host", "bodyLimit"])).toBe("bodyLimit");
});

test("nothing is suggested for a word that is far from all", () => {
  expect(suggest("banana", ["channel", "text"])).toBeNull();
  expect(suggest("to", ["on"])).toBeNull();
  expect(didYouMean("banana", ["channel"])).toBe("");
});
