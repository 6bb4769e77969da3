import { createHmac, timingSafeEqual } from "node:crypto";

/** `no-secret`: the webhook has no secret in Cal.com, which then sends the literal `no-secret-provided`. */
export type SignatureVerdict = "verified" | "missing" | "no-secret" | "wrong";

/**
 * Judges the header `X-Cal-Signature-256` over the body's raw bytes: lower-case hex HMAC-SHA256, no prefix. Any of the secrets may have
 * signed; all are tried in constant time. Never throws. A secret counts exactly as it stands: one that was pasted into Cal.com with a
 * trailing newline signs differently, and is `wrong` here.
 */
export function checkSignature(
  header: string | undefined,
  body: Uint8Array,
  secrets: readonly string[],
): SignatureVerdict {
  if (header === undefined || header === "") return "missing";
  if (header === "no-secret-provided") return "no-secret";
  const given = Buffer.from(header);
  let verified = false;
  for (const secret of secrets) {
    const expected = Buffer.from(sign(body, secret));
    const equal = given.length === expected.length && timingSafeEqual(given, expected);
    verified ||= equal;
  }
  return verified ? "verified" : "wrong";
}

/** The header's value as Cal.com computes it. */
export function sign(body: Uint8Array | string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}
