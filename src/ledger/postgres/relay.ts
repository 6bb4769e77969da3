import { setTimeout as sleepFor } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { z } from "zod";
import type { Acceptance, Arrival } from "../arrival.ts";
import type { CommandLedger, Ledger, Lease } from "../ledger.ts";
import { readClaims } from "../rows.ts";
import { accept, locksOf } from "./accept.ts";
import { createBatches } from "./batches.ts";
import type { Changes } from "./changes.ts";
import { claim, nextDue } from "./claim.ts";
import { changing } from "./commands.ts";
import { addUp } from "./count.ts";
import type { Database } from "./database.ts";
import { createJobs } from "./jobs.ts";
import { createLeases } from "./leases.ts";
import { claimLock, keyLock } from "./locks.ts";
import { createRelayLocks } from "./relay-locks.ts";
import { findLost, recover, release } from "./lost.ts";
import type { Settling } from "./moved.ts";
import { settle } from "./settle.ts";
import { sweep } from "./sweep.ts";
import { forgetLanes, turn } from "./turn.ts";

export interface RelayTools {
  /** Names this relay among all. */
  readonly relay: string;
  readonly database: Database;
  readonly changes: Changes;
  /** Started. */
  readonly boss: PgBoss;
  readonly leaseSeconds: number;
  readonly now: () => number;
  readonly onTrouble: (error: unknown) => void;
}

/** Shared by one transaction. Each takes a few advisory locks, of which a server has some thousands. */
const MOST = 64;

const CLAIM_EVERY_MS = 5;

const steady = (): number => performance.now();

/** What only a relay does: it accepts, and delivers what it leases. */
export function relayMethods(tools: RelayTools): Omit<Ledger, Exclude<keyof CommandLedger, "close">> {
  const { relay, database, changes, boss, leaseSeconds, now, onTrouble } = tools;
  const change = changing(database, changes);
  const jobs = createJobs(boss, leaseSeconds);
  const locks = createRelayLocks(database, relay, leaseSeconds);
  const leases = createLeases({
    leaseMs: leaseSeconds * 1_000,
    steady,
    renew: (sink, held) => jobs.touch(sink, held),
    onError: onTrouble,
  });
  const accepting = createBatches<Arrival, Acceptance>(MOST, (arrivals) =>
    change((tx, wake) => accept(tx, arrivals, now(), jobs, wake), arrivals.flatMap(locksOf)),
  );
  const settling = createBatches<Settling, boolean>(MOST, (settlings) =>
    change(
      (tx, wake) => settle(tx, settlings, now(), jobs, wake),
      settlings.map(({ claim: { delivery } }) => keyLock(delivery.bookingKey)),
    ),
  );
  let keepingUp: Promise<void> | undefined;
  const timer = setInterval(() => void (keepingUp ??= keepUp()), (leaseSeconds * 1_000) / 3).unref();

  const claimedAt = new Map<string, number>();

  /** A claim costs the database much the same for one as for many: slots that come free one after the other are filled together. */
  async function pace(sink: string): Promise<void> {
    const waitMs = (claimedAt.get(sink) ?? 0) + CLAIM_EVERY_MS - steady();
    if (waitMs > 0) await sleepFor(waitMs);
    claimedAt.set(sink, steady());
  }

  async function handBack(lease: Lease): Promise<void> {
    await change((tx, wake) => release(tx, lease, jobs, wake));
    leases.drop(lease);
  }

  /** What each relay does from time to time. pg-boss fails the jobs of a relay that is not heard of: their deliveries are taken back here. */
  async function keepUp(): Promise<void> {
    try {
      await locks.renew();
      const { deliveries, orphans } = await findLost(database);
      await change((tx, wake) => recover(tx, deliveries, now(), jobs, wake));
      for (const { sink, job } of orphans) await database.transaction((tx) => jobs.remove(tx, sink, [job]));
      await database.transaction(addUp);
    } catch (error) {
      onTrouble(error);
    } finally {
      keepingUp = undefined;
    }
  }

  /** What a sink was doing when its relay closed may have arrived. */
  async function giveUpLeases(): Promise<void> {
    const held = leases.close().map(({ lease: { delivery }, job }) => ({ ...delivery, job }));
    if (held.length > 0) await change((tx, wake) => recover(tx, held, now(), jobs, wake));
  }

  async function close(): Promise<void> {
    clearInterval(timer);
    await Promise.all([accepting.close(), settling.close(), keepingUp]);
    // A ledger that does not answer takes back by itself what nobody renews.
    await Promise.allSettled([giveUpLeases(), locks.close()]);
    await Promise.allSettled([changes.close(), boss.stop({ graceful: false })]);
    await database.close();
  }

  let closing: Promise<void> | undefined;
  return {
    accept: (arrival) => accepting.add(arrival),
    async claim(sink, limit, concurrency) {
      await pace(sink);
      const since = steady();
      const wanted = { sink, limit, concurrency };
      const rows = await database.transaction((tx) => claim(tx, wanted, now(), jobs), [claimLock(sink)]);
      return readClaims(rows, handBack, (lease, row) => leases.keep(lease, withJob.parse(row).job, since));
    },
    async settle(claimed, settlement) {
      const isSettled = await settling.add({ claim: claimed, settlement });
      if (isSettled) leases.drop(claimed);
      else leases.lose(claimed);
      return isSettled;
    },
    release: handBack,
    nextDue: (sink) => nextDue(database, sink),
    onWork: (listener) => changes.listen(listener),
    turn: (sink, lane, rate) => turn(database, sink, lane, rate),
    lock: (name) => locks.lock(name),
    unlock: (name) => locks.unlock(name),
    async sweep(before, limit) {
      await forgetLanes(database);
      return sweep(database, before, limit);
    },
    close: () => (closing ??= close()),
  };
}

const withJob = z.object({ job: z.string() });
