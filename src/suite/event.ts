import { dirname, join } from "node:path";
import { sample, sampleNames } from "../cal/samples.ts";
import { NEVER_SENT } from "../cal/triggers.ts";
import type { Config } from "../config/config.ts";
import { isMapping, type Mapping } from "../config/mapping.ts";
import type { Path } from "../config/problem.ts";
import { instead } from "../config/wording.ts";
import type { Source } from "../event.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { editBody, type Edits } from "./edit.ts";
import { readExpectation } from "./expectation.ts";
import type { SuiteContext } from "./read.ts";
import { eventSchema, withoutSchema, withSchema } from "./schema.ts";
import type { SuiteEvent } from "./suite.ts";

/** What a source signs with that has no secret of its own. */
const SECRET = "the secret of a suite";

/**
 * Reads one entry of a test's `events`: null after a report, and without a configuration. What is wrong in one part of it hides nothing that
 * is wrong in another.
 */
export function readEvent(
  path: Path,
  value: unknown,
  context: Omit<SuiteContext, "config">,
  config: Config | null,
): SuiteEvent | null {
  const event = context.reader.read(eventSchema, path, value);
  if (!isMapping(value)) return null;
  const name = value["event"];
  const text = typeof name === "string" && name !== "" ? bodyOf(name, [...path, "event"], context) : null;
  const body = text === null ? null : edit(text, value, path, context);
  if (config === null) return null;
  const source = sourceOf(value["source"], [...path, "source"], config, context);
  const expected = readExpectation([...path, "expect"], value["expect"], { ...context, config });
  if (event === null || body === null || source === null) return null;
  const position = context.document.positionOf(path);
  return { name: event.event, position, source, afterMs: event.after ?? 0, body, expected };
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

function edit(body: string, event: Mapping, path: Path, { report }: Omit<SuiteContext, "config">): string {
  const edited = editBody(body, {
    // YAML holds nothing but JSON.
    with: (withSchema.safeParse(event["with"]).data ?? {}) as Edits["with"],
    without: withoutSchema.safeParse(event["without"]).data ?? [],
  });
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
  name: unknown,
  path: Path,
  { sources }: Config,
  { report }: Omit<SuiteContext, "config">,
): Source | null {
  const source = name === undefined ? sources[0] : sources.find((one) => one.name === name);
  if (source !== undefined) return source.secrets.length > 0 ? source : { ...source, secrets: [SECRET] };
  const names = sources.map((one) => one.name);
  if (typeof name === "string") report.error(path, `unknown source ${JSON.stringify(name)}${instead(name, names)}`);
  return null;
}
