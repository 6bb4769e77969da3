import { expect, test } from "vitest";
import { Slots } from "../src/slots.ts";

test("gives back what was put in, once", () => {
  const slots = new Slots<string>();
  const [one, two] = [slots.put("one"), slots.put("two")];
  expect([slots.take(two), slots.take(two), slots.take(one), slots.take(99)]).toEqual([
    "two",
    undefined,
    "one",
    undefined,
  ]);
});

test("gives a place out again once it is free, and no sooner", () => {
  const slots = new Slots<number>();
  const places = [1, 2, 3].map((value) => slots.put(value));
  slots.take(places[1] ?? -1);
  expect(slots.put(4)).toBe(places[1]);
  expect(new Set([slots.put(5), ...places]).size).toBe(4);
});

test("counts and lists what is in it", () => {
  const slots = new Slots<string>();
  const place = slots.put("gone");
  slots.put("here");
  slots.take(place);
  expect([slots.size, [...slots]]).toEqual([1, ["here"]]);
});
