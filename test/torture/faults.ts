import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresServer } from "../support/postgres/server.ts";
import type { RunningRelay } from "../support/process.ts";
import type { Arena } from "./arena.ts";
import type { Fleet } from "./fleet.ts";
import type { Random } from "./random.ts";

/** What is done to relays and database while webhooks come in. */
export const FAULTS = ["kill", "term", "stop", "cut", "restart", "crash"] as const;
export type Fault = (typeof FAULTS)[number];

export const FAULT_NAMES: Readonly<Record<Fault, string>> = {
  kill: "a relay killed with SIGKILL",
  term: "a relay ended with SIGTERM",
  stop: "a relay stopped past its leases, and continued",
  cut: "all connections to PostgreSQL cut",
  restart: "PostgreSQL restarted",
  crash: "PostgreSQL crashed",
};

/** Leases of the tortured relays. */
export const LEASE_S = 10;
/** A lease ends, pg-boss looks for it, and its deliveries are taken back. */
const PAST_LEASE_MS = (LEASE_S + 2 * (LEASE_S / 3) + 2) * 1_000;

export interface FaultTools {
  readonly arena: Arena;
  readonly fleet: Fleet;
  readonly server: PostgresServer;
  readonly random: Random;
}

/** Does it, and sees to it that as many relays run as before. */
export async function inflict(fault: Fault, { arena, fleet, server, random }: FaultTools): Promise<void> {
  const relay = fleet.pick();
  await sleep(random.next() * 300);
  switch (fault) {
    case "kill":
      return replace(relay, "SIGKILL");
    case "term":
      return replace(relay, "SIGTERM");
    case "stop":
      process.kill(relay.pid, "SIGSTOP");
      await sleep(PAST_LEASE_MS);
      process.kill(relay.pid, "SIGCONT");
      return;
    case "cut":
      await server.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cal-relay%' AND pid <> pg_backend_pid()",
      );
      return;
    case "restart":
      return server.restart("fast");
    case "crash":
      return server.restart("immediate");
  }

  async function replace(before: RunningRelay, signal: NodeJS.Signals): Promise<void> {
    const { code, stderr } = await before.end(signal);
    if (signal === "SIGTERM" && code !== 0) throw new Error(`a relay ended with ${code}: ${stderr}`);
    fleet.replace(before, await arena.start());
  }
}
