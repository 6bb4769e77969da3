#!/usr/bin/env node
// An older Node gets as far as the message below: whatever it lacks is imported after it.
const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Cal Relay needs Node.js ${NEEDED} or later; this is ${process.versions.node}. ` +
      `Where Node.js cannot be updated, install one beside the relay: npm install node@${NEEDED} cal-relay\n`,
  );
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
