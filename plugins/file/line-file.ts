import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

export interface LineFile {
  /** Resolves once the line, to which a line feed is added, is on disk. Rejects with the file system's error. */
  append(line: string): Promise<void>;
  /** Resolves once nothing is being written any more. */
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * A file that only grows by whole lines. Lines that arrive while others are being written go together in the next write, with one fsync
 * for all. The file is opened anew for each write, so that one that was rotated or deleted is simply made again.
 */
export function lineFile(path: string): LineFile {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(path, batch.map(({ line }) => `${line}\n`).join(""));
        for (const { done } of batch) done.resolve();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    writing = undefined;
  }

  return {
    append(line) {
      const done = Promise.withResolvers<void>();
      waiting.push({ line, done });
      writing ??= writeAll();
      return done.promise;
    },
    async close() {
      await writing;
    },
  };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "a+");
  try {
    const found = await file.stat();
    const bytes = Buffer.from((await endsTorn(file, found.size)) ? `\n${text}` : text);
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
    if (!found.isFile()) return;
    await file.datasync();
    if (found.size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

/** Whether the last line was cut short, by a crash or a full disk: the next one must not be glued to it. */
async function endsTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== "\n";
}

/** A new file is only there after a power cut if its folder says so. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
