import type { Database } from "./database.ts";

/** What this relay does while no other may. */
export interface RelayLocks {
  lock(name: string): Promise<boolean>;
  unlock(name: string): Promise<void>;
  /** Keeps those that are held. Call more often than a lease lasts. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** Rows, not advisory locks: these would each take a connection for as long as a vendor takes to answer. */
export function createRelayLocks(database: Database, relay: string, leaseSeconds: number): RelayLocks {
  const held = new Set<string>();

  return {
    async lock(name) {
      const taken = await database.rows(
        `INSERT INTO cal_relay.locks AS l (name, relay, ends) VALUES ($1, $2, now() + $3 * interval '1 second')
         ON CONFLICT (name) DO UPDATE SET relay = excluded.relay, ends = excluded.ends
         WHERE l.relay = excluded.relay OR l.ends < now() RETURNING name`,
        name,
        relay,
        leaseSeconds,
      );
      if (taken.length > 0) held.add(name);
      return taken.length > 0;
    },
    async unlock(name) {
      held.delete(name);
      await database.rows("DELETE FROM cal_relay.locks WHERE name = $1 AND relay = $2", name, relay);
    },
    async renew() {
      await database.rows(
        `UPDATE cal_relay.locks SET ends = now() + $3 * interval '1 second' WHERE relay = $1 AND name = ANY($2)`,
        relay,
        [...held],
        leaseSeconds,
      );
      await database.rows("DELETE FROM cal_relay.locks WHERE ends < now() - interval '1 hour'");
    },
    async close() {
      held.clear();
      await database.rows("DELETE FROM cal_relay.locks WHERE relay = $1", relay);
    },
  };
}
