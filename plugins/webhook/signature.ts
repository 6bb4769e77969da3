import { createHmac } from "node:crypto";
import { signingKey, type Connection } from "./options.ts";

/**
 * The headers of Standard Webhooks 1.0.0 for one try: `webhook-id` stays the same over all tries, the timestamp (Unix seconds) is fresh, and
 * there is one signature for each secret, so that a receiver can change over to a new one at leisure. Without a secret nothing is signed.
 */
export function signatureHeaders(
  id: string,
  timestamp: number,
  body: Buffer,
  secrets: readonly string[],
): Record<string, string> {
  const signatures = secrets.flatMap((secret) => {
    const key = signingKey(secret);
    if (key === undefined) return [];
    return [`v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`];
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    ...(signatures.length > 0 && { "webhook-signature": signatures.join(" ") }),
  };
}

export function secretsOf(given: Connection["signingSecret"]): readonly string[] {
  return [given ?? []].flat();
}
