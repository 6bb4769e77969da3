import { expect, test } from "vitest";
import { LedgerUnavailable } from "../../../src/ledger/errors.ts";
import { createBatches } from "../../../src/ledger/postgres/batches.ts";

test("commits together what comes in one turn, and what comes meanwhile as the next batch, in order", async () => {
  const gate = Promise.withResolvers<void>();
  const seen: (readonly number[])[] = [];
  const batches = createBatches<number, string>(4, async (items) => {
    seen.push(items);
    if (seen.length === 1) await gate.promise;
    return items.map((item) => `${item} done`);
  });
  const first = [1, 2].map((item) => batches.add(item));
  await expect.poll(() => seen.length).toBe(1);
  const others = [3, 4, 5, 6, 7].map((item) => batches.add(item));
  gate.resolve();
  expect(await Promise.all([...first, ...others])).toEqual([1, 2, 3, 4, 5, 6, 7].map((item) => `${item} done`));
  expect(seen).toEqual([[1, 2], [3, 4, 5, 6], [7]]);
});

test("fails for one alone what only that one brings about", async () => {
  const batches = createBatches<number, number>(10, async (items) => {
    if (items.includes(2)) throw new TypeError("two");
    return items;
  });
  const results = await Promise.allSettled([1, 2, 3].map((item) => batches.add(item)));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(results[1]).toMatchObject({ reason: new TypeError("two") });
});

test("fails all that waits where the store cannot be reached, and takes the next", async () => {
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  const batches = createBatches<number, number>(2, async (items) => {
    calls += 1;
    if (calls > 1) return items;
    await gate.promise;
    throw new LedgerUnavailable("away");
  });
  const first = batches.add(1);
  await expect.poll(() => calls).toBe(1);
  const waiting = [2, 3, 4].map((item) => batches.add(item));
  gate.resolve();
  const results = await Promise.allSettled([first, ...waiting]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "rejected"]);
  expect([calls, await batches.add(5)]).toEqual([1, 5]);
});

test("commits what has come before it closes, and takes no more", async () => {
  const batches = createBatches<number, number>(2, (items) => Promise.resolve(items));
  const all = [1, 2, 3].map((item) => batches.add(item));
  await batches.close();
  expect(await Promise.all(all)).toEqual([1, 2, 3]);
  await expect(batches.add(4)).rejects.toMatchObject({ code: "ledger_unavailable" });
});
