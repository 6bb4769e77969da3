import { defineConfig } from "vitest/config";

export default defineConfig({
  // As in tsconfig.json: `cal-relay/sdk` is the source, and not what is compiled of it.
  ssr: { resolve: { conditions: ["cal-relay-source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/postgres/setup.ts"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
    testTimeout: 20_000,
    // Many tests wait for processes: every core is used, not all but one.
    maxWorkers: "100%",
  },
});
