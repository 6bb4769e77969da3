import { Misconfigured, Unavailable } from "cal-relay/sdk";

const UNTIL_MENDED = new Set([
  "EACCES",
  "EEXIST",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

/**
 * A path that does not lead to a writable file stays so until someone mends it; all else (disk full, I/O error) may pass. Lines of a write
 * that failed half-way may be in the file.
 */
export function fileFailure(error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  const options = { cause: error, answer: { code } };
  if (UNTIL_MENDED.has(code)) return new Misconfigured(`the file cannot be written (${code})`, options);
  return new Unavailable(`the file could not be written (${code})`, { ...options, ambiguous: true });
}

/** Such as `ENOSPC`; undefined for what the file system did not throw. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
