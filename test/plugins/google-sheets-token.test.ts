import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import plugin from "../../plugins/google-sheets/index.ts";
import { bench, isRead, isToken, isWrite, row } from "../support/google-sheets-bench.ts";
import { openSink } from "../../src/sdk/testing/open-sink.ts";
import { tempFolder } from "../support/temp.ts";

const HEADER = [["Booking", "Status"]];
const MESSAGE = row({ Booking: "one", Status: "ACCEPTED" }, { key: "Booking" });
const UNAUTHENTICATED = {
  kind: "answer",
  status: 401,
  headers: { "content-type": "application/json" },
  body: '{"error":{"code":401,"status":"UNAUTHENTICATED","message":"Refused."}}',
} as const;

test("asks for one token and keeps it", async () => {
  const { google, sink } = await bench(HEADER);
  await sink.deliver(MESSAGE);
  await sink.deliver(MESSAGE);
  expect(google.tokens).toHaveLength(1);
});

test("asks for another when the token is about to expire", async () => {
  const { google, sink } = await bench(HEADER, { tokenLifetimeSeconds: 120 });
  await sink.deliver(MESSAGE);
  await sink.deliver(MESSAGE);
  expect(google.tokens.length).toBeGreaterThan(1);
});

test("replaces a token that was revoked, within the same try", async () => {
  const { google, sink, rows } = await bench(HEADER);
  await sink.deliver(MESSAGE);
  google.revokeTokens();
  await sink.deliver(row({ Booking: "two" }, { key: "Booking" }));
  expect(rows()).toHaveLength(3);
  expect(google.tokens).toHaveLength(2);
});

test("needs mending when a fresh token is refused too", async () => {
  const { google, sink } = await bench(HEADER);
  google.misbehave(UNAUTHENTICATED, isRead);
  google.misbehave(UNAUTHENTICATED, isRead);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "misconfigured" });
  expect(google.requests.filter(isRead)).toHaveLength(2);
});

test("reads the key file again after Google refused its key", async () => {
  const { google, rows } = await bench(HEADER);
  const credentials = join(tempFolder(), "google.json");
  const account: object = JSON.parse(google.credentials);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const deleted = privateKey.export({ type: "pkcs8", format: "pem" });
  writeFileSync(credentials, JSON.stringify({ ...account, private_key: deleted }));
  const sink = await openSink(plugin, { credentials, apiUrl: google.url, tokenUrl: google.tokenUrl });
  onTestFinished(() => sink.close());
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "misconfigured" });
  writeFileSync(credentials, google.credentials);
  await sink.deliver(MESSAGE);
  expect(rows()).toHaveLength(2);
});

test("never writes twice in one try: a token that is refused then is replaced by the next", async () => {
  const { google, sink } = await bench(HEADER);
  google.misbehave(UNAUTHENTICATED, isWrite);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
  expect(google.requests.filter(isWrite)).toHaveLength(1);
  await sink.deliver(MESSAGE);
  expect(google.tokens).toHaveLength(2);
});

test.each(["invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope"])(
  "needs mending when no token is given: %s",
  async (error) => {
    const { google, sink } = await bench(HEADER);
    const body = JSON.stringify({ error, error_description: "Refused." });
    google.misbehave({ kind: "answer", status: 400, headers: { "content-type": "application/json" }, body }, isToken);
    await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({
      outcome: "misconfigured",
      message: expect.stringContaining(error),
      answer: { status: 400, code: error },
    });
    expect(google.requests).toHaveLength(1);
  },
);

test.each([
  ["HTTP 500", { kind: "answer", status: 500 }, { outcome: "unavailable", ambiguous: false }],
  ["HTTP 429", { kind: "answer", status: 429 }, { outcome: "rate-limited", retryAfter: 60 }],
  ["HTTP 302", { kind: "answer", status: 302, headers: { location: "/" } }, { outcome: "misconfigured" }],
  ["a page", { kind: "answer", status: 200, body: "<html>" }, { outcome: "unavailable", ambiguous: false }],
  ["no JSON object", { kind: "answer", status: 200, body: "null" }, { outcome: "unavailable", ambiguous: false }],
  ["a reset", { kind: "reset" }, { outcome: "unavailable", ambiguous: false }],
  ["half an answer", { kind: "truncate" }, { outcome: "unavailable", ambiguous: false }],
] as const)("tells what became of the token's request from %s, in one request", async (_name, how, failure) => {
  const { google, sink } = await bench(HEADER);
  google.misbehave(how, isToken);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject(failure);
  expect(google.requests).toHaveLength(1);
  await sink.deliver(MESSAGE);
});
