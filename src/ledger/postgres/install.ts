import { getConstructionPlans, getMigrationPlans } from "pg-boss";
import { migrationSql } from "./migrate.ts";
import { MIGRATIONS, QUEUE_SCHEMA, QUEUE_VERSIONS, SCHEMA } from "./schema.ts";

/**
 * The SQL that an owner of the database runs where the relays' own user may not: all that a ledger needs, or what is missing of it in one of
 * the version `from`, and the rights of that user.
 */
export function installSql({ role, from }: { readonly role: string; readonly from: number }): string {
  const user = `"${role.replaceAll('"', '""')}"`;
  const schemas = `${SCHEMA}, ${QUEUE_SCHEMA}`;
  const queue = from === 0 ? getConstructionPlans(QUEUE_SCHEMA) : queueSince(from);
  return `-- What Cal Relay needs in its database: schema version ${MIGRATIONS.length}${from === 0 ? "" : `, from version ${from}`}.
-- For an owner of the database, with psql -v ON_ERROR_STOP=1; the relays connect as ${user}.
BEGIN;
${migrationSql(from)}
-- Fails where there is no such user, before anything is made.
GRANT USAGE ON SCHEMA ${SCHEMA} TO ${user};
COMMIT;
${queue}
GRANT USAGE ON SCHEMA ${schemas} TO ${user};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schemas} TO ${user};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schemas} TO ${user};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${QUEUE_SCHEMA} TO ${user};
`;
}

function queueSince(from: number): string {
  const before = QUEUE_VERSIONS[from - 1];
  return before === undefined || before === QUEUE_VERSIONS.at(-1) ? "" : getMigrationPlans(QUEUE_SCHEMA, before);
}
