import { MOMENTS, type Moment } from "./kills.ts";
import type { Report } from "./torture.ts";

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
export function breaches({ targets, acceptedTwice, deliveries }: Report): readonly string[] {
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
  const { kills, targets, deliveries } = report;
  const lost = targets.reduce((sum, target) => Math.max(sum, target.lost), 0);
  const stored = MOMENTS.reduce((sum, moment) => sum + kills[moment].storedUnanswered, 0);
  const killed = MOMENTS.map((moment) => [MOMENT_NAMES[moment], kills[moment].cycles, kills[moment].storedUnanswered]);
  const webhooks = [
    ["posted", report.posted],
    ["acknowledged", report.acknowledged],
    ["lost", `${lost} (must be 0)`],
    ["became two events", `${report.acceptedTwice} (must be 0)`],
    ["stored though unanswered", stored],
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
    table([["killed", "cycles", "stored though unanswered"], ...killed]),
    table([[`webhooks (seed ${report.seed})`, ""], ...webhooks]),
    table([["at the target", "there", "lost", "duplicates", "promised"], ...arrived]),
  ].join("\n\n");
}

function table(rows: readonly (readonly (string | number)[])[]): string {
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
