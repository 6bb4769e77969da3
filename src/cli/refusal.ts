import { checkSignature, sign } from "../cal/signature.ts";
import type { Config, SourceConfig } from "../config/config.ts";
import { instead } from "../config/wording.ts";
import { answerTo, TOO_LARGE, type Answer } from "../ingest/answers.ts";
import { generatedSecret } from "./send.ts";

/** A body as it would be posted. */
export interface Posted {
  readonly source: string;
  readonly body: Uint8Array;
  /** The value of X-Cal-Signature-256; `absent` where there was no such header; undefined where nobody knows. */
  readonly signature: string | undefined;
}

/** What the relay would answer before it looks into a body. */
export type Judgement =
  /** `signature` is what was found of it; null where nothing was given to look at. */
  | { readonly isRefused: false; readonly signature: string | null }
  | { readonly isRefused: true; readonly answer: Answer; readonly hints: readonly string[] };

/** Judges a body as `POST /hooks/:source` does, and looks for the cause where it would be refused. Tells no secret. */
export async function judge(config: Config, posted: Posted): Promise<Judgement> {
  const { bodyLimit } = config.server;
  const { length } = posted.body;
  if (length > bodyLimit)
    return refused(TOO_LARGE, [`it has ${counted(length)} bytes of at most ${counted(bodyLimit)}`]);
  const source = config.sources.find(({ name }) => name === posted.source);
  if (source === undefined)
    return refused(answerTo({ status: "refused", reason: "unknown-source" }), [unknown(config, posted)]);
  if (posted.signature === undefined) return taken(null);
  if (source.signature === "off") return taken("not asked for: the source has `signature: off`");
  return judgeSignature(config, source, { ...posted, signature: posted.signature });
}

type Signed = Posted & { readonly signature: string };

async function judgeSignature(config: Config, source: SourceConfig, posted: Signed): Promise<Judgement> {
  const { body } = posted;
  const header = posted.signature === "absent" ? undefined : posted.signature;
  const early = checkSignature(header, body, source.secrets);
  if (early === "missing" || early === "no-secret") return refused(answerTo({ status: "refused", reason: early }), []);
  const isOwn = source.secrets.length > 0;
  const secrets = isOwn ? source.secrets : [await generatedSecret(config, source.name)];
  const names = isOwn ? source.secrets.map((_, index) => `secret ${index + 1}`) : ["the secret that the relay made"];
  const fitting = secrets.findIndex((secret) => checkSignature(header, body, [secret]) === "verified");
  if (fitting >= 0) return taken(`right, by ${names[fitting]}`);
  return refused(answerTo({ status: "refused", reason: "wrong" }), [
    `it was checked against ${names.join(" and ")} ${isOwn ? "of" : "for"} ${source.name}`,
    causeOf(config, { ...posted, secrets, names }),
  ]);
}

interface Wrong extends Signed {
  readonly secrets: readonly string[];
  readonly names: readonly string[];
}

const COMMON_CAUSES =
  "either the body was changed on its way or when it was saved (a proxy, an editor), or it was signed with the secret of another webhook";

/** The commonest mistakes, tried one after the other; those that fit none are left to the reader. */
function causeOf({ sources }: Config, wrong: Wrong): string {
  return otherSource(sources, wrong) ?? otherHeader(wrong) ?? otherBody(wrong) ?? otherSecret(wrong) ?? COMMON_CAUSES;
}

function otherSource(sources: readonly SourceConfig[], { source, signature, body }: Wrong): string | undefined {
  const other = sources.find(
    ({ name, secrets }) => name !== source && checkSignature(signature, body, secrets) === "verified",
  );
  return (
    other &&
    `it fits the source ${other.name}: its URL should end in /hooks/${other.name}, or the webhook has the wrong secret in Cal.com`
  );
}

function otherHeader({ signature, body, secrets }: Wrong): string | undefined {
  const plain = signature
    .trim()
    .toLowerCase()
    .replace(/^sha256=/, "");
  if (plain === signature || checkSignature(plain, body, secrets) !== "verified") return undefined;
  return "it would fit as Cal.com writes it: lower-case hex and nothing else";
}

function otherBody({ signature, body, secrets, names }: Wrong): string | undefined {
  const text = Buffer.from(body).toString();
  const changes = [
    ["without the line break at its end, which an editor adds", text.replace(/\r?\n$/, "")],
    ["as compact JSON: it was reformatted on its way, or when it was saved", compact(text)],
  ] as const;
  for (const [what, changed] of changes) {
    const at = secrets.findIndex((secret) => sign(changed, secret) === signature);
    if (at >= 0) return `${names[at]} fits the body ${what}`;
  }
  return undefined;
}

/** As it comes out of copying: with a line break or a blank more, or less, than here. */
function otherSecret({ signature, body, secrets, names }: Wrong): string | undefined {
  const at = secrets.findIndex((secret) =>
    [secret.trim(), `${secret}\n`, `${secret} `, ` ${secret}`].some((one) => sign(body, one) === signature),
  );
  return at < 0 ? undefined : `${names[at]} fits but for blanks or a line break around it: paste it anew in Cal.com`;
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function unknown({ sources }: Config, { source }: Posted): string {
  return `"${source}" is none of them${instead(
    source,
    sources.map(({ name }) => name),
  )}`;
}

function taken(signature: string | null): Judgement {
  return { isRefused: false, signature };
}

function refused(answer: Answer, hints: readonly string[]): Judgement {
  return { isRefused: true, answer, hints };
}

function counted(bytes: number): string {
  return bytes.toLocaleString("en");
}
