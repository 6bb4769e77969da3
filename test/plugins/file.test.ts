import { appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fileFailure } from "../../plugins/file/classify.ts";
import file from "../../plugins/file/index.ts";
import { exampleEvent, openSink, type OpenedSink } from "../../src/sdk/testing/open-sink.ts";

test("writes one line of JSON for each delivery, in order, and makes the folder", async () => {
  const { path, sink } = await opened("made/on/demand/lines.jsonl");
  await sink.deliver({ line: { n: 1, text: "two\nlines" } });
  await sink.deliver({ line: ["n", 2] });
  expect(await readFile(path, "utf8")).toBe('{"n":1,"text":"two\\nlines"}\n["n",2]\n');
});

test("writes the event where no line is given", async () => {
  const { path, sink } = await opened();
  await sink.deliver({});
  const { body: _body, ...rest } = exampleEvent;
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual(rest);
});

test("keeps every line whole when many are written at once", async () => {
  const { path, sink } = await opened();
  const numbers = Array.from({ length: 500 }, (_, n) => n);
  await Promise.all(numbers.map((n) => sink.deliver({ line: { n, padding: "x".repeat(n) } })));
  expect((await linesOf(path)).map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(numbers);
});

test("starts a new line where a crash cut the last one short", async () => {
  const { path, sink } = await opened();
  await sink.deliver({ line: { n: 1 } });
  await appendFile(path, '{"n":2,"te');
  await sink.deliver({ line: { n: 3 } });
  await sink.deliver({ line: { n: 4 } });
  expect(await linesOf(path)).toEqual(['{"n":1}', '{"n":2,"te', '{"n":3}', '{"n":4}']);
});

test("goes on in a new file when the old one was rotated away, deleted or emptied", async () => {
  const { path, sink } = await opened();
  await sink.deliver({ line: 1 });
  await rename(path, `${path}.1`);
  await sink.deliver({ line: 2 });
  expect(await linesOf(path)).toEqual(["2"]);
  await rm(path);
  await sink.deliver({ line: 3 });
  expect(await linesOf(path)).toEqual(["3"]);
  await writeFile(path, "");
  await sink.deliver({ line: 4 });
  expect(await linesOf(path)).toEqual(["4"]);
  expect(await linesOf(`${path}.1`)).toEqual(["1"]);
});

test("is misconfigured where the path is a folder, or leads through a file", async () => {
  const { path, sink } = await opened();
  await mkdir(path);
  const expected = { outcome: "misconfigured", answer: { code: "EISDIR" } };
  await expect(sink.deliver({ line: 1 })).rejects.toMatchObject(expected);
  const through = await opened("a-file/lines.jsonl", "a-file");
  await expect(through.sink.deliver({ line: 1 })).rejects.toMatchObject({ outcome: "misconfigured" });
});

test("goes on once what was in the way has been mended", async () => {
  const { path, sink } = await opened();
  await mkdir(path);
  await expect(sink.deliver({ line: 1 })).rejects.toMatchObject({ outcome: "misconfigured" });
  await rm(path, { recursive: true });
  await sink.deliver({ line: 1 });
  expect(await linesOf(path)).toEqual(["1"]);
});

test.each([
  ["ENOSPC", "unavailable"],
  ["EIO", "unavailable"],
  ["EMFILE", "unavailable"],
  ["EACCES", "misconfigured"],
  ["EROFS", "misconfigured"],
  ["ENOENT", "misconfigured"],
])("takes %s for %s", (code, outcome) => {
  expect(fileFailure(Object.assign(new Error("it failed"), { code }))).toMatchObject({ outcome, answer: { code } });
});

test.runIf(process.platform === "linux")("may work later where the disk is full", async () => {
  const sink = await openSink(file, { path: "/dev/full" });
  onTestFinished(() => sink.close());
  const expected = { outcome: "unavailable", ambiguous: true, answer: { code: "ENOSPC" } };
  await expect(sink.deliver({ line: 1 })).rejects.toMatchObject(expected);
});

test("lets go on abort while the line is being written", async () => {
  const { path, sink } = await opened();
  const abort = new AbortController();
  const trying = sink.deliver({ line: 1 }, { signal: abort.signal });
  abort.abort();
  await expect(trying).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
  await sink.close();
  expect(await linesOf(path)).toEqual(["1"]);
});

test("finishes what is being written before it closes", async () => {
  const { path, sink } = await opened();
  const written = Promise.all([sink.deliver({ line: 1 }), sink.deliver({ line: 2 })]);
  await sink.close();
  expect(await linesOf(path)).toEqual(["1", "2"]);
  await written;
});

test("check tells what is in the way and changes nothing", async () => {
  const fine = await opened("not/yet/there/lines.jsonl");
  expect(await fine.sink.check()).toEqual([]);
  await expect(readFile(fine.path)).rejects.toMatchObject({ code: "ENOENT" });
  const folder = await opened();
  await mkdir(folder.path);
  expect(await folder.sink.check()).toEqual([
    expect.stringMatching(/ is not a file; put the path of a file under path/),
  ]);
  const through = await opened("a-file/lines.jsonl", "a-file");
  expect(await through.sink.check()).toEqual([
    expect.stringMatching(/^the file .* cannot be written \(ENOTDIR\): let the relay's user/),
  ]);
});

async function opened(name = "lines.jsonl", existing?: string): Promise<{ path: string; sink: OpenedSink }> {
  const folder = await mkdtemp(join(tmpdir(), "cal-relay-file-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (existing !== undefined) await writeFile(join(folder, existing), "");
  const path = join(folder, name);
  const sink = await openSink(file, { path });
  onTestFinished(() => sink.close());
  return { path, sink };
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8");
  return text.trimEnd().split("\n");
}
