import { generateKeyPairSync, randomUUID, verify, type KeyObject } from "node:crypto";
import { z } from "zod";
import type { Answer, Received } from "../../src/sdk/testing/stand-in.ts";

const EMAIL = "relay@example-project.iam.gserviceaccount.com";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SCOPE = "https://www.googleapis.com/auth/spreadsheets";

const claims = z.object({
  iss: z.literal(EMAIL),
  aud: z.literal("https://oauth2.googleapis.com/token"),
  scope: z.literal(SCOPE),
  iat: z.number(),
  exp: z.number(),
});

/** A service account and the endpoint that gives it tokens, as Google's: RFC 7523. */
export interface TokenDesk {
  /** The account's key file, as Google Cloud hands it out. */
  readonly credentials: string;
  /** Every token so far. */
  readonly issued: readonly string[];
  answer(request: Received): Answer;
  isValid(authorization: string | undefined): boolean;
  revoke(): void;
}

export function openTokenDesk(lifetimeSeconds: number): TokenDesk {
  const { publicKey, pem } = keys();
  const issued: string[] = [];
  const expiries = new Map<string, number>();

  return {
    credentials: JSON.stringify({
      type: "service_account",
      project_id: "example-project",
      private_key_id: "0000000000000000000000000000000000000000",
      private_key: pem,
      client_email: EMAIL,
      token_uri: "https://oauth2.googleapis.com/token",
    }),
    issued,
    answer(request) {
      const form = new URLSearchParams(request.body);
      if (request.method !== "POST" || form.get("grant_type") !== GRANT) return refusal("unsupported_grant_type");
      if (!isSigned(form.get("assertion") ?? "", publicKey)) return refusal("invalid_grant");
      const token = `ya29.${randomUUID()}`;
      issued.push(token);
      expiries.set(token, Date.now() + lifetimeSeconds * 1000);
      const body = { access_token: token, expires_in: lifetimeSeconds, token_type: "Bearer" };
      return { status: 200, body: JSON.stringify(body) };
    },
    isValid(authorization = "") {
      const expiry = expiries.get(authorization.replace(/^Bearer /, ""));
      return authorization.startsWith("Bearer ") && expiry !== undefined && expiry > Date.now();
    },
    revoke: () => expiries.clear(),
  };
}

function isSigned(assertion: string, publicKey: KeyObject): boolean {
  const [head = "", body = "", signature = ""] = assertion.split(".");
  const signed = verify("RSA-SHA256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url"));
  if (!signed) return false;
  const parsed = claims.safeParse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  const now = Date.now() / 1000;
  return (
    parsed.success && parsed.data.exp > now && parsed.data.iat < now + 60 && parsed.data.exp - parsed.data.iat <= 3600
  );
}

function refusal(error: string): Answer {
  return { status: 400, body: JSON.stringify({ error, error_description: "Refused by the stand-in." }) };
}

let made: { readonly publicKey: KeyObject; readonly pem: string } | undefined;

/** One pair for the process: making one takes a tenth of a second. */
function keys(): NonNullable<typeof made> {
  if (made === undefined) {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    made = { publicKey, pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  }
  return made;
}
