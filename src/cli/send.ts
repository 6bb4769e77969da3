import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { sample, sampleNames } from "../cal/samples.ts";
import { sign } from "../cal/signature.ts";
import type { Config } from "../config/config.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { isFile, readBytes } from "./files.ts";
import { besideRelay, command, print, printJson, requireConfig, stop, Stopped, type CommonOptions } from "./io.ts";

interface SendOptions extends CommonOptions {
  readonly url?: string;
  readonly secret?: string;
}

export function send(): Command {
  return command("send TRIGGER|FILE", "sign a bundled sample or a file and post it to a running relay")
    .argument("<what>", "a trigger, another bundled sample, or a file")
    .option("--url <url>", "the relay's hook (default: the configuration's port and first source)")
    .option("--secret <secret>", "what to sign with (default: the source's)")
    .action(async (what: string, options: SendOptions) => {
      const body = bodyOf(what);
      const { url, secret } = await destination(options);
      const answer = await post(url, body, secret);
      if (options.json) printJson(answer);
      else print(`${answer.status} ${JSON.stringify(answer.body)}`);
      if (isDuplicate(answer))
        process.stderr.write("cal-relay: taken before, so nothing is delivered again; `retry` does that\n");
      if (answer.status >= 300) throw new Stopped(1);
    });
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** Posts a body as Cal.com does. */
export async function post(url: string, body: string, secret: string | undefined): Promise<Answered> {
  const signature = secret === undefined ? "no-secret-provided" : sign(body, secret);
  const headers = {
    "content-type": "application/json",
    "x-cal-signature-256": signature,
    "x-cal-webhook-version": "2021-10-20",
  };
  let response: Response;
  try {
    response = await fetch(url, { method: "POST", headers, body, redirect: "manual" });
  } catch {
    return stop(`no relay answers at ${url}; start it with \`cal-relay start\`, or name another with --url`);
  }
  const text = await response.text();
  return { status: response.status, body: parse(text) };
}

function bodyOf(what: string): string {
  if (sampleNames.includes(what)) return sample(what);
  if (isFile(what)) return Buffer.from(readBytes(what)).toString();
  const hint = didYouMean(what, sampleNames) || `; there are ${sampleNames.join(", ")}`;
  return stop(`"${what}" is neither a file nor a bundled sample${hint}`);
}

async function destination(options: SendOptions): Promise<{ url: string; secret: string | undefined }> {
  if (options.url !== undefined && options.secret !== undefined) return { url: options.url, secret: options.secret };
  const config = await requireConfig(options);
  const named = /\/hooks\/([a-z0-9-]+)\/?$/.exec(options.url ?? "")?.[1];
  const source = config.sources.find(({ name }) => named === undefined || name === named);
  if (source === undefined) return stop(`no source "${named}" in the configuration; name the secret with --secret`);
  const url = options.url ?? `http://127.0.0.1:${config.server.port}/hooks/${source.name}`;
  return { url, secret: options.secret ?? source.secrets[0] ?? (await generatedSecret(config, source.name)) };
}

/** The secret the relay makes for a source that has none. */
export function generatedSecret(config: Config, source: string): Promise<string> {
  return besideRelay(config, (ledger) => ledger.secret(source, randomBytes(32).toString("hex")));
}

function isDuplicate({ body }: Answered): boolean {
  return typeof body === "object" && body !== null && "status" in body && body.status === "duplicate";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
