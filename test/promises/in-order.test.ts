import { assert, asyncProperty } from "fast-check";
import { onTestFinished, test } from "vitest";
import { check } from "../model/check.ts";
import { memoryPlans, openMemoryStage } from "../model/memory-stage.ts";
import { sharedLedgers } from "../model/shared-ledgers.ts";
import { openVendorStage, vendorPlans } from "../model/vendor-stage.ts";
import { freshDatabase } from "../support/postgres/shared.ts";

// Promise: in order, per booking and sink; and newer wins. `npm run model` tries very many more sequences.

test("whatever comes late, twice or never, and whatever fails, sinks end as the accepted events say, each delivered in turn", async () => {
  const stage = await openMemoryStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const property = asyncProperty(memoryPlans, async (plan) => check(await stage.run(plan)));
  await assert(property, { numRuns: 500 });
}, 240_000);

test("three relays on one database end as the accepted events say, each delivered in turn by whichever relay", async () => {
  const stage = await openMemoryStage(sharedLedgers(await freshDatabase()));
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const property = asyncProperty(memoryPlans, async (plan) => check(await stage.run(plan)));
  await assert(property, { numRuns: 12 });
}, 240_000);

test("Google Sheets, Notion and Slack end as the accepted events say, whatever their answers were", async () => {
  const stage = await openVendorStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const property = asyncProperty(vendorPlans, async (plan) => check(await stage.run(plan)));
  await assert(property, { numRuns: 15 });
}, 120_000);
