import { onTestFinished } from "vitest";
import { launch, untilReady, type Finished, type ProgramOptions, type RunningRelay } from "./process.ts";

export type { Finished, RunningRelay } from "./process.ts";

/** Runs a command of the real program to its end, or to the test's. */
export function runProgram(args: readonly string[], options: ProgramOptions): Promise<Finished> {
  const { child, over } = launch(args, options);
  onTestFinished(() => void child.kill("SIGKILL"));
  return over;
}

/** Starts the real program as a process and waits until it is ready. It ends with the test at the latest. */
export function startProgram(options: ProgramOptions & { args?: readonly string[] }): Promise<RunningRelay> {
  const launched = launch(["start", ...(options.args ?? [])], options);
  onTestFinished(async () => {
    launched.child.kill("SIGKILL");
    await launched.over;
  });
  return untilReady(launched);
}
