import { file } from "./file.ts";
import { googleSheets } from "./google-sheets.ts";
import { notion } from "./notion.ts";
import { slack } from "./slack.ts";
import { GROUPS, type Group, type SinkStarter, type Variable } from "./starter.ts";
import { webhook } from "./webhook.ts";

/** The sinks there are to choose from, by their type. */
export const SINKS = { slack, "google-sheets": googleSheets, notion, webhook, file } as const satisfies Record<
  string,
  SinkStarter
>;
export type SinkType = keyof typeof SINKS;

/** The events there are to choose from. */
export const EVENTS = {
  bookings: "requested, made, moved, cancelled, paid …",
  meetings: "begun and ended, and who did not come",
  forms: "routing forms, filled in",
  everything: "all of these, and whatever else Cal.com sends",
} as const;
export type Events = keyof typeof EVENTS;

export interface Choice {
  readonly sinks: readonly SinkType[];
  readonly events: readonly Events[];
}

/** A route of the starting configuration. */
export interface StartingRoute {
  readonly name: Group | "everything";
  readonly on: readonly string[];
  readonly targets: readonly { readonly sink: SinkStarter; readonly target: string }[];
}

const ON: Readonly<Record<Group, readonly string[]>> = {
  bookings: [
    "BOOKING_REQUESTED",
    "BOOKING_CREATED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_PAID",
    "BOOKING_LOCATION_UPDATED",
    "BOOKING_REASSIGNED",
  ],
  meetings: [
    "MEETING_STARTED",
    "MEETING_ENDED",
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
    "BOOKING_NO_SHOW_UPDATED",
  ],
  forms: ["FORM_SUBMITTED", "FORM_SUBMITTED_NO_EVENT"],
  other: [
    "BOOKING_PAYMENT_INITIATED",
    "CALENDAR_ENTRY_REJECTED",
    "DELEGATION_*",
    "INSTANT_*",
    "OOO_CREATED",
    "RECORDING_*",
    "ROUTING_FORM_FALLBACK_HIT",
    "WRONG_ASSIGNMENT_REPORT",
  ],
};

/** The routes of a choice, in their order. Where everything is wanted, a sink that takes all events alike has one route for all of them. */
export function routesOf(choice: Choice): readonly StartingRoute[] {
  const starters = sinksOf(choice);
  const isAll = choice.events.includes("everything");
  const groups = GROUPS.filter((group) => isAll || choice.events.some((one) => one === group));
  const routes = [
    ...(isAll ? [everything(starters)] : []),
    ...groups.map((group): StartingRoute => ({
      name: group,
      on: ON[group],
      targets: targetsOf(starters, group, isAll),
    })),
  ];
  return routes.filter(({ targets }) => targets.length > 0);
}

/** The sinks of a choice, in the order in which they are offered. */
export function sinksOf({ sinks }: Choice): readonly SinkStarter[] {
  return Object.entries(SINKS).flatMap(([type, starter]) => (sinks.some((one) => one === type) ? [starter] : []));
}

/** A trigger whose bundled sample the choice sends somewhere. */
export function exampleOf({ events }: Choice): string {
  if (events.includes("bookings") || events.includes("everything")) return "BOOKING_CREATED";
  return events.includes("meetings") ? "MEETING_ENDED" : "FORM_SUBMITTED";
}

/** The variables that a text of YAML takes, of those that its sinks may. */
export function variablesIn(text: string, choice: Choice): readonly Variable[] {
  return sinksOf(choice)
    .flatMap(({ variables }) => variables)
    .filter(({ name }) => text.includes(`\${${name}}`) || text.includes(`\${${name}:`));
}

function everything(starters: readonly SinkStarter[]): StartingRoute {
  const targets = starters.flatMap((sink) =>
    typeof sink.targets === "string" ? [{ sink, target: sink.targets }] : [],
  );
  return { name: "everything", on: ["*"], targets };
}

function targetsOf(starters: readonly SinkStarter[], group: Group, isAll: boolean): StartingRoute["targets"] {
  return starters.flatMap((sink) => {
    if (typeof sink.targets !== "string") return [{ sink, target: sink.targets[group] }];
    return isAll ? [] : [{ sink, target: sink.targets }];
  });
}
