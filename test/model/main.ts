// npm run model -- [--sequences 20000] [--seed N [--path P]] [--vendors | --storage postgres]
// Random sequences against the model, many more than `npm test` has time for: through sinks in memory, or through the built-in plugins before
// stand-ins of their vendors, or through three relays on one PostgreSQL. A difference is printed with the seed and path that repeat it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { asyncDefaultReportMessage, asyncProperty, check, type Parameters } from "fast-check";
import { check as checkEnded } from "./check.ts";
import type { Plan } from "./plan.ts";
import { startPostgres } from "../support/postgres/server.ts";
import { sharedLedgers } from "./shared-ledgers.ts";
import { openVendorStage, vendorPlans } from "./vendor-stage.ts";
import { memoryPlans, openMemoryStage } from "./memory-stage.ts";
import type { OpenLedgers } from "./world.ts";

const PROGRESS_EVERY_MS = 10_000;

const { values } = parseArgs({
  options: {
    sequences: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    path: { type: "string" },
    vendors: { type: "boolean", default: false },
    storage: { type: "string", default: "sqlite" },
  },
});
const total = wholeNumber("sequences");
const seed = wholeNumber("seed");
const counts = { sequences: 0, webhooks: 0, accepted: 0, deliveries: 0, failures: 0 };
const startedAt = performance.now();
let toldAt = startedAt;

await using stack = new AsyncDisposableStack();
const stage = stack.use(await (values.vendors ? openVendorStage() : openMemoryStage(await ledgers())));
const property = asyncProperty(values.vendors ? vendorPlans : memoryPlans, async (plan) => {
  const ended = await stage.run(plan);
  counts.sequences += 1;
  counts.webhooks += ended.sent.length;
  counts.accepted += ended.accepted.length;
  counts.deliveries += ended.deliveries.length;
  counts.failures += ended.injected;
  if (performance.now() > toldAt + PROGRESS_EVERY_MS) {
    toldAt = performance.now();
    process.stderr.write(`${told()}\n`);
  }
  checkEnded(ended);
});
const parameters: Parameters<[Plan]> = {
  numRuns: total,
  seed,
  ...(values.path !== undefined && { path: values.path }),
};
const result = await check(property, parameters);

process.stdout.write(`${result.failed ? "a difference after" : "no difference in"} ${told()}, seed ${seed}\n`);
if (result.failed) {
  process.stdout.write(`${await asyncDefaultReportMessage(result)}\n`);
  process.exitCode = 1;
}

async function ledgers(): Promise<OpenLedgers | undefined> {
  if (values.storage !== "postgres") return undefined;
  const folder = mkdtempSync(join(tmpdir(), "cal-relay-model-postgres-"));
  const server = await startPostgres({ folder });
  stack.defer(async () => {
    await server.stop("immediate");
    rmSync(folder, { recursive: true, force: true });
  });
  await server.query("CREATE DATABASE model");
  return sharedLedgers(server.url("model"));
}

function told(): string {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const { accepted, webhooks, deliveries, failures } = counts;
  return `${counts.sequences} sequences: ${webhooks} webhooks, ${accepted} accepted, ${deliveries} deliveries, ${failures} failures injected, ${seconds} s`;
}

function wholeNumber(name: "sequences" | "seed"): number {
  if (/^\d{1,10}$/.test(values[name])) return Number(values[name]);
  process.stderr.write(`model: --${name}: expected a whole number, got "${values[name]}"\n`);
  process.exit(2);
}
