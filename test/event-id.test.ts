import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createEventIds } from "../src/event-id.ts";

const newEventId = createEventIds(randomBytes);

test("ids sort by the millisecond of receipt", () => {
  const times = [0, 1, 31, 32, 1_023, 1_024, 1_767_225_600_000, 1_767_225_600_001, 32 ** 10 - 1];
  const ids = times.map((time) => newEventId(time));
  expect(ids.toSorted()).toEqual(ids);
});

test("ids of one millisecond differ, and have one shape", () => {
  const ids = Array.from({ length: 1_000 }, () => newEventId(1_767_225_600_000));
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{26}$/);
});
