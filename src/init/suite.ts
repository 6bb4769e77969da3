import { onMatches } from "../routing/match.ts";
import { type Choice, routesOf, type StartingRoute, variablesIn } from "./plan.ts";
import { GROUPS, type Group } from "./starter.ts";

interface Story {
  readonly name: string;
  readonly events: readonly string[];
}

const STORIES: Readonly<Record<Group, Story>> = {
  bookings: { name: "a booking, made and cancelled", events: ["BOOKING_CREATED", "BOOKING_CANCELLED"] },
  meetings: { name: "a meeting, and one without its host", events: ["MEETING_ENDED", "AFTER_HOSTS_CAL_VIDEO_NO_SHOW"] },
  forms: { name: "a form that was filled in", events: ["FORM_SUBMITTED"] },
  other: { name: "somebody is away", events: ["OOO_CREATED"] },
};

/** The suite beside the configuration `file`, whose text is given: what each group of events is expected to do. */
export function suiteOf(
  choice: Choice,
  given: { readonly file: string; readonly text: string; readonly schema: string | null },
): string {
  const { file, text, schema } = given;
  const env = variablesIn(text, choice).map(({ name, example }) => `\n  ${name}: ${example}`);
  const routes = routesOf(choice);
  // The last one stays, to show how a suite says that something goes nowhere.
  const told = GROUPS.filter(
    (group) => group === "other" || routes.some(({ name }) => name === group || name === "everything"),
  );
  const tests = told.map((group) => testText(STORIES[group], routes));
  const parts = [
    headOf(file),
    ...(file.endsWith(".yaml") ? [] : [`config: ./${file}`]),
    ...(env.length === 0
      ? []
      : [`# The only variables there are while it runs, whatever the machine's own.\nenv:${env.join("")}`]),
    `tests:\n${tests.join("\n\n")}`,
  ];
  const line = schema === null ? "" : `# yaml-language-server: $schema=${schema}\n#\n`;
  return `${line}${parts.join("\n\n")}\n`;
}

function headOf(file: string): string {
  return `# What ${file} is expected to do. \`cal-relay test\` takes each event, a bundled sample or a file of yours, through the relay's own
# code, and compares the routes and the messages with what stands here. Nothing is sent.`;
}

function testText({ name, events }: Story, routes: readonly StartingRoute[]): string {
  const steps = events.map((event) => {
    const matched = routes.filter(({ on }) => on.some((pattern) => onMatches(pattern, event)));
    const messages = matched
      .flatMap(({ targets }) => targets)
      .map(({ sink }) => `\n            ${sink.name}: ${sink.expects[event] ?? "{}"}`);
    const names = matched.map((route) => route.name).join(", ");
    return `      - event: ${event}
        expect:
          routes: [${names}]${messages.length === 0 ? "" : `\n          messages:${messages.join("")}`}`;
  });
  return `  - name: ${name}\n    events:\n${steps.join("\n")}`;
}
