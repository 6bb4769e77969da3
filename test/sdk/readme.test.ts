import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { sample } from "../../src/cal/samples.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startStandIn } from "../../src/sdk/testing/stand-in.ts";
import { tempFolder } from "../support/temp.ts";

const readme = readFileSync(new URL("../../src/sdk/README.md", import.meta.url), "utf8");
const blocksOf = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(([, block = ""]) => block);
const blockOf = (language: string): string => blocksOf(language)[0] ?? "";
const configuration = z.looseObject({ sinks: z.object({ phone: z.looseObject({}) }) });

test("shows the example that is compiled and tested, and its test", () => {
  const files = ["ntfy.ts", "ntfy-test.ts"].map((name) =>
    readFileSync(new URL(`example/${name}`, import.meta.url), "utf8"),
  );
  expect(blocksOf("ts").slice(0, 2)).toEqual(files);
});

test("its example is a sink of the real program, from a folder that knows nothing of the relay's", async () => {
  const ntfy = await startStandIn(() => ({ status: 200, body: '{"id":"one","event":"message"}' }));
  onTestFinished(() => ntfy.close());
  const folder = tempFolder();
  const { sinks, ...rest } = configuration.parse(parse(blockOf("yaml")));
  const whole = {
    ...rest,
    server: { host: "127.0.0.1", port: 0 },
    storage: `sqlite:${folder}/relay.db`,
    sources: { cal: { secret: "e2e-secret" } },
    sinks: { phone: { ...sinks.phone, server: ntfy.url, allowPrivateNetwork: true } },
  };
  mkdirSync(join(folder, "sinks"));
  writeFileSync(join(folder, "sinks/ntfy.ts"), blockOf("ts"));
  writeFileSync(join(folder, "relay.config.yaml"), stringify(whole));
  const options = { cwd: folder, env: { NTFY_TOPIC: "bookings-4711" } };
  expect(await runProgram(["check"], options)).toMatchObject({ code: 0, stderr: "" });

  const relay = await startProgram(options);
  await relay.post(sample("BOOKING_CREATED"));
  await expect.poll(() => ntfy.requests, { timeout: 10_000 }).toHaveLength(1);
  expect(JSON.parse(ntfy.requests[0]?.body ?? "")).toMatchObject({
    topic: "bookings-4711",
    title: "Strategy session between Mara Lindqvist and Priya Raman",
    message: "Tue 1 Dec, 16:00 (Berlin)",
  });
  await relay.end("SIGTERM");
});
