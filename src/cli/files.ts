import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stop } from "./io.ts";

/** Whether there is something to read: a pipe will do, a folder will not. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

/** Ends the command with 1 where a file cannot be read. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    return stop(`${path}: cannot be read (${codeOf(error)})`);
  }
}

/** Writes a file, and the folders on the way to it; ends the command with 1 where it cannot be written. */
export function writeText(path: string, text: string, mode = 0o666): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
  } catch (error) {
    stop(`${path}: cannot be written (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "error";
}
