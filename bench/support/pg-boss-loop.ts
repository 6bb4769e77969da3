// The bare queue that benches compare with: pg-boss takes jobs from as many callers at once as there are senders, one job a call, and then
// hands them out to one worker, which does nothing but complete them, one job a call. A program of its own:
// pg-boss-loop.ts URL WARM_UP COUNT CALLERS CONCURRENCY
import { PgBoss } from "pg-boss";
import { uidOf, webhook } from "./webhooks.ts";

const [, , url = "", ...numbers] = process.argv;
const [warmUp = 0, count = 0, callers = 0, concurrency = 0] = numbers.map(Number);

/** As many connections as a relay has by default. */
const boss = new PgBoss({ connectionString: url, max: 10, schedule: false });
boss.on("error", (error) => {
  throw error;
});
await boss.start();
const queue = "receiver";
await boss.createQueue(queue, { policy: "key_strict_fifo", retryLimit: 0, heartbeatSeconds: 30 });

let number = 0;
await send(warmUp);
const sentPerSecond = await send(count);
await finish(warmUp);
const finishedPerSecond = await finish(count);
await boss.stop({ graceful: false });
process.stdout.write(`${JSON.stringify({ sentPerSecond, finishedPerSecond })}\n`);

function send(jobs: number): Promise<number> {
  const last = number + jobs;
  return rateOf(jobs, async () => {
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (number < last) {
          const key = uidOf(++number);
          await boss.send(queue, eventOf(number), { singletonKey: key });
        }
      }),
    );
  });
}

function finish(jobs: number): Promise<number> {
  return rateOf(jobs, async () => {
    for (let finished = 0; finished < jobs;) {
      const fetched = await boss.fetch(queue, { batchSize: Math.min(concurrency, jobs - finished) });
      await Promise.all(fetched.map(({ id }) => boss.complete(queue, id)));
      finished += fetched.length;
    }
  });
}

/** About as large as an event that a relay keeps: the webhook as it came, and what the relay made of it. */
function eventOf(job: number): object {
  const body = webhook(job);
  return { body, event: JSON.parse(body) as unknown };
}

async function rateOf(jobs: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (jobs / (performance.now() - startedAt)) * 1_000;
}
