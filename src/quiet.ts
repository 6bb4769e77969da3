/**
 * Says nothing of Node's own experiments. The first releases of Node 24 tell, at every start of a thread, that SQLite and TypeScript are
 * experimental, which whoever runs a relay can do nothing about. All other warnings are printed as before.
 */
export function hideExperiments(thread: NodeJS.Process): void {
  const printers = thread.listeners("warning");
  thread.removeAllListeners("warning");
  thread.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") for (const print of printers) print(warning);
  });
}
