import { isIP } from "node:net";
import { z } from "zod";

/** Headers that the sink or the connection itself sets. */
const RESERVED =
  /^(webhook-.*|host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer)$/i;

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "expected a header name")
  .refine((name) => !RESERVED.test(name), "this header is set by the relay");

const headerValue = z.string().regex(/^[^\p{Cc}]*$/u, "expected a value without line breaks or control characters");

const signingSecret = z
  .string()
  .refine((secret) => signingKey(secret) !== undefined, "expected whsec_ and the base64 of 24 to 64 bytes");

const addressRange = z.string().refine(isAddressRange, "expected an address or a CIDR range such as 10.0.0.0/8");

export const connection = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: "expected an http or https URL" })
    .refine((url) => !hasUserInfo(url), "expected a URL without a user and password: use an Authorization header")
    .describe("where the receiver listens; kept secret, since for many receivers it is all one needs to know"),
  method: z.enum(["POST", "PUT", "PATCH"]).default("POST").describe("the HTTP method"),
  headers: z.record(headerName, headerValue).default({}).describe("sent with every request, such as Authorization"),
  signingSecret: z
    .union([signingSecret, z.array(signingSecret).min(1)])
    .optional()
    .describe("signs each request (Standard Webhooks): whsec_…, or a list while it is being rotated"),
  allowPrivateNetwork: z
    .union([z.boolean(), z.array(addressRange)])
    .default(false)
    .describe("true, or the addresses and CIDR ranges that may be reached although they are private or loopback"),
});

export const message = z.strictObject({
  body: z.json().optional().describe("a structure, sent as JSON, or a text; default: the event's body as received"),
  headers: z
    .record(headerName, headerValue)
    .optional()
    .describe("sent besides the connection's headers; the same name replaces"),
  path: z
    .string()
    .regex(/^[^?#\\\p{Cc}]*$/u, "expected a path without ?, #, backslash or control characters")
    .refine((path) => !path.split("/").some(isDotSegment), "expected a path without . and .. segments")
    .optional()
    .describe("appended to the path of the connection's url"),
});

export type Connection = z.output<typeof connection>;
export type Message = z.output<typeof message>;

/** The bytes of a `whsec_` secret; undefined where it is not one. Node's base64 decoder ignores what it does not know, hence the way back. */
export function signingKey(secret: string): Buffer | undefined {
  const text = /^whsec_(.+)$/.exec(secret)?.[1] ?? "";
  const key = Buffer.from(text, "base64");
  return key.toString("base64") === text && key.length >= 24 && key.length <= 64 ? key : undefined;
}

function hasUserInfo(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && (parsed.username !== "" || parsed.password !== "");
}

/** As the URL standard sees it: `%2e` is a dot too. */
function isDotSegment(segment: string): boolean {
  return /^(\.|%2e){1,2}$/i.test(segment);
}

function isAddressRange(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
