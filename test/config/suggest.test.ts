import { expect, test } from "vitest";
import { didYouMean, editDistance, suggest } from "../../src/config/suggest.ts";

test.for([
  ["same", "same", 0],
  ["chanel", "channel", 1],
  ["chnanel", "channel", 1],
  ["cat", "dog", 3],
  ["", "abc", 3],
] as const)("from %s to %s it is %i slips", ([one, other, slips]) => {
  expect(editDistance(one, other)).toBe(slips);
  expect(editDistance(other, one)).toBe(slips);
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
