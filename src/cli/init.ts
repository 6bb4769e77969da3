import { resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { EVENTS, exampleOf, SINKS, sinksOf, type Choice, type Events, type SinkType } from "../init/plan.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { existing, writeStart, type Written } from "./init-files.ts";
import { colour, command, print, printJson, stop, type CommonOptions } from "./io.ts";
import { programName } from "./project.ts";
import { withQuestions } from "./questions.ts";

interface InitOptions extends CommonOptions {
  readonly sinks?: readonly SinkType[];
  readonly on?: readonly Events[];
  readonly yes?: true;
  readonly force?: true;
}

const SINK_TYPES = Object.keys(SINKS) as SinkType[];
const EVENT_NAMES = Object.keys(EVENTS) as Events[];
const DEFAULT_SINKS: readonly SinkType[] = ["slack", "file"];
const DEFAULT_EVENTS: readonly Events[] = ["bookings"];

export function init(): Command {
  const self = command("init", "write a configuration to begin with, its suite and a .env, after a few questions")
    .option("--sinks <list>", `where events go: ${SINK_TYPES.join(", ")}`, argument(SINK_TYPES))
    .option("--on <list>", `which events: ${EVENT_NAMES.join(", ")}`, argument(EVENT_NAMES))
    .option("--yes", "ask nothing: slack and file, bookings, where nothing else is said")
    .option("--force", "overwrite what is there");
  return self.action(async (options: InitOptions) => {
    const isAsked = options.yes !== true && self.getOptionValueSource("config") === "default";
    if (!isAsked) refuseExisting(options.config, options);
    const { file, ...choice } = options.yes ? answersOf(options) : await askedFor(options, isAsked);
    const written = writeStart(choice, file);
    if (options.json) printJson(written);
    else print(told(written, choice, file));
  });
}

type Answers = Choice & { readonly file: string };

function answersOf({ sinks = DEFAULT_SINKS, on: events = DEFAULT_EVENTS, config: file }: InitOptions): Answers {
  return { sinks, events, file };
}

/** Asks for what the command line does not say. */
function askedFor(options: InitOptions, isFileAsked: boolean): Promise<Answers> {
  const { sinks, on, config } = options;
  return withQuestions(async (ask) => ({
    sinks:
      sinks ??
      (await ask({
        text: "Where shall events go? One or more:",
        choices: lined(SINK_TYPES.map((type) => [type, SINKS[type].title])),
        fallback: DEFAULT_SINKS.join(", "),
        parse: (answer) => namesIn(answer, SINK_TYPES),
      })),
    events:
      on ??
      (await ask({
        text: "Which events? One or more:",
        choices: lined(Object.entries(EVENTS)),
        fallback: DEFAULT_EVENTS.join(", "),
        parse: (answer) => namesIn(answer, EVENT_NAMES),
      })),
    file: isFileAsked
      ? await ask({ text: "In which file?", fallback: config, parse: (file) => free(file, options) })
      : config,
  }));
}

/** Names with commas or blanks between them; a part of one is enough where it is the only one that has it. */
function namesIn<Name extends string>(answer: string, known: readonly Name[]): Name[] {
  const words = answer
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  const names = words.map((word) => {
    const near = known.filter((name) => name.includes(word));
    const found = known.find((name) => name === word) ?? (near.length === 1 ? near[0] : undefined);
    if (found === undefined)
      throw new Error(`unknown "${word}"${didYouMean(word, known) || `; known are ${known.join(", ")}`}`);
    return found;
  });
  if (names.length === 0) throw new Error(`expected one or more of ${known.join(", ")}`);
  return [...new Set(names)];
}

function argument<Name extends string>(known: readonly Name[]): (value: string) => Name[] {
  return (value) => {
    try {
      return namesIn(value, known);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : value);
    }
  };
}

/** The name of the file, once it is one that may be written. */
function free(file: string, { force }: InitOptions): string {
  const [there] = force ? [] : existing(file);
  if (there !== undefined)
    throw new Error(`${there} is there already; name another file, or overwrite it with --force`);
  return file;
}

function refuseExisting(file: string, options: InitOptions): void {
  try {
    free(file, options);
  } catch (error) {
    stop(error instanceof Error ? error.message : file);
  }
}

function told({ files, scripts, variables }: Written, choice: Choice, file: string): string {
  const program = programName(resolve());
  const config = file === "relay.config.yaml" ? "" : ` --config ${file}`;
  const dry = sinksOf(choice).filter((sink) => sink.variables.length > 0);
  const names = dry.map(({ name }) => name).join(", ");
  const steps = [
    [`${program} check${config}`, "everything that is wrong with the file, with line and column"],
    [`${program} preview ${exampleOf(choice)}${config}`, "the messages it makes, without sending any"],
    [`${program} test${config}`, "what its suite expects of them"],
    ...(variables.length > 0
      ? [
          [
            ".env",
            `give a value to ${variables.join(", ")}; until then ${names} ${dry.length === 1 ? "runs" : "run"} dry`,
          ],
        ]
      : []),
    [`${program} start${config}`, "prints the URL and the secret for Cal.com: Settings → Developer → Webhooks → New"],
  ];
  const added = scripts.length === 0 ? "" : `\nadded to package.json: ${scripts.join(", ")}`;
  return [`wrote ${files.join(", ")}${added}`, "", colour("bold", "Next"), ...lined(steps)].join("\n");
}

/** Two aligned columns. */
function lined(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first = ""]) => first.length));
  return rows.map(([first = "", second = ""]) => `  ${first.padEnd(width)}  ${second}`);
}
