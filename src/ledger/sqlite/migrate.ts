import { z } from "zod";
import { LedgerRefused } from "../errors.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import type { Store } from "./store.ts";

/**
 * Whether the file still has migrations ahead of it. Throws LedgerRefused for a file that is another program's or was written by a newer
 * version of this one.
 */
export function isBehind(store: Store, file: string): boolean {
  const { version, application, tables } = z
    .object({ version: z.number(), application: z.number(), tables: z.number() })
    .parse(
      store.get(
        `SELECT (SELECT user_version FROM pragma_user_version) AS version,
                (SELECT application_id FROM pragma_application_id) AS application,
                (SELECT count(*) FROM sqlite_schema) AS tables`,
      ),
    );
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables !== 0))
    throw new LedgerRefused(`cannot open ${file}: it is the database of another program`);
  if (version > MIGRATIONS.length)
    throw new LedgerRefused(
      `cannot open ${file}: its schema is version ${version}, this program knows up to ${MIGRATIONS.length}; run the newer relay`,
    );
  return version < MIGRATIONS.length;
}

/** Brings the file to the newest schema, all or nothing. Only under the guard. */
export function migrate(store: Store, file: string): void {
  store.transaction(() => {
    if (!isBehind(store, file)) return;
    const { version } = z
      .object({ version: z.number() })
      .parse(store.get("SELECT user_version AS version FROM pragma_user_version"));
    for (const migration of MIGRATIONS.slice(version)) store.script(migration);
    store.script(`PRAGMA user_version = ${MIGRATIONS.length}; PRAGMA application_id = ${APPLICATION_ID};`);
  });
}
