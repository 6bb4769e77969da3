import { z } from "zod";
import { faultsOf } from "./slack-blocks.ts";

/** The form that a call of the Web API arrives as; objects in it are JSON. */
export type Form = Readonly<Record<string, string>>;

/** What Slack answers with `ok: false`: the error, and what comes with it. */
export class Refusal extends Error {
  readonly more: Readonly<Record<string, unknown>>;
  constructor(error: string, more: Readonly<Record<string, unknown>> = {}) {
    super(error);
    this.more = more;
  }
}

export function contentOf(form: Form): { text: string; blocks: readonly unknown[] } {
  const blocks = z.array(z.looseObject({ type: z.string() })).safeParse(json(form["blocks"] ?? "[]"));
  if (!blocks.success) throw new Refusal("invalid_blocks_format");
  const text = (form["text"] ?? "").slice(0, 40_000);
  if (text.trim() === "" && blocks.data.length === 0) throw new Refusal("no_text");
  const faults = faultsOf(blocks.data).map((pointer) => `[ERROR] refused [json-pointer:${pointer}]`);
  if (faults.length > 0) throw new Refusal("invalid_blocks", { response_metadata: { messages: faults } });
  return { text, blocks: blocks.data };
}

export function metadataOf({ metadata }: Form): unknown {
  if (metadata === undefined) return undefined;
  const parsed = z.strictObject({ event_type: z.string(), event_payload: z.looseObject({}) }).safeParse(json(metadata));
  if (!parsed.success) throw new Refusal("invalid_metadata_format");
  return parsed.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
