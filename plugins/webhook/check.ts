import { ADDRESS_REFUSED, type SinkHost } from "cal-relay/sdk";
import type { Connection } from "./options.ts";

/** A request of any method may have an effect at the receiver, so that only its name is looked up. */
export async function check(
  { url, allowPrivateNetwork }: Connection,
  { resolve }: Pick<SinkHost, "resolve">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { hostname } = new URL(url);
  try {
    await resolve(hostname, { allowPrivateNetwork, signal });
    return [];
  } catch (error) {
    const code = codeOf(error);
    if (code === ADDRESS_REFUSED)
      return [
        `the host ${hostname} has a private, loopback or link-local address: set allowPrivateNetwork to true, or to a list with that address`,
      ];
    return [`the host ${hostname} cannot be found (${code}): check the spelling of url, and this machine's DNS`];
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
