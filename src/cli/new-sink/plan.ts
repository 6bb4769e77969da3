import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sinkBesideOptions, sinkOptions, wholeSink } from "./code.ts";
import type { SinkNames } from "./names.ts";
import { isCheckout, moduleEnding } from "../project.ts";
import { readmeOf } from "./readme.ts";
import { nodeTest, vitestTest } from "./test-code.ts";
import { yamlOf } from "./yaml.ts";

/** What `new sink` writes, and where. */
export interface SinkPlan {
  readonly isCheckout: boolean;
  /** Content by path from the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** The test's path from the folder. */
  readonly test: string;
  /** What to put into the configuration; all that it needs, where there is none yet. */
  readonly yaml: string;
  /** The configuration's name. */
  readonly config: string;
}

/** `config` is where the configuration is, or would be. */
export function planSink(names: SinkNames, config: string): SinkPlan {
  const folder = dirname(config);
  const plan = isCheckout(folder) ? planBuiltIn(names) : planOwn(names, moduleEnding(join(folder, "sinks")));
  const yaml = existsSync(config) ? plan.yaml : `sources:\n  cal: {} # POST /hooks/cal\n\n${plan.yaml}`;
  return { ...plan, yaml, config: basename(config) };
}

function planBuiltIn(names: SinkNames): Omit<SinkPlan, "config"> {
  const { type } = names;
  const test = `test/plugins/${type}.test.ts`;
  const files = new Map([
    [`plugins/${type}/index.ts`, sinkBesideOptions(names)],
    [`plugins/${type}/options.ts`, sinkOptions()],
    [`plugins/${type}/README.md`, readmeOf(names)],
    [test, vitestTest(`../../plugins/${type}/index.ts`)],
  ]);
  return { isCheckout: true, files, test, yaml: yamlOf(names, null) };
}

function planOwn(names: SinkNames, ending: "ts" | "mts"): Omit<SinkPlan, "config"> {
  const { type } = names;
  const test = `sinks/${type}.test.${ending}`;
  const files = new Map([
    [`sinks/${type}.${ending}`, wholeSink(names)],
    [test, nodeTest(`./${type}.${ending}`)],
  ]);
  return { isCheckout: false, files, test, yaml: yamlOf(names, `./sinks/${type}.${ending}`) };
}
