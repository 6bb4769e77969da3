import type { Command } from "commander";
import { readAddress } from "../ledger/address.ts";
import { amount, command, print, printJson, type CommonOptions } from "./io.ts";
import { createProgress } from "./progress.ts";
import { table } from "./table.ts";

export function migrateStorage(): Command {
  const self = command(
    "migrate-storage FROM TO",
    "copy a ledger from SQLite to PostgreSQL, with all that waits; its relay has to be stopped",
  );
  return self
    .argument("<from>", "sqlite:<path>, as in `storage`")
    .argument("<to>", "postgres://<user>:<password>@<host>/<database>")
    .allowExcessArguments()
    .action(async (from: string, to: string, options: CommonOptions) => {
      // Not by commander, which would quote what may hold a password.
      if (self.args.length > 2) return self.error("expected FROM and TO, and nothing more");
      const [source, target] = [readAddress(from), readAddress(to)];
      if (source.kind !== "sqlite") return self.error("FROM: expected sqlite:<path>");
      if (target.kind !== "postgres")
        return self.error(`TO: ${target.kind === "problem" ? target.message : "expected postgres://…"}`);
      const { copyLedger } = await import("../ledger/postgres/copy.ts");
      const copied = await copyLedger({
        file: source.file,
        to: { ...target, now: Date.now },
        onProgress: createProgress((total) => `copying ${amount(total, "row")}`),
      });
      if (options.json) return printJson(Object.fromEntries(copied.map(({ table: name, rows }) => [name, rows])));
      const counts = copied.map(({ table: name, rows }) => [name, String(rows)]);
      print(`${table(["TABLE", "ROWS"], counts)}\n\n${NEXT}\n${source.file} was left as it is.`);
    });
}

const NEXT =
  "Let `storage` in relay.config.yaml, or the variable it reads, name the database from now on, and start the relay.";
