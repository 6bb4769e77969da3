import { type Choice, exampleOf, routesOf, sinksOf, type StartingRoute } from "./plan.ts";

const SOURCES = `
# For times where nobody's own zone and language are known.
defaults: { timeZone: UTC, locale: en }

sources:
  # POST /hooks/cal. Without a secret of yours the relay makes one and prints it at start, to be pasted into Cal.com.
  cal:
    secret: \${CAL_WEBHOOK_SECRET:-}
`;

const ROUTES = `
# Every route that matches counts. A text with {{ }} is a Liquid template: it sees \`booking\`, which has the same shape for every trigger,
# \`payload\` as Cal.com sent it, \`answers\`, \`trigger\`, \`createdAt\`, \`event\`.
routes:
`;

const COMMENT: Readonly<Record<StartingRoute["name"], string>> = {
  everything: "# All that Cal.com sends.",
  bookings: "# Only some of them? A filter says which, beside `on`. For example: filter: { payload.type: 30min }",
  meetings: "# The scheduled beginning and end, and who did not come.",
  forms: "# The second one comes 15 minutes after the first, if nothing was booked.",
  other: "# Whatever else there is.",
};

const LONGEST_LIST = 100;
const LONGEST_COMMAND = "cal-relay preview BOOKING_CREATED".length;

/** The text of relay.config.yaml for a choice; `schema` is where editors find the JSON Schema, null where there is none. */
export function configurationOf(choice: Choice, schema: string | null): string {
  const sinks = sinksOf(choice).map(({ sink }) => indented(sink, 2));
  const routes = routesOf(choice).map(routeText);
  const parts = [
    headOf(exampleOf(choice)),
    SOURCES,
    `sinks:\n${sinks.join("\n\n")}`,
    `${ROUTES.trim()}\n${routes.join("\n\n")}`,
  ];
  const line = schema === null ? "" : `# yaml-language-server: $schema=${schema}\n#\n`;
  return `${line}${parts.map((part) => part.trim()).join("\n\n")}\n`;
}

function headOf(example: string): string {
  return `# Where your Cal.com events go: \`sources\` says where they come from, \`sinks\` where they can go, \`routes\` which go where.
#
#   ${`cal-relay preview ${example}`.padEnd(LONGEST_COMMAND)}  the messages it makes, without sending any
#   ${"cal-relay check".padEnd(LONGEST_COMMAND)}  everything that is wrong with this file, with line and column
#   ${"cal-relay test".padEnd(LONGEST_COMMAND)}  what is expected of the messages, in the suite beside this file
#
# \${NAME} is a variable of the environment, or of a file .env in the folder where the relay is started. A sink with \`optional: true\`
# whose variable is not set runs dry: it renders and records each message, and sends nothing. Without that line the relay would not start.`;
}

function routeText({ name, on, targets }: StartingRoute): string {
  const route = `${COMMENT[name]}\n- name: ${name}\n  on:${listOf(on)}\n  to:`;
  return [indented(route, 2), ...targets.map(({ target }) => indented(target, 6))].join("\n");
}

/** On one line where there is room for it. */
function listOf(triggers: readonly string[]): string {
  const [only = "", ...others] = triggers.map(quoted);
  if (others.length === 0) return ` ${only}`;
  const line = ` [${[only, ...others].join(", ")}]`;
  return line.length <= LONGEST_LIST ? line : ["", only, ...others].join("\n    - ");
}

/** A star begins an alias in YAML. */
function quoted(trigger: string): string {
  return trigger.includes("*") ? JSON.stringify(trigger) : trigger;
}

function indented(text: string, by: number): string {
  return text.trim().replaceAll(/^(?=.)/gm, " ".repeat(by));
}
