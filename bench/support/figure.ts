/** What a bench found, beside what it is compared with in the same run. */
export interface Figure {
  readonly bench: string;
  readonly what: string;
  readonly value: number;
  readonly unit: "/s" | "ms" | "s" | "MB";
  readonly baseline: { readonly what: string; readonly value: number };
  /** What the figure and its ratio to the baseline must reach on two cores. */
  readonly must: { readonly value?: Bound; readonly ratio?: Bound };
}

export type Bound = { readonly atLeast: number } | { readonly atMost: number };

export function ratioOf({ value, baseline }: Figure): number {
  return value / baseline.value;
}

export function isMet(figure: Figure): boolean {
  const { must, value } = figure;
  return isWithin(value, must.value) && isWithin(ratioOf(figure), must.ratio);
}

/** One aligned table. */
export function table(figures: readonly Figure[]): string {
  const header = ["bench", "figure", "value", "baseline", "value", "ratio", "must", ""];
  const rows = figures.map((figure) => {
    const { bench, what, value, unit, baseline } = figure;
    const ratio = ratioOf(figure).toFixed(2);
    const verdict = isMet(figure) ? "met" : "MISSED";
    return [
      bench,
      what,
      shown(value, unit),
      baseline.what,
      shown(baseline.value, unit),
      ratio,
      wanted(figure),
      verdict,
    ];
  });
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function isWithin(value: number, bound: Bound | undefined): boolean {
  if (bound === undefined) return true;
  return "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
}

function wanted({ must, unit }: Figure): string {
  const value = must.value === undefined ? [] : [`${sign(must.value)} ${shown(limit(must.value), unit)}`];
  const ratio = must.ratio === undefined ? [] : [`${sign(must.ratio)} ${limit(must.ratio)}×`];
  return [...value, ...ratio].join(", ");
}

function sign(bound: Bound): string {
  return "atLeast" in bound ? "≥" : "≤";
}

function limit(bound: Bound): number {
  return "atLeast" in bound ? bound.atLeast : bound.atMost;
}

function shown(value: number, unit: Figure["unit"]): string {
  const digits = value < 100 && !Number.isInteger(value) ? 1 : 0;
  return unit === "/s" ? `${value.toFixed(digits)}/s` : `${value.toFixed(digits)} ${unit}`;
}
