import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { sign } from "../../src/cal/signature.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

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
  post(body: string, secret?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  get(path: string): Promise<{ status: number; text: string }>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Finished>;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command of the real program to its end, or to the test's. */
export function runProgram(args: readonly string[], options: ProgramOptions): Promise<Finished> {
  const child = start(args, options);
  onTestFinished(() => void child.kill("SIGKILL"));
  return finished(child);
}

/** Starts the real program as a process and waits until it is ready. */
export async function startProgram(options: ProgramOptions & { args?: readonly string[] }): Promise<RunningRelay> {
  const child = start(["start", ...(options.args ?? [])], options);
  const end = finished(child);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await end;
  });
  let printed = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const ready = /"port":(\d+).*"msg":"ready"/.exec(printed);
      if (ready !== null) resolve(Number(ready[1]));
    });
    end.then(({ code, stderr }) => reject(new Error(`ended with ${code} before it was ready: ${stderr}`)), reject);
  });
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    pid: child.pid ?? 0,
    output: () => printed,
    async post(body, secret = "e2e-secret") {
      const headers = { "content-type": "application/json", "x-cal-signature-256": sign(body, secret) };
      const response = await fetch(`${url}/hooks/cal`, { method: "POST", headers, body });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async get(path) {
      const response = await fetch(`${url}${path}`);
      return { status: response.status, text: await response.text() };
    },
    end(signal) {
      child.kill(signal);
      return end;
    },
  };
}

function start(args: readonly string[], { cwd, env = {} }: ProgramOptions): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
    cwd,
    // Nothing of the machine's own settings or tokens reaches the program.
    env: { PATH: process.env["PATH"], HOME: cwd, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
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
