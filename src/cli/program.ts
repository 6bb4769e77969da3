import { existsSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { RelayError } from "../error.ts";
import { about } from "./about.ts";
import { check } from "./check.ts";
import { deliveries } from "./deliveries.ts";
import { demo } from "./demo.ts";
import { events } from "./events.ts";
import { explain } from "./explain.ts";
import { fields } from "./fields.ts";
import { init } from "./init.ts";
import { stop, Stopped } from "./io.ts";
import { migrateStorage } from "./migrate-storage.ts";
import { newCommand } from "./new.ts";
import { pause, resume } from "./pause.ts";
import { preview } from "./preview.ts";
import { replay } from "./replay.ts";
import { retry } from "./retry.ts";
import { schema } from "./schema.ts";
import { send } from "./send.ts";
import { sinks } from "./sinks.ts";
import { start } from "./start.ts";
import { test } from "./test.ts";

// Exit codes: 0 well; 1 problems, said on stderr; 2 the command line is wrong.

// Whoever reads may stop reading (`| head`), and a disk may be full: the command goes on to its end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", outliveOutput);

const { description, version } = about();
const program = new Command("cal-relay")
  .description(description)
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

for (const command of [
  init,
  start,
  demo,
  check,
  fields,
  explain,
  preview,
  test,
  send,
  events,
  deliveries,
  retry,
  replay,
  sinks,
  pause,
  resume,
  migrateStorage,
  newCommand,
  schema,
]) {
  program.addCommand(command().exitOverride());
}

try {
  readEnvFile();
  await program.parseAsync(commonOptionsLast(process.argv.slice(2)), { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof Stopped) process.exitCode = error.exitCode;
  else if (error instanceof RelayError) fail(error.message);
  else throw error;
}

function outliveOutput(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") process.exitCode = 1;
}

/** `--config FILE` and `--json` belong to the command, and may also stand before it. */
function commonOptionsLast(args: readonly string[]): string[] {
  const [first, value, ...rest] = args;
  if (first === "--config" && value !== undefined) return [...commonOptionsLast(rest), first, value];
  if (first === "--json" || first?.startsWith("--config=")) return [...commonOptionsLast(args.slice(1)), first];
  return [...args];
}

function readEnvFile(): void {
  if (!existsSync(".env")) return;
  try {
    process.loadEnvFile(".env");
  } catch {
    stop(".env: cannot be read; it has to be a file that this user may read");
  }
}

function fail(message: string): void {
  process.stderr.write(`cal-relay: ${message}\n`);
  process.exitCode = 1;
}
