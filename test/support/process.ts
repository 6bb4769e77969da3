import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sign } from "../../src/cal/signature.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const fromSource = [process.execPath, "--disable-warning=ExperimentalWarning", main];

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningRelay {
  readonly url: string;
  readonly pid: number;
  /** What it printed so far. */
  output(): string;
  /** Posts a body to /hooks/cal, signed with `e2e-secret`. Rejects when the connection breaks. */
  post(body: string, secret?: string): Promise<Answered>;
  get(path: string): Promise<{ status: number; text: string }>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Finished>;
  /** Resolves with its end, whoever brings it about. */
  readonly over: Promise<Finished>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is run: the sources, unless told otherwise. */
  readonly program?: readonly string[];
  /** What it reads from standard input; nothing without it. */
  readonly input?: string;
}

export interface Launched {
  readonly child: ChildProcess;
  /** Settles once the process is gone and everything it printed is read. */
  readonly over: Promise<Finished>;
}

/** Starts the real program as a process. Whoever does so ends it. */
export function launch(
  args: readonly string[],
  { cwd, env = {}, program = fromSource, input = "" }: ProgramOptions,
): Launched {
  const [command = "", ...first] = program;
  const child = spawn(command, [...first, ...args], {
    cwd,
    // Nothing of the machine's own settings or tokens reaches the program.
    env: { PATH: process.env["PATH"], HOME: cwd, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // It may end without having read.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return { child, over: finished(child) };
}

/** The relay that was launched, once it is ready. Rejects when it ends before. */
export async function untilReady({ child, over }: Launched): Promise<RunningRelay> {
  let printed = "";
  const ready = Promise.withResolvers<number>();
  let isReady = false;
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (isReady) return;
    const [, port] = /"port":(\d+).*"msg":"ready"/.exec(printed) ?? [];
    isReady = port !== undefined;
    if (isReady) ready.resolve(Number(port));
  });
  over.then(
    ({ code, stderr }) => ready.reject(new Error(`ended with ${code} before it was ready: ${stderr}`)),
    ready.reject,
  );
  const url = `http://127.0.0.1:${await ready.promise}`;

  return {
    url,
    pid: child.pid ?? 0,
    output: () => printed,
    async post(body, secret = "e2e-secret") {
      const headers = { "content-type": "application/json", "x-cal-signature-256": sign(body, secret) };
      const response = await fetch(`${url}/hooks/cal`, { method: "POST", headers, body });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as Record<string, unknown>,
      };
    },
    async get(path) {
      const response = await fetch(`${url}${path}`);
      return { status: response.status, text: await response.text() };
    },
    end(signal) {
      child.kill(signal);
      return over;
    },
    over,
  };
}

function finished(child: ChildProcess): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
