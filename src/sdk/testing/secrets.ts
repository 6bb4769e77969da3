import { inspect } from "node:util";
import { failureOf, type Attempt } from "./attempt.ts";
import { expectKept } from "./promise.ts";

/** Fails where a secret shows in anything a try left behind: as a log line, a page or a debugger would print it. */
export function expectNoSecret(canaries: readonly string[], attempt: Attempt, lines: readonly string[]): void {
  const failure = failureOf(attempt) ?? ("error" in attempt ? attempt.error : undefined);
  expectNoneIn(canaries, [
    ...printed("what the sink threw", failure),
    ...lines.map((line): Told => ["a log line", line]),
    ["the receipt", JSON.stringify(attempt)],
    ["what is kept of the try", inspect(attempt, { depth: 5 })],
  ]);
}

/** Something that people may come to see, and its text. */
export type Told = readonly [what: string, text: string];

export function expectNoneIn(canaries: readonly string[], told: readonly Told[]): void {
  const promise = "no secret of the connection is told: not in a log line, an error, its cause or its answer";
  for (const canary of canaries)
    for (const [what, text] of told) expectKept(!text.includes(canary), promise, `${what} has "${canary}"`);
}

function printed(what: string, error: unknown): Told[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [[what, inspect(error, { depth: 5 })]];
  return [
    [`the message of ${what}`, `${error.name}: ${error.message}`],
    [`the stack of ${what}`, error.stack ?? ""],
    ...printed(`the cause of ${what}`, error.cause),
    [what, `${JSON.stringify(error)} ${inspect(error, { depth: 5 })}`],
  ];
}
