import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { SinkFailure } from "../../src/sdk/index.ts";
import { bench, isRead, isToken, isWrite, row, SPREADSHEET } from "../support/google-sheets-bench.ts";

const HEADER = [["Booking", "Status"]];
const MESSAGE = row({ Booking: "a-guest-of-ours", Status: "ACCEPTED" }, { key: "Booking" });

interface Case {
  readonly status: number;
  readonly error?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly read: object;
  readonly write?: object;
}

const disabled = {
  status: "PERMISSION_DENIED",
  details: [{ "@type": "type.googleapis.com/x", reason: "SERVICE_DISABLED" }],
};
const cases: Record<string, Case> = {
  "a quota that is used up": {
    status: 429,
    error: { status: "RESOURCE_EXHAUSTED" },
    read: { outcome: "rate-limited", retryAfter: 60 },
  },
  "a quota that says how long": {
    status: 429,
    headers: { "retry-after": "9" },
    read: { outcome: "rate-limited", retryAfter: 9 },
  },
  "a quota of the older kind": {
    status: 403,
    error: { status: "PERMISSION_DENIED", errors: [{ reason: "userRateLimitExceeded" }] },
    read: { outcome: "rate-limited", retryAfter: 60 },
  },
  "a pause that says how long": {
    status: 503,
    headers: { "retry-after": "9" },
    read: { outcome: "rate-limited", retryAfter: 9 },
  },
  "a spreadsheet that is not shared": {
    status: 403,
    error: { status: "PERMISSION_DENIED" },
    read: {
      outcome: "misconfigured",
      message: expect.stringContaining("share the spreadsheet with relay@example-project"),
    },
  },
  "an API that is off": {
    status: 403,
    error: disabled,
    read: { outcome: "misconfigured", message: expect.stringContaining("turn on the Google Sheets API") },
  },
  "a spreadsheet that is gone": { status: 404, error: { status: "NOT_FOUND" }, read: { outcome: "rejected" } },
  "a tab that is gone": {
    status: 400,
    error: { status: "INVALID_ARGUMENT" },
    read: { outcome: "rejected", message: expect.stringContaining("no such tab") },
    write: { outcome: "rejected", message: expect.stringContaining("refuses the request") },
  },
  "a row that is too large": { status: 413, read: { outcome: "rejected" } },
  "a redirect": { status: 302, headers: { location: "/elsewhere" }, read: { outcome: "misconfigured" } },
  ...Object.fromEntries(
    [408, 409, 500, 502, 503, 504].map((status) => [
      `a failure of Google's (${status})`,
      {
        status,
        read: { outcome: "unavailable", ambiguous: false },
        write: { outcome: "unavailable", ambiguous: true },
      },
    ]),
  ),
};

test.each(Object.entries(cases))(
  "tells %s by its fields",
  async (_name, { status, error, headers = {}, read, write = read }) => {
    const { google, sink } = await bench(HEADER);
    const answer = {
      kind: "answer",
      status,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ error: { code: status, message: "Refused.", ...error } }),
    } as const;
    google.misbehave(answer, isRead);
    await expect(sink.deliver(MESSAGE)).rejects.toMatchObject(read);
    google.misbehave(answer, isWrite);
    await expect(sink.deliver(MESSAGE)).rejects.toMatchObject(write);
    expect(google.requests.filter(isRead)).toHaveLength(2);
    expect(google.requests.filter(isWrite)).toHaveLength(1);
  },
);

test("names what the stand-in itself refuses: no such spreadsheet, no such tab, not shared", async () => {
  const { google, sink } = await bench(HEADER);
  await expect(sink.deliver({ spreadsheet: "unknown", row: { A: 1 } })).rejects.toMatchObject({ outcome: "rejected" });
  await expect(sink.deliver(row({ Booking: "one" }, { sheet: "Gone" }))).rejects.toMatchObject({
    outcome: "rejected",
    answer: { status: 400, code: "INVALID_ARGUMENT", message: "Unable to parse range: 'Gone'!1:1" },
  });
  google.unshare(SPREADSHEET);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "misconfigured" });
});

test.each([
  ["a page", "text/html", "<!doctype html><title>Hello</title>"],
  ["half a text", "application/json", '{"valueRanges":[{"va'],
  ["another shape", "application/json", "{}"],
])("takes %s with HTTP 200 for no answer, unknown only where it wrote", async (_what, type, body) => {
  const { google, sink } = await bench(HEADER);
  const answer = { kind: "answer", status: 200, headers: { "content-type": type }, body } as const;
  google.misbehave(answer, isRead);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
  google.misbehave(answer, isWrite);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
});

test.each(["reset", "truncate"] as const)("knows that nothing was written when a reading ends so: %s", async (kind) => {
  const { google, sink } = await bench(HEADER);
  google.misbehave({ kind }, isRead);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
  google.misbehave({ kind }, isWrite);
  await expect(sink.deliver(MESSAGE)).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
});

test.each([
  ["token", isToken, false],
  ["reading", isRead, false],
  ["writing", isWrite, true],
] as const)("gives up at once on abort while the %s hangs", async (_what, when, ambiguous) => {
  const { google, sink, rows } = await bench(HEADER);
  google.misbehave({ kind: "hang" }, when);
  const abort = new AbortController();
  const trying = sink.deliver(MESSAGE, { signal: abort.signal });
  trying.catch(() => undefined);
  await expect.poll(() => google.requests.filter(when)).toHaveLength(1);
  abort.abort();
  await expect(trying).rejects.toMatchObject({ outcome: "unavailable", ambiguous });
  await sink.deliver(MESSAGE);
  expect(rows()).toHaveLength(2);
});

test("tells neither key nor token, in errors, answers and log lines alike", async () => {
  const { google, sink } = await bench(HEADER);
  const [, pem = ""] = /KEY-----\\n(.{40})/.exec(google.credentials) ?? [];
  const failures: SinkFailure[] = [];
  const note = (failure: SinkFailure): void => void failures.push(failure);
  for (const when of [isToken, isRead, isWrite])
    for (const how of [{ kind: "answer", status: 500 }, { kind: "answer", status: 400 }, { kind: "reset" }] as const) {
      google.misbehave(how, when);
      if (when === isToken) google.revokeTokens();
      await sink.deliver(MESSAGE).then(() => undefined, note);
    }
  const told = [...failures.map((failure) => inspect(failure, { depth: 8, showHidden: true })), ...sink.lines].join(
    "\n",
  );
  expect(failures).toHaveLength(9);
  expect([pem, ...google.tokens, "a-guest-of-ours"].filter((secret) => told.includes(secret))).toEqual([]);
});
