import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { arrival } from "../samples.ts";

const [, , file = "", prefix = ""] = process.argv;
const ledger = await openSqliteLedger({ file, now: Date.now, mode: "relay" });

for (let batch = 0; ; batch++) {
  const ids = Array.from({ length: 10 }, (_, n) => `${prefix}x${batch}x${n}`);
  await Promise.all(
    ids.map((id) => ledger.accept(arrival({ id })).then(({ event }) => process.stdout.write(`${event}\n`))),
  );
}
