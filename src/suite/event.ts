import { dirname, join } from "node:path";
import type { z } from "zod";
import { sample, sampleNames } from "../cal/samples.ts";
import { NEVER_SENT } from "../cal/triggers.ts";
import type { Config } from "../config/config.ts";
import type { Path } from "../config/problem.ts";
import { instead } from "../config/wording.ts";
import type { Source } from "../event.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { editBody, type Edits } from "./edit.ts";
import { readExpectation } from "./expectation.ts";
import type { SuiteContext } from "./read.ts";
import { eventSchema } from "./schema.ts";
import type { SuiteEvent } from "./suite.ts";

type EventParts = z.infer<typeof eventSchema>;

/** What a source signs with that has no secret of its own. */
const SECRET = "the secret of a suite";

/** Reads one entry of a test's `events`. Without a configuration only what does not depend on one; null then, and after a report. */
export function readEvent(
  path: Path,
  value: unknown,
  context: Omit<SuiteContext, "config">,
  config: Config | null,
): SuiteEvent | null {
  const event = context.reader.read(eventSchema, path, value);
  if (event === null) return null;
  const body = bodyOf(event.event, [...path, "event"], context);
  const edited = body === null ? null : edit(body, event, path, context);
  if (config === null) return null;
  const source = sourceOf(event.source, [...path, "source"], config, context);
  const expected = readExpectation([...path, "expect"], event.expect, { ...context, config });
  if (edited === null || source === null) return null;
  const position = context.document.positionOf(path);
  return { name: event.event, position, source, afterMs: event.after ?? 0, body: edited, expected };
}

function bodyOf(name: string, path: Path, { options, report }: Omit<SuiteContext, "config">): string | null {
  if (sampleNames.includes(name)) return sample(name);
  const file = join(dirname(options.file), name);
  if (!options.exists(file)) {
    report.error(path, unknownEvent(name));
    return null;
  }
  try {
    return options.readFile(file);
  } catch {
    report.error(path, `${file} cannot be read`);
    return null;
  }
}

function unknownEvent(name: string): string {
  if (/[/\\]|\.(json|txt)$/.test(name)) return `there is no such file beside the suite: ${JSON.stringify(name)}`;
  const advice = Object.hasOwn(NEVER_SENT, name)
    ? `: Cal.com never sends it; ${NEVER_SENT[name]}`
    : didYouMean(name, sampleNames) || "; expected a trigger such as BOOKING_CREATED, or a file with a body";
  return `unknown event ${JSON.stringify(name)}${advice}`;
}

function edit(body: string, event: EventParts, path: Path, { report }: Omit<SuiteContext, "config">): string {
  // YAML holds nothing but JSON.
  const edited = editBody(body, { with: event.with as Edits["with"], without: event.without });
  for (const { place, severity, message } of edited.faults) {
    const at = [...path, ...place];
    if (severity === "warning") report.warn(at, message);
    else if (place[0] === "with" && place.length > 1) report.errorAtKey(at, message);
    else report.error(at, message);
  }
  return edited.body;
}

/** As the relay would have it: a source without a secret gets one. */
function sourceOf(
  name: string | undefined,
  path: Path,
  { sources }: Config,
  { report }: Omit<SuiteContext, "config">,
): Source | null {
  const source = name === undefined ? sources[0] : sources.find((one) => one.name === name);
  if (source !== undefined) return source.secrets.length > 0 ? source : { ...source, secrets: [SECRET] };
  const names = sources.map((one) => one.name);
  report.error(path, `unknown source ${JSON.stringify(name)}${instead(name ?? "", names)}`);
  return null;
}
