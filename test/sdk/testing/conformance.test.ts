import { describe, expect, test } from "vitest";
import { sinkConformance, type SinkSubject } from "cal-relay/sdk/testing";
import { deliveryDefects } from "./delivery-defects.ts";
import { honest, subjectOf } from "./honest.ts";
import { otherDefects } from "./other-defects.ts";

const defects = [...deliveryDefects, ...otherDefects];

sinkConformance({ describe, test }, subjectOf(honest));

describe.each(defects)("a sink that $what", ({ plugin, breaks }) => {
  const promises = promisesOf(subjectOf(plugin));

  test.for(Object.entries(breaks))("fails where one %s", async ([name, said]) => {
    await expect(promises.get(name)?.()).rejects.toThrow(said);
  });
});

test("every promise is broken by one of them", () => {
  const broken = new Set(defects.flatMap(({ breaks }) => Object.keys(breaks)).map(withoutStatus));
  const names = [...promisesOf(subjectOf(honest)).keys()].map(withoutStatus);
  expect([...new Set(names)].filter((name) => !broken.has(name))).toEqual([]);
});

test("a message that does not fit the sink's own schema is a mistake of the test", async () => {
  const promises = promisesOf({ ...subjectOf(honest), message: (mark) => ({ txet: mark }) });
  await expect(promises.get("delivers a message")?.()).rejects.toThrow(
    'message("mark") of the test fits the sink\'s schema; ✖ Unrecognized key: "txet"',
  );
});

function promisesOf(subject: SinkSubject): ReadonlyMap<string, () => Promise<void>> {
  const promises = new Map<string, () => Promise<void>>();
  sinkConformance({ describe: (_name, tests) => tests(), test: (name, run) => promises.set(name, run) }, subject);
  return promises;
}

function withoutStatus(name: string): string {
  return name.replace(/HTTP \d{3}/, "HTTP …");
}
