import { z } from "zod";
import type { Store } from "./store.ts";

/** The first candidate stays. Runs inside a transaction. */
export function secret(store: Store, source: string, candidate: string): string {
  store.run("INSERT INTO secrets VALUES (?, ?) ON CONFLICT DO NOTHING", source, candidate);
  return z.object({ secret: z.string() }).parse(store.get("SELECT secret FROM secrets WHERE source = ?", source))
    .secret;
}
