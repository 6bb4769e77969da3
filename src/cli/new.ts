import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { builtInSinks } from "../../plugins/index.ts";
import { colour, command, print, printJson, stop, type CommonOptions } from "./io.ts";
import { namesOf, type SinkNames } from "./new-sink/names.ts";
import { planSink, type SinkPlan } from "./new-sink/plan.ts";
import { addScripts, hasPackage, programName, scriptOf } from "./project.ts";

export function newCommand(): Command {
  return new Command("new")
    .usage("sink NAME")
    .description("writes a sink plugin and its test, ready to run")
    .addCommand(sink().exitOverride());
}

function sink(): Command {
  return command("sink NAME", "writes a sink plugin and its test beside the configuration, and says what comes next")
    .argument("<name>", "what stands after `type:` in the YAML", nameArgument)
    .action((type: string, options: CommonOptions) => {
      if (builtInSinks.some((plugin) => plugin.type === type))
        stop(`"${type}" is a built-in sink; choose another name, or use it as it is (plugins/${type}/README.md)`);
      const folder = dirname(resolve(options.config));
      const names = namesOf(type);
      const plan = planSink(names, resolve(options.config));
      write(plan, folder);
      const isSet = addScripts(folder, { test: "node --test" }).length > 0;
      if (options.json) printJson({ files: [...plan.files.keys()], yaml: plan.yaml, testScriptSet: isSet });
      else printSteps(plan, names, { folder, script: scriptOf(folder, "test"), isSet });
    });
}

function nameArgument(name: string): string {
  if (/^[a-z0-9-]*[a-z0-9][a-z0-9-]*$/.test(name)) return name;
  throw new InvalidArgumentError("expected a name of a-z, 0-9 and -, such as on-call");
}

/** All of them or, where one is there already, none. */
function write({ files }: SinkPlan, folder: string): void {
  const taken = [...files.keys()].filter((path) => existsSync(join(folder, path)));
  if (taken.length > 0)
    stop(
      `nothing was written, since there is a ${taken.join(" and a ")} already; choose another name, or move it away`,
    );
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { flag: "wx" });
  }
}

interface Surroundings {
  readonly folder: string;
  /** What `npm test` runs. */
  readonly script: string | null;
  readonly isSet: boolean;
}

function printSteps(plan: SinkPlan, names: SinkNames, surroundings: Surroundings): void {
  for (const path of plan.files.keys()) print(`${colour("green", "written")}  ${path}`);
  if (plan.test.endsWith(".mts")) print(`         .mts, since package.json does not say "type": "module"`);
  if (surroundings.isSet) print(`${colour("green", "changed")}  package.json: "test" is now "node --test"`);
  const steps = plan.isCheckout ? builtInSteps(plan, names) : ownSteps(plan, surroundings);
  for (const [index, { title, lines }] of steps.entries()) {
    print(`\n${colour("bold", `${index + 1}. ${title}`)}\n`);
    for (const line of lines) print(line === "" ? "" : `   ${line}`);
  }
}

interface Step {
  readonly title: string;
  readonly lines: readonly string[];
}

function ownSteps({ test, yaml, config }: SinkPlan, { folder, script }: Surroundings): Step[] {
  const relay = programName(folder);
  const runs = script?.includes("node --test") ? "npm test" : `node --test ${test}`;
  return [
    ...(hasPackage(folder)
      ? []
      : [{ title: "Install the relay's package here, which the test imports", lines: ["npm install cal-relay"] }]),
    { title: `Put this into ${config}`, lines: yaml.trimEnd().split("\n") },
    {
      title: "Edit, and see each time whether it still holds",
      lines: [
        runs,
        `${relay} check`,
        `${relay} preview BOOKING_CREATED    # the message as it would be sent`,
        `${relay} send BOOKING_CREATED       # to the relay that runs`,
      ],
    },
  ];
}

function builtInSteps({ test, yaml, config }: SinkPlan, { type, identifier }: SinkNames): Step[] {
  return [
    {
      title: "Make it a built-in sink",
      lines: [
        `plugins/index.ts                  import ${identifier} from "./${type}/index.ts";  and ${identifier} in builtInSinks`,
        `test/plugins/index.test.ts        "${type}" in the list`,
        "README.md                         a line in the table of sinks",
        "config/relay.schema.json          npm run --silent relay -- schema > config/relay.schema.json",
      ],
    },
    { title: `Put this into ${config}`, lines: yaml.trimEnd().split("\n") },
    {
      title: "Edit, and see each time whether it still holds",
      lines: [
        `npx vitest run ${test}`,
        "npm run relay -- check",
        "npm run relay -- preview BOOKING_CREATED    # the message as it would be sent",
        "npm run relay -- send BOOKING_CREATED       # to the relay that runs",
        "npm test",
      ],
    },
  ];
}
