import { connectionPromises } from "./connection-promises.ts";
import { deliveryPromises } from "./delivery-promises.ts";
import { descriptionPromises } from "./description-promises.ts";
import type { SinkPromise } from "./promise.ts";
import { statusPromises } from "./status-promises.ts";
import type { SinkSubject } from "./subject.ts";
import { textPromises } from "./text-promises.ts";

/** What registers tests: the `describe` and `test` of node:test, vitest, jest … */
export interface TestRunner {
  readonly describe: (name: string, tests: () => void) => unknown;
  readonly test: (name: string, run: () => Promise<void>) => unknown;
}

/**
 * Registers every promise of a sink as a test. Call it once in a test file: `sinkConformance({ describe, test }, { plugin, … })`. With `start` the
 * promises of a sink that speaks HTTP are added.
 */
export function sinkConformance({ describe, test }: TestRunner, subject: SinkSubject): void {
  describe(`${subject.plugin.type} keeps the promises of a sink`, () => {
    for (const { name, run } of promisesOf(subject)) test(name, run);
  });
}

function promisesOf(subject: SinkSubject): SinkPromise[] {
  const ofEverySink = [...descriptionPromises(subject), ...deliveryPromises(subject), ...textPromises(subject)];
  if (subject.start === undefined) return ofEverySink;
  return [...ofEverySink, ...statusPromises(subject), ...connectionPromises(subject)];
}
