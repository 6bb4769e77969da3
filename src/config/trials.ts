import type { FieldRead } from "../rendering/renderer.ts";
import { listed, spell } from "./fields.ts";
import type { Misfit } from "./misfits.ts";
import { type Path, pathKey, type Problem } from "./problem.ts";
import type { Reading } from "./reading.ts";

/** A misfit of one target with one trigger's sample. */
export interface Trial extends Misfit, Judgement {
  readonly trigger: string;
}

/** How much it means for real events. */
export interface Judgement {
  readonly severity: Problem["severity"];
  /** What the templates there read and the sample has not. */
  readonly lacking: readonly FieldRead[];
  /** Why real events may fit all the same, such as `which the filter refuses`. */
  readonly doubts: readonly string[];
}

/** Reports one problem for each place, the worst, with the triggers whose samples show it. `tried` is how many samples there were. */
export function tellTrials(reading: Reading, base: Path, trials: readonly Trial[], tried: number): void {
  for (const all of Map.groupBy(trials, ({ path }) => pathKey(path)).values()) {
    const errors = all.filter(({ severity }) => severity === "error");
    const [worst, ...others] = errors.length > 0 ? errors : all;
    if (worst !== undefined) tell(reading, [...base, ...worst.path], [worst, ...others], tried);
  }
}

function tell(
  { document, reader, report }: Reading,
  path: Path,
  alike: readonly [Trial, ...Trial[]],
  tried: number,
): void {
  const [{ severity, message, seen, spot, doubts }] = alike;
  const triggers = [...new Set(alike.map(({ trigger }) => trigger))];
  const samples =
    triggers.length === tried && tried > 1
      ? "every sample"
      : `the sample${triggers.length === 1 ? "" : "s"} of ${listed(triggers)}`;
  const lacking = lackedBy(alike);
  const [doubt] = lacking === "" ? doubts : [`where ${lacking} is empty`];
  const which = doubt === undefined ? "" : `, ${doubt}`;
  const what = reader.isFilled(path) ? message : `${message}${seen}`;
  const position = spot === null ? document.positionOf(path) : document.positionInside(path, spot.line, spot.column);
  const text = `${what} (with ${samples}${which})${lacking === "" ? "" : advice(alike)}`;
  if (severity === "error") report.error(path, text, position);
  else report.warn(path, text, position);
}

/** Every field that one of the samples lacks, as a template writes it. */
function lackedBy(trials: readonly Trial[]): string {
  const fields = trials.flatMap(({ lacking }) => lacking.map(({ steps }) => spell(steps, "template")));
  return listed([...new Set(fields)]);
}

function advice(trials: readonly Trial[]): string {
  const isGuarded = trials.every(({ lacking }) => lacking.every((read) => read.isGuarded));
  const first = isGuarded ? "put something there that fits" : 'give it a value with | default: "…"';
  return `; ${first}, or keep such events out with a filter`;
}
