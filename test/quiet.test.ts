import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { hideExperiments } from "../src/quiet.ts";

test("says nothing of Node's experiments, and passes every other warning on to whoever printed it", () => {
  // Of a thread's process only its events are used.
  const thread = new EventEmitter() as NodeJS.Process;
  const printed: string[] = [];
  thread.on("warning", ({ message }) => printed.push(message));
  hideExperiments(thread);
  for (const [name, message] of [
    ["ExperimentalWarning", "SQLite is an experimental feature"],
    ["DeprecationWarning", "it goes away"],
  ] as const)
    thread.emit("warning", Object.assign(new Error(message), { name }));
  expect(printed).toEqual(["it goes away"]);
});
