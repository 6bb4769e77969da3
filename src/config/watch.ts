import { readlinkSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";

export interface Watch {
  /** Watches these files, there or not, and no others. */
  follow(files: readonly string[]): void;
  close(): void;
}

export interface WatchOptions {
  /** A file may have changed, and nothing has stirred for a moment since. Also called once a file is followed anew: it may have changed before. */
  readonly onChange: () => void;
  /** A file cannot be watched, for want of watches for example. */
  readonly onError: (error: unknown) => void;
}

/** Long enough for an editor to put its new file in the old one's place. */
const QUIET_MS = 100;
const MOST_LINKS = 40;

/**
 * Watches files by the system's own notifications. Of every link on the way to a file the folder is watched as well, since a container platform
 * swaps a link and leaves the files alone; and the file itself, which may be mounted alone.
 */
export function createWatch({ onChange, onError }: WatchOptions): Watch {
  let files: readonly string[] = [];
  let watchers: readonly FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;

  function stirred(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Before anyone reads: what was put in a file's place is another file.
      arm();
      onChange();
    }, QUIET_MS);
  }

  function arm(): void {
    disarm();
    const ways = new Set(files.flatMap(waysTo));
    const folders = Map.groupBy(ways, dirname);
    watchers = [...folders].flatMap(([folder, entries]) => {
      const names = new Set(entries.map((entry) => basename(entry)));
      return watched(folder, (name) => name === null || names.has(name));
    });
    watchers = [...watchers, ...files.flatMap((file) => watched(file, () => true))];
  }

  function watched(path: string, concerns: (name: string | null) => boolean): FSWatcher[] {
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => {
        if (concerns(name)) stirred();
      });
      return [watcher.on("error", onError)];
    } catch (error) {
      // What is not there is noticed by its folder when it comes.
      if (!isAbsent(error)) onError(error);
      return [];
    }
  }

  function disarm(): void {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  }

  return {
    follow(next) {
      const isSame = next.length === files.length && next.every((file) => files.includes(file));
      files = next;
      if (isSame) return;
      arm();
      stirred();
    },
    close() {
      clearTimeout(timer);
      disarm();
    },
  };
}

/** The file and every link on the way to it, each by the path of the folder that truly holds it. */
function waysTo(file: string): string[] {
  const ways: string[] = [];
  const steps = resolve(file).split(sep);
  let at: string = sep;
  for (let step = steps.shift(); step !== undefined && ways.length < MOST_LINKS; step = steps.shift()) {
    const entry = join(at, step);
    const target = targetOf(entry);
    if (target !== null) {
      steps.unshift(...target.split(sep));
      if (isAbsolute(target)) at = sep;
    } else at = entry;
    if (target !== null || steps.length === 0) ways.push(entry);
  }
  return ways;
}

function targetOf(entry: string): string | null {
  try {
    return readlinkSync(entry);
  } catch {
    return null;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
