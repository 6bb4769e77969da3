import { z } from "zod";
import type { Database } from "./database.ts";

/** The first candidate stays. */
export async function secret(database: Database, source: string, candidate: string): Promise<string> {
  await database.rows("INSERT INTO cal_relay.secrets VALUES ($1, $2) ON CONFLICT DO NOTHING", source, candidate);
  const [row] = await database.rows("SELECT secret FROM cal_relay.secrets WHERE source = $1", source);
  return z.object({ secret: z.string() }).parse(row).secret;
}
