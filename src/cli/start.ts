import { Option, type Command } from "commander";
import { startRelay, type Relay } from "../app.ts";
import type { Config } from "../config/config.ts";
import { LOG_LEVELS, type LogLevel } from "../observe/log.ts";
import { colour, command, print, requireRead, stop, type CommonOptions } from "./io.ts";
import { createLogOutput } from "./log-output.ts";
import { createReloader, type Reloader } from "./reload.ts";

export function start(): Command {
  return command("start", "run the relay")
    .addOption(new Option("--log-level <level>", "what is logged").choices(LOG_LEVELS).default("info").env("LOG_LEVEL"))
    .action(async (options: CommonOptions & { logLevel: LogLevel }) => {
      const { config, files } = await requireRead(options);
      // Listened for from the first moment: a signal that comes while the relay starts stops it as gracefully.
      const signalled = untilSignal();
      let reloader: Reloader | undefined;
      process.on("SIGHUP", () => reloader?.reload());
      const relay = await run(config, options.logLevel);
      print(banner(config, relay));
      const shown = new Set(relay.generated.keys());
      reloader = createReloader({
        relay,
        options,
        files,
        onReloaded(next) {
          if ([...relay.generated.keys()].some((source) => !shown.has(source))) print(banner(next, relay));
          for (const source of relay.generated.keys()) shown.add(source);
        },
      });
      await signalled;
      await reloader.close();
      await relay.close();
    });
}

async function run(config: Config, level: LogLevel): Promise<Relay> {
  try {
    return await startRelay({ config, level, destination: createLogOutput(process.stdout.fd) });
  } catch (error) {
    const { host, port } = config.server;
    const code = error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    const why = LISTEN_FAILURES[code] ?? `cannot listen (${code})`;
    return stop(`server: ${host}:${port} ${why}`);
  }
}

const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken; set another port, or stop what listens there",
  EACCES: "needs rights that this user has not; set a port above 1023",
  EADDRNOTAVAIL: "is no address of this machine; 0.0.0.0 takes all of them",
  ENOTFOUND: "is no host; 0.0.0.0 takes all addresses of this machine",
};

/** What a new user needs next. The only place a secret is ever shown. */
function banner(config: Config, { port, generated }: Relay): string {
  const lines = config.sources.map(({ name, signature }) => {
    const secret = generated.get(name);
    const url = colour("bold", `http://<this host>:${port}/hooks/${name}`);
    if (secret === undefined)
      return `  ${url}  ${signature === "off" ? "(signatures are not checked)" : "(secret: as configured)"}`;
    return `  ${url}\n    secret: ${secret}`;
  });
  const dry = config.sinks.filter(({ missing }) => missing.length > 0);
  const running = dry.map(({ name, missing }) => `  ${name}: runs dry until ${missing.join(", ")} is set`);
  return [
    "",
    "In Cal.com, Settings → Developer → Webhooks → New: paste the URL under which this relay is reached, and the secret:",
    ...lines,
    ...(running.length > 0 ? ["Sinks without credentials:", ...running] : []),
    "",
  ].join("\n");
}

/** The first signal stops gracefully; a second one ends at once. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(1);
        isStopping = true;
        resolve();
      });
    }
  });
}
