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
const blockOf = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? "";
const configuration = z.looseObject({ sinks: z.object({ "team-discord": z.looseObject({}) }) });

test("shows the example that is compiled and tested", () => {
  expect(blockOf("ts")).toBe(readFileSync(new URL("example/discord.ts", import.meta.url), "utf8"));
});

test("its example is a sink of the real program, from a folder that knows nothing of the relay's", async () => {
  const discord = await startStandIn(() => ({ status: 204, body: "" }));
  onTestFinished(() => discord.close());
  const folder = tempFolder();
  const { sinks, ...rest } = configuration.parse(parse(blockOf("yaml")));
  const whole = {
    ...rest,
    server: { host: "127.0.0.1", port: 0 },
    storage: `sqlite:${folder}/relay.db`,
    sources: { cal: { secret: "e2e-secret" } },
    sinks: { "team-discord": { ...sinks["team-discord"], allowPrivateNetwork: true } },
  };
  mkdirSync(join(folder, "my-sinks"));
  writeFileSync(join(folder, "my-sinks/discord.ts"), blockOf("ts"));
  writeFileSync(join(folder, "relay.config.yaml"), stringify(whole));
  const options = { cwd: folder, env: { DISCORD_WEBHOOK_URL: `${discord.url}/webhooks/1/example` } };
  expect(await runProgram(["check"], options)).toMatchObject({ code: 0, stderr: "" });

  const relay = await startProgram(options);
  await relay.post(sample("BOOKING_CREATED"));
  await expect.poll(() => discord.requests, { timeout: 10_000 }).toHaveLength(1);
  expect(discord.requests[0]).toMatchObject({ method: "POST", path: "/webhooks/1/example" });
  expect(JSON.parse(discord.requests[0]?.body ?? "")).toMatchObject({ content: expect.stringMatching(/^\*\*.+\*\* /) });
  await relay.end("SIGTERM");
});
