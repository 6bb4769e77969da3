import { fileURLToPath } from "node:url";

// What benches start as processes of their own.

export const RELAY = pathOf("../../src/cli/main.ts");
export const KOA_APP = pathOf("./koa-app.ts");
export const UNDICI_LOOP = pathOf("./undici-loop.ts");
export const PG_BOSS_LOOP = pathOf("./pg-boss-loop.ts");
export const DEFECTIVE_SINK = pathOf("./defective-sink.ts");
export const NOTHING = pathOf("./nothing.ts");

/** The configuration that people start with. */
export const EXAMPLE = pathOf("../../relay.config.yaml");

function pathOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
