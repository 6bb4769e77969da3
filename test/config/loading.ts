import { z } from "zod";
import { defineSink } from "cal-relay/sdk";
import { loadConfig, type LoadOptions, type LoadResult } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import type { SinkPlugin } from "../../src/sdk/index.ts";

/** A sink with a bit of everything that schemas can ask for. */
export const chat = defineSink({
  type: "chat",
  title: "Chat message",
  connection: z.strictObject({
    token: z
      .string()
      .regex(/^tok-[a-z0-9-]+$/, { error: "expected a token that starts with tok-" })
      .describe("from the workspace's settings"),
    apiUrl: z.url().optional().describe("where the API is"),
    allowPrivateNetwork: z.union([z.boolean(), z.array(z.string())]).optional(),
    pageSize: z.int().min(1).max(100).optional(),
  }),
  message: z.strictObject({
    channel: z
      .string()
      .regex(/^[#@]?[\w-]+$/, { error: 'expected "#name", "@user" or an id' })
      .describe("where to"),
    text: z.string().max(4000),
    onUpdate: z.enum(["new", "thread", "edit"]).optional(),
    unfurl: z.boolean().optional(),
    blocks: z.array(z.looseObject({ type: z.enum(["section", "divider"]) })).optional(),
    row: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  }),
  secrets: ["token"],
  limits: { concurrency: 2, rate: "1/s" },
  async open() {
    return { deliver: () => Promise.resolve(undefined) };
  },
}) as unknown as SinkPlugin;

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly loadPlugin?: LoadOptions["loadPlugin"];
  /** The built-in ones; default: chat alone. */
  readonly plugins?: readonly SinkPlugin[];
}

/** Loads a text as if it were relay.config.yaml in /etc/relay. */
export function load(text: string, surroundings: Surroundings = {}): Promise<LoadResult> {
  const { env = {}, files = {}, loadPlugin, plugins = [chat] } = surroundings;
  return loadConfig({
    file: "/etc/relay/relay.config.yaml",
    text,
    env,
    readFile(path) {
      const content = files[path];
      if (content === undefined) throw new Error("ENOENT");
      return content;
    },
    plugins,
    loadPlugin: loadPlugin ?? ((specifier) => Promise.reject(new Error(`there is no ${specifier}`))),
  });
}

/** Every problem as people read it, without the file's folder. */
export async function problemsOf(text: string, surroundings?: Surroundings): Promise<string[]> {
  const { problems } = await load(text, surroundings);
  return problems.map((problem) => formatProblem({ ...problem, file: "relay.config.yaml" }));
}
