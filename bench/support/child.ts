import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface ChildOptions {
  /** Its working directory, where its output is kept too. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to its being ready. */
  readonly readyMs: number;
  /** Ends it gracefully and waits for that. */
  end(): Promise<void>;
}

const READY = /"port":(\d+).*"msg":"ready"/;
const PATIENCE_MS = 60_000;
let outputs = 0;

/**
 * Starts a TypeScript program as a process of its own and waits for the line of JSON on its output that says it is ready, and on which
 * port. Its output goes to a file, so that reading it costs the measuring process nothing.
 */
export async function startServer(args: readonly string[], options: ChildOptions): Promise<Server> {
  const startedAt = performance.now();
  const child = launch(args, options);
  const deadline = startedAt + PATIENCE_MS;
  let port: string | undefined;
  try {
    while (port === undefined) {
      await sleep(2);
      port = READY.exec(readFileSync(child.output, "utf8"))?.[1];
      if (port === undefined && (child.isOver() || performance.now() > deadline)) throw child.failure();
    }
  } catch (error) {
    await child.end("SIGKILL");
    throw error;
  }
  const end = (): Promise<void> => child.end("SIGTERM");
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    readyMs: performance.now() - startedAt,
    end,
    [Symbol.asyncDispose]: end,
  };
}

/** Runs a program to its end and returns what it printed. Throws, with that, unless it exits with 0. */
export async function run(args: readonly string[], options: ChildOptions): Promise<string> {
  const child = launch(args, options);
  if ((await child.over) !== 0) throw child.failure();
  return readFileSync(child.output, "utf8");
}

interface Launched {
  readonly pid: number;
  /** The file of what it prints. */
  readonly output: string;
  /** Resolves with the exit code. */
  readonly over: Promise<number | null>;
  isOver(): boolean;
  failure(): Error;
  end(signal: NodeJS.Signals): Promise<void>;
}

function launch(args: readonly string[], { folder, env = {}, flags = [] }: ChildOptions): Launched {
  const output = join(folder, `output-${++outputs}.log`);
  const file = openSync(output, "w");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...flags, ...args], {
    cwd: folder,
    // Nothing of the machine's own settings or tokens reaches the program.
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
    stdio: ["ignore", file, file],
  });
  closeSync(file);
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const over = once(child, "exit").then(([code]) => {
    process.off("exit", kill);
    return typeof code === "number" ? code : null;
  });
  return {
    pid: child.pid ?? 0,
    output,
    over,
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    failure: () => new Error(`${args.join(" ")} failed: ${readFileSync(output, "utf8").slice(-2_000)}`),
    async end(signal) {
      child.kill(signal);
      await over;
    },
  };
}
