// What the embedded ledger's thread does: SQLite works while it is asked, and waits for the disk at every commit, so it has a thread of its own,
// and accepting goes on right beside it. The other side is start.ts.
import { randomBytes } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { createAccept } from "../accept.ts";
import { createEventIds } from "../event-id.ts";
import { openSqliteRows } from "../ledger/sqlite/open.ts";
import { createCalls } from "./calls.ts";
import { flatten, revive } from "./errors.ts";
import { compileRules, type CompiledRules, type PlainRules, type PlainWebhook } from "./plain.ts";

if (parentPort === null) throw new Error("this is a thread's program");
const port = parentPort;

let rules: CompiledRules = { sources: new Map(), routes: [] };
const offer = { open, rule };
const calls = createCalls({ port, offer, flatten, revive });

/** Everything else is offered once it is open. */
async function open(file: string): Promise<void> {
  const now = Date.now;
  const ledger = await openSqliteRows({ file, now, mode: "relay" });
  const accept = createAccept({
    ledger,
    sources: () => rules.sources,
    routes: () => rules.routes,
    now,
    newEventId: createEventIds(randomBytes),
  });
  ledger.onWork((sink) => void calls.call("work", [sink]));
  Object.assign(offer, ledger, {
    accept: ({ body, ...webhook }: PlainWebhook) => accept({ ...webhook, body: Buffer.from(body, "latin1") }),
    async close() {
      await ledger.close();
      // After the answer, which leaves in an immediate of its own.
      setImmediate(() => setImmediate(() => port.close()));
    },
  });
}

function rule(plain: PlainRules): void {
  rules = compileRules(plain);
}
