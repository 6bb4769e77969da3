import { expect, test, vi } from "vitest";
import { LedgerUnavailable } from "../../src/ledger/errors.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { actedSink, plannedSink, workerBench } from "../support/worker.ts";

/** The ledger, whose `method` fails the first time. */
function failingOnce(method: "claim" | "settle" | "nextDue"): (ledger: Ledger) => Ledger {
  let hasFailed = false;
  return (ledger) => ({
    ...ledger,
    [method](...args: never[]) {
      if (hasFailed) return Reflect.apply(ledger[method], ledger, args);
      hasFailed = true;
      return Promise.reject(new LedgerUnavailable("the disk is full"));
    },
  });
}

test.each(["claim", "settle", "nextDue"] as const)(
  "a ledger whose %s fails for a moment is asked again, and nothing is sent twice",
  async (method) => {
    const bench = await workerBench("{{ payload }}", failingOnce(method));
    const deliver = vi.fn(async () => undefined);
    const [id = ""] = await bench.accept("one", "x", "acted");
    await bench.start(plannedSink("acted", actedSink(deliver)));
    await bench.reaches(id, "delivered");
    expect(deliver).toHaveBeenCalledOnce();
    expect(bench.lines.filter((line) => line.includes('"code":"ledger_unavailable"'))).toHaveLength(1);
  },
);
