import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: { alias: { "cal-relay/sdk": here("./src/sdk/index.ts") } },
  test: {
    include: ["test/**/*.test.ts"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
    testTimeout: 20_000,
    // Many tests wait for processes: every core is used, not all but one.
    maxWorkers: "100%",
  },
});
