import { expect, test } from "vitest";
import { completeBooking, uniteKnown } from "../../src/cal/known.ts";
import { readBody } from "../../src/cal/read.ts";
import { sample } from "../../src/cal/samples.ts";
import type { Json } from "../../src/event.ts";

const created = viewOf("BOOKING_CREATED");
const moved = viewOf("BOOKING_RESCHEDULED");
const onlyThin = viewOf("BOOKING_NO_SHOW_UPDATED");

test("two views of one booking are united to what the newer says, completed by the other, whichever comes first", () => {
  const terse = viewOf("BOOKING_RESCHEDULED", (view) => view.replaceAll(/"title":"[^"]*"/g, '"title":null'));
  for (const united of [uniteKnown(created, terse), uniteKnown(terse, created)])
    expect(united).toMatchObject({
      order: { sequence: 1 },
      fields: { uid: "pQ8sWf5JtGx1ZrKv6CyH3n", title: "Strategy session between Mara Lindqvist and Priya Raman" },
    });
});

test("a view that only thin events have made completes the other", () => {
  for (const united of [uniteKnown(created, onlyThin), uniteKnown(onlyThin, created)])
    expect(united).toMatchObject({ order: { sequence: 0 }, fields: { uid: "hV3kRz9TqYw2LmXc7NbP4d" } });
});

test.each([["text"], [null], [[]], [{ order: null, fields: {} }]])("a kept view of %j counts as none", (unreadable) => {
  expect(uniteKnown(unreadable, moved)).toEqual(moved);
  expect(uniteKnown(moved, unreadable)).toEqual(moved);
});

function viewOf(name: string, alter = (view: string): string => view): Json {
  const { known } = completeBooking(readBody(sample(name)), "the-booking", null, "2026-12-05T00:00:00.000Z");
  return JSON.parse(alter(JSON.stringify(known))) as Json;
}
