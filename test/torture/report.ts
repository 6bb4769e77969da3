import { MOMENTS, type Moment } from "./kills.ts";
import type { Report } from "./torture.ts";

/** What is counted whatever is done to the relays. */
export type Findings = Omit<Report, "kills">;

const MOMENT_NAMES: Readonly<Record<Moment, string>> = {
  random: "at a random moment",
  commit: "after a commit, before its answers",
  own: "after the own sink wrote",
  webhook: "after a webhook was taken",
  sheet: "after Sheets wrote",
  notion: "after Notion wrote",
  slack: "after Slack posted",
};

/** Everything that a report says against the promises; empty where they were kept. */
export function breaches({ targets, acceptedTwice, deliveries }: Findings): readonly string[] {
  return [
    ...targets.filter(({ lost }) => lost > 0).map(({ target, lost }) => `${target}: ${lost} lost`),
    ...targets
      .filter(({ isPromised, duplicates }) => isPromised && duplicates > 0)
      .map(({ target, duplicates }) => `${target}: ${duplicates} duplicates`),
    ...(acceptedTwice > 0 ? [`${acceptedTwice} webhooks became two events`] : []),
    ...((deliveries["dead"] ?? 0) > 0 ? [`${deliveries["dead"]} deliveries are dead`] : []),
  ];
}

/** Three tables: how relays were killed, what became of the webhooks, and what stands at each target. */
export function tables(report: Report): string {
  const { kills } = report;
  const stored = MOMENTS.reduce((sum, moment) => sum + kills[moment].storedUnanswered, 0);
  const killed = MOMENTS.map((moment) => [MOMENT_NAMES[moment], kills[moment].cycles, kills[moment].storedUnanswered]);
  return [
    table([["killed", "cycles", "stored though unanswered"], ...killed]),
    ...findings(report, [["stored though unanswered", stored]]),
  ].join("\n\n");
}

/** What every torture counts: what became of the webhooks, and what stands at each target. `more` goes with the first. */
export function findings(report: Findings, more: readonly (readonly [string, string | number])[]): string[] {
  const { targets, deliveries } = report;
  const lost = targets.reduce((sum, target) => Math.max(sum, target.lost), 0);
  const webhooks = [
    ["posted", report.posted],
    ["acknowledged", report.acknowledged],
    ["lost", `${lost} (must be 0)`],
    ["became two events", `${report.acceptedTwice} (must be 0)`],
    ...more,
    ["deliveries delivered", deliveries["delivered"] ?? 0],
    ["deliveries superseded", deliveries["skipped"] ?? 0],
    ["deliveries dead", `${deliveries["dead"] ?? 0} (must be 0)`],
  ];
  const arrived = targets.map((target) => [
    target.target,
    target.there,
    target.lost,
    target.duplicates,
    target.isPromised ? "0" : "",
  ]);
  return [
    table([[`webhooks (seed ${report.seed})`, ""], ...webhooks]),
    table([["at the target", "there", "lost", "duplicates", "promised"], ...arrived]),
  ];
}

export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
