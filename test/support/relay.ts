import { createHmac } from "node:crypto";
import { onTestFinished } from "vitest";
import { startRelay, type Relay } from "../../src/app.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { builtInSinks } from "../../plugins/index.ts";
import { tempFolder } from "./temp.ts";

export interface TestRelay {
  readonly relay: Relay;
  readonly url: string;
  readonly folder: string;
  /** Every log line so far. */
  readonly lines: readonly string[];
  readonly post: (body: string | Uint8Array, headers?: Record<string, string>, source?: string) => Promise<Answered>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A signature as Cal.com makes it, by means of its own. */
export function signed(body: string | Uint8Array, secret = "test-secret"): Record<string, string> {
  return { "x-cal-signature-256": createHmac("sha256", secret).update(body).digest("hex") };
}

/** The whole relay in this process, on a scratch ledger. `yaml` goes below `server` and `storage`. */
export async function testRelay(
  yaml: string,
  env: Readonly<Record<string, string>> = {},
  { port = 0, folder = tempFolder(), grace = "1s" } = {},
): Promise<TestRelay> {
  const text = `server: { host: 127.0.0.1, port: ${port}, bodyLimit: 64KiB, shutdownGrace: ${grace} }\nstorage: sqlite:${folder}/relay.db\n${yaml}`;
  const { config, problems } = await loadConfig({
    file: "relay.config.yaml",
    text,
    env: { FOLDER: folder, ...env },
    readFile: () => {
      throw new Error("no files here");
    },
    plugins: builtInSinks,
    loadPlugin: () => Promise.reject(new Error("no plugins here")),
  });
  if (config === null) throw new Error(problems.map(formatProblem).join("\n"));
  const lines: string[] = [];
  const relay = await startRelay({
    config,
    level: "debug",
    destination: { write: (line: string) => void lines.push(line) },
  });
  onTestFinished(() => relay.close());
  const url = `http://127.0.0.1:${relay.port}`;

  return {
    relay,
    url,
    folder,
    lines,
    async post(body, headers = signed(body), source = "cal") {
      const response = await fetch(`${url}/hooks/${source}`, {
        method: "POST",
        body: typeof body === "string" ? body : Buffer.from(body),
        headers,
        redirect: "manual",
      });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as Record<string, unknown>,
      };
    },
  };
}
