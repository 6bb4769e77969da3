#!/usr/bin/env node
// An older Node gets as far as the message below: whatever it lacks is imported after it.
const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  const { existsSync } = await import("node:fs");
  // `npx` and npm scripts take the Node.js of the folder; a service manager does not.
  const advice = existsSync("node_modules/.bin/node")
    ? "This folder has a newer one: node_modules/.bin/node node_modules/.bin/cal-relay …, or put node_modules/.bin first on PATH"
    : `Where Node.js cannot be updated, install one beside the relay: npm install node@${NEEDED} cal-relay`;
  process.stderr.write(`Cal Relay needs Node.js ${NEEDED} or later; this is ${process.versions.node}. ${advice}\n`);
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import("node:module");
  // Compiled code is kept between runs, types stripped: a command starts in about half the time.
  enableCompileCache();
  // Liquid's `date` reads the host's wall clock, which skips and repeats hours in most zones; UTC never does.
  process.env["TZ"] = "UTC";
  const [{ hideExperiments }, { useOwnSdk }] = await Promise.all([
    import("../quiet.ts"),
    import("../config/plugin-hooks.ts"),
  ]);
  hideExperiments(process);
  useOwnSdk();
  await import("./program.ts");
}
