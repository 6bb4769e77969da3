import { DatabaseSync } from "node:sqlite";
import { onTestFinished, expect, test, vi } from "vitest";
import type { Accepted } from "../../src/accept.ts";
import { startServer } from "../../src/ingest/server.ts";
import { createLog } from "../../src/observe/log.ts";
import { createMask } from "../../src/observe/mask.ts";
import { createMetrics } from "../../src/observe/metrics.ts";
import { testRelay } from "../support/relay.ts";

const KILOBYTE = 1024;

test("answers 503 with Retry-After while too much waits for the ledger, and recovers by itself", async () => {
  const { post, accepting } = await slowServer(64 * KILOBYTE);
  const body = "x".repeat(20 * KILOBYTE);
  const first = [post(body), post(body), post(body)];
  await vi.waitFor(() => expect(accepting).toHaveLength(3));

  const refused = await post("{}");
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("5");
  expect(await refused.json()).toMatchObject({ error: "overloaded" });
  expect(accepting).toHaveLength(3);

  for (const answer of accepting) answer();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([202, 202, 202]);
  const late = post(body);
  await vi.waitFor(() => expect(accepting).toHaveLength(4));
  accepting[3]?.();
  expect((await late).status).toBe(202);
});

test("very many small requests count as well", async () => {
  const { post, accepting } = await slowServer(40 * KILOBYTE);
  const statuses: number[] = [];
  const answers = Promise.all(Array.from({ length: 20 }, async () => statuses.push((await post("{}")).status)));
  await vi.waitFor(() => expect(statuses).toHaveLength(10));
  expect(accepting).toHaveLength(10);
  for (const answer of accepting) answer();
  await answers;
  expect(statuses.toSorted((one, other) => one - other)).toEqual([
    ...Array<number>(10).fill(202),
    ...Array<number>(10).fill(503),
  ]);
});

test("stays alive while the ledger is locked by another process, says so, and goes on once it is free", async () => {
  const { url, post, folder } = await testRelay('sources: { open: { signature: "off" } }');
  using other = new DatabaseSync(`${folder}/relay.db`);
  other.exec("BEGIN IMMEDIATE");
  const waiting = Array.from({ length: 10 }, () => post("{}", {}, "open"));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 503));
  other.exec("ROLLBACK");
  expect((await post("{}", {}, "open")).status).toBe(202);
});

/** A server that acknowledges a webhook only once the test says so. */
async function slowServer(openLimit: number) {
  const accepting: (() => void)[] = [];
  const log = createLog({ level: "silent", mask: createMask([]), destination: { write: () => undefined } });
  const metrics = createMetrics({
    deliveries: () => Promise.resolve([]),
    holds: () => Promise.resolve([]),
    now: Date.now,
  });
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    bodyLimit: 1024 * KILOBYTE,
    openLimit,
    accept: () =>
      new Promise<Accepted>((resolve) => {
        accepting.push(() => resolve({ status: "accepted", event: "evt_1", trigger: null, deliveries: 0, drift: 0 }));
      }),
    ledger: { ping: () => Promise.resolve() },
    metrics,
    log,
    labelOf: () => "none",
  });
  onTestFinished(() => server.close(0));
  const post = (body: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}/hooks/cal`, { method: "POST", body });
  return { post, accepting };
}
