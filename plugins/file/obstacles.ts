import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./classify.ts";

/** Why a file cannot be written, or its missing folders not made; changes nothing. */
export async function obstacles(path: string, kind: "file" | "folder" = "file"): Promise<readonly string[]> {
  try {
    const found = await stat(path);
    if (found.isDirectory() !== (kind === "folder"))
      return [`${path} is not a ${kind}; put the path of a file under path, whose folders may be missing`];
    await access(path, constants.W_OK);
    return [];
  } catch (error) {
    const code = errorCode(error);
    const parent = dirname(path);
    if (code === "ENOENT" && parent !== path) return obstacles(parent, "folder");
    return [
      `the ${kind} ${path} cannot be written (${code ?? "unknown error"}): let the relay's user write there, or put another path under path`,
    ];
  }
}
