import { join } from "node:path";
import { expect, test } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { sign } from "../../src/cal/signature.ts";
import { judge, type Judgement } from "../../src/cli/refusal.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/open.ts";
import { tempFolder } from "../support/temp.ts";

const compact = sample("PING");
const pretty = JSON.stringify(JSON.parse(compact), null, 2);

const COMPARED = "it was checked against secret 1 and secret 2 of cal";

async function configOf(folder: string): Promise<Config> {
  const text = `
storage: sqlite:${folder}/relay.db
server: { bodyLimit: 10KiB }
sources:
  cal: { secret: [first-secret, second-secret] }
  team: { secret: team-secret }
  open: { signature: off }
  made: {}
`;
  const { config } = await loadConfig({
    file: "relay.config.yaml",
    text,
    env: {},
    readFile: () => "",
    plugins: [],
    loadPlugin: () => Promise.reject(new Error("there are none")),
  });
  if (config === null) throw new Error("the configuration has problems");
  return config;
}

async function judged(body: string, signature: string | undefined, source = "cal"): Promise<Judgement> {
  return judge(await configOf("/nowhere"), { source, body: Buffer.from(body), signature });
}

test.each([
  ["absent", "signature_missing", []],
  ["no-secret-provided", "no_secret", []],
])("says what is wrong with the signature %s", async (signature, error, hints) => {
  expect(await judged(compact, signature)).toMatchObject({
    isRefused: true,
    answer: { status: 401, body: { error } },
    hints,
  });
});

test.each([
  [
    "of another source",
    compact,
    sign(compact, "team-secret"),
    /^it fits the source team: its URL should end in \/hooks\/team/,
  ],
  ["in another spelling", compact, `sha256=${sign(compact, "second-secret")}`, /as Cal.com writes it: lower-case hex/],
  [
    "of a body without its last line break",
    `${compact}\n`,
    sign(compact, "first-secret"),
    /^secret 1 fits the body without the line break/,
  ],
  ["of a body that was reformatted", pretty, sign(compact, "second-secret"), /^secret 2 fits the body as compact JSON/],
  [
    "of a secret pasted with its line break",
    compact,
    sign(compact, "first-secret\n"),
    /^secret 1 fits but for blanks or a line break/,
  ],
  [
    "of nobody's",
    compact,
    sign(compact, "canary"),
    /^either the body was changed on its way .* or it was signed with the secret of another/,
  ],
])("a signature %s is refused with its likely cause, and no secret is told", async (_, body, signature, hint) => {
  const judgement = await judged(body, signature);
  expect(judgement).toMatchObject({
    isRefused: true,
    answer: { status: 401, body: { error: "signature_wrong" } },
    hints: [COMPARED, expect.stringMatching(hint)],
  });
  expect(JSON.stringify(judgement)).not.toMatch(/-secret/);
});

test("a body is judged as the relay does: by its size first, then its source", async () => {
  const large = "x".repeat(10_241);
  expect(await judged(large, undefined, "nowhere")).toMatchObject({
    answer: { status: 413 },
    hints: ["it has 10,241 bytes of at most 10,240"],
  });
  expect(await judged(compact, undefined, "nowhere")).toMatchObject({
    answer: { status: 404 },
    hints: ['"nowhere" is none of them; known: cal, team, open, made'],
  });
});

test("a signature that is right is told by its secret's place", async () => {
  expect(await judged(compact, sign(compact, "second-secret"))).toEqual({
    isRefused: false,
    signature: "right, by secret 2",
  });
  expect(await judged(compact, "anything", "open")).toMatchObject({
    isRefused: false,
    signature: expect.stringContaining("not asked for"),
  });
  expect(await judged(compact, undefined)).toEqual({ isRefused: false, signature: null });
});

test("a source without a secret is judged by the one that the relay made", async () => {
  const folder = tempFolder();
  const ledger = await openSqliteLedger({ file: join(folder, "relay.db"), now: Date.now, mode: "relay" });
  await ledger.secret("made", "generated-secret");
  await ledger.close();
  const posted = { source: "made", body: Buffer.from(compact), signature: sign(compact, "generated-secret") };
  const config = await configOf(folder);
  expect(await judge(config, posted)).toEqual({
    isRefused: false,
    signature: "right, by the secret that the relay made",
  });
  expect(await judge(config, { ...posted, signature: sign(compact, "else") })).toMatchObject({
    hints: ["it was checked against the secret that the relay made for made", expect.any(String)],
  });
});
