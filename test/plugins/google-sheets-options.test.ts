import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import plugin from "../../plugins/google-sheets/index.ts";
import { ADDRESS_REFUSED } from "../../src/sdk/index.ts";
import { bench, row, SPREADSHEET } from "../support/google-sheets-bench.ts";
import { openTokenDesk } from "../support/google-sheets-tokens.ts";
import { openSink } from "../../src/sdk/testing/open-sink.ts";

const { credentials } = openTokenDesk(60);
const keyFile: object = JSON.parse(credentials);
const PEM = /KEY-----\\n(.{40})/.exec(credentials)?.[1] ?? "";

const wrongKeyFiles: [string, string, string, string][] = [
  ["no JSON", `{"private_key": "${PEM}`, "credentials", "expected the JSON of a key file, which this is not"],
  ["a user's login", edited({ type: "authorized_user" }), "credentials.type", 'expected "service_account"'],
  [
    "no address",
    edited({ client_email: 1 }),
    "credentials.client_email",
    "expected the service account's e-mail address",
  ],
  ["no key", edited({ private_key: undefined }), "credentials.private_key", "expected the private key, in PEM"],
  ["half a key", edited({ private_key: PEM }), "credentials.private_key", "expected a private key in PEM"],
];

test.each(wrongKeyFiles)("refuses a key file with %s, and never shows it", (_what, wrong, path, message) => {
  const issues = plugin.connection.safeParse({ credentials: wrong }).error?.issues ?? [];
  expect(issues.map((issue) => [issue.path.join("."), issue.message])).toEqual([
    [path, expect.stringContaining(message)],
  ]);
  expect(JSON.stringify(issues)).not.toContain(PEM);
});

test.each(wrongKeyFiles.slice(1))(
  "refuses a file that holds a key file with %s, when it is opened",
  async (...wrong) => {
    const [, content, path, message] = wrong;
    const file = await written(content);
    await expect(openSink(plugin, { credentials: file })).rejects.toMatchObject({
      outcome: "misconfigured",
      message: expect.stringContaining(`${path}: ${message}`),
    });
  },
);

test("says that a key file cannot be read, and not where it is", async () => {
  await expect(openSink(plugin, { credentials: "/nowhere/google.json" })).rejects.toMatchObject({
    outcome: "misconfigured",
    message: "credentials: the key file cannot be read (ENOENT); expected its path, or the JSON itself",
  });
});

test.each([
  ["the path of the key file", () => written(credentials)],
  ["a key whose line breaks are written out", () => credentials.replaceAll("\\n", "\\\\n")],
])("takes %s", async (_what, given) => {
  const { google, rows } = await bench([["Booking"]]);
  const sink = await openSink(plugin, { credentials: await given(), apiUrl: google.url, tokenUrl: google.tokenUrl });
  onTestFinished(() => sink.close());
  await sink.deliver(row({ Booking: "one" }));
  expect(rows()).toHaveLength(2);
});

test.each(["https://proxy.example.com/google", "https://proxy.example.com/?a=b", "ftp://proxy.example.com", "proxy"])(
  "refuses %s as apiUrl",
  (apiUrl) => {
    const { error } = plugin.connection.safeParse({ credentials: "/key.json", apiUrl });
    expect(error?.issues).toMatchObject([{ path: ["apiUrl"] }]);
  },
);

test("reaches private addresses only where apiUrl and tokenUrl are set", async () => {
  const allowed: unknown[] = [];
  const sink = await openSink(plugin, { credentials });
  onTestFinished(() => sink.close());
  const fetch = (url: string | URL, init?: { allowPrivateNetwork?: unknown }): Promise<never> => {
    allowed.push([String(url), init?.allowPrivateNetwork]);
    return Promise.reject(Object.assign(new TypeError("fetch failed"), { code: ADDRESS_REFUSED }));
  };
  await expect(sink.deliver(row({ Booking: "one" }), { fetch })).rejects.toMatchObject({ outcome: "misconfigured" });
  expect(allowed).toEqual([["https://oauth2.googleapis.com/token", false]]);
});

test.each([
  SPREADSHEET,
  `https://docs.google.com/spreadsheets/d/${SPREADSHEET}/edit?gid=0#gid=0`,
  `https://docs.google.com/spreadsheets/u/1/d/${SPREADSHEET}/edit`,
])("takes %s for a spreadsheet", (spreadsheet) => {
  expect(plugin.message.parse(row({ A: 1 }, { spreadsheet }))).toMatchObject({ spreadsheet: SPREADSHEET });
});

test.each([
  ["spreadsheet", { spreadsheet: "https://example.com/sheet" }],
  ["spreadsheet", { spreadsheet: "../secret" }],
  ["row.Guests", { row: { Guests: ["ann@example.com"] } }],
  ["row", { row: {} }],
  ["key", { key: "Status" }],
  ["valueInput", { valueInput: "typed" }],
])("refuses a message with a wrong %s: %j", (path, wrong) => {
  const { error } = plugin.message.safeParse({ ...row({ Booking: "one" }), ...wrong });
  expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});

function edited(change: object): string {
  return JSON.stringify({ ...keyFile, ...change });
}

async function written(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "google-sheets-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "google.json");
  await writeFile(file, content);
  return file;
}
