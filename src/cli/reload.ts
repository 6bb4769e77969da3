import type { Relay } from "../app.ts";
import { createWatch } from "../config/watch.ts";
import { formatProblem } from "../config/problem.ts";
import { createPump } from "../delivery/pump.ts";
import { failureFields } from "../observe/failure.ts";
import { readConfig, Unreadable, type CommonOptions, type ReadConfig } from "./io.ts";

export interface Reloader {
  /** Reads the configuration again, changed or not. Cheap to call often: one that is asked for during another follows it. */
  reload(): void;
  /** Watches no more; resolves once no reload is under way. */
  close(): Promise<void>;
}

export interface ReloaderOptions {
  readonly relay: Relay;
  readonly options: CommonOptions;
  /** The files of the configuration in force. */
  readonly files: ReadConfig["files"];
  readonly onReloaded: (config: NonNullable<ReadConfig["config"]>) => void;
}

/** Keeps a relay in step with its files. Only contents count: a file that is touched, or written as it was, changes nothing. */
export function createReloader({ relay, options, files, onReloaded }: ReloaderOptions): Reloader {
  const { log } = relay;
  let last = files;
  let isAsked = false;
  const pump = createPump({
    look,
    onError(error) {
      relay.refuse(["the reload failed; it is tried again"]);
      log.error(failureFields(error), "the reload failed");
      isAsked = true;
    },
  });
  const watch = createWatch({
    onChange: () => pump.wake(),
    onError: (error) => log.warn(failureFields(error), "a file of the configuration cannot be watched; SIGHUP reloads"),
  });
  watch.follow([...files.keys()]);

  async function look(): Promise<null> {
    const isForced = isAsked;
    isAsked = false;
    const read = await readConfig(options).catch(unreadable);
    const followed = "config" in read ? read.files : new Map([...last, ...read.files]);
    watch.follow([...followed.keys()]);
    if (!isForced && isSame(followed, last)) return null;
    last = followed;
    await apply(read);
    return null;
  }

  async function apply(read: ReadConfig | Unread): Promise<void> {
    const problems = read.problems.map((problem) => (typeof problem === "string" ? problem : formatProblem(problem)));
    if (!("config" in read) || read.config === null) return relay.refuse(problems);
    if (problems.length > 0) log.warn({ problems }, "the configuration has warnings");
    await relay.reload(read.config);
    onReloaded(read.config);
  }

  return {
    reload() {
      isAsked = true;
      pump.wake();
    },
    close() {
      watch.close();
      return pump.close();
    },
  };
}

interface Unread {
  readonly files: ReadConfig["files"];
  readonly problems: readonly string[];
}

function unreadable(error: unknown): Unread {
  if (!(error instanceof Unreadable)) throw error;
  return { files: new Map([[error.file, null]]), problems: [error.message] };
}

function isSame(one: ReadConfig["files"], other: ReadConfig["files"]): boolean {
  return one.size === other.size && [...one].every(([file, text]) => other.has(file) && other.get(file) === text);
}
