import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkSignature, sign } from "../../src/cal/signature.ts";

// Computed with `openssl dgst -sha256 -hmac`; the first is test case 2 of RFC 4231.
const vectors = [
  ["Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
  [
    "correct horse",
    '{"triggerEvent":"PING","payload":{"title":"Grüße"}}',
    "6a9b9fec7233159fc0b3d0f16837738887da53eee4c20a2dc2320a16ce753cd7",
  ],
  ["rotated", "false", "877fc38c14f44764317ae78b51a546eb5fe9cd138eaff16c57a5e60ec7442c33"],
] as const;

test.each(vectors)("signs as Cal.com does with secret %j", (secret, body, hex) => {
  expect(sign(body, secret)).toBe(hex);
  expect(sign(bytes(body), secret)).toBe(hex);
  expect(checkSignature(hex, bytes(body), [secret])).toBe("verified");
});

test("accepts whichever of several secrets signed, in any place", () => {
  const header = sign("false", "new");
  expect(checkSignature(header, bytes("false"), ["old", "new"])).toBe("verified");
  expect(checkSignature(header, bytes("false"), ["new", "old"])).toBe("verified");
  expect(checkSignature(header, bytes("false"), ["old", "older"])).toBe("wrong");
});

test("tells a missing signature from a webhook without a secret and from a wrong one", () => {
  const body = bytes("{}");
  expect(checkSignature(undefined, body, ["s"])).toBe("missing");
  expect(checkSignature("", body, ["s"])).toBe("missing");
  expect(checkSignature("no-secret-provided", body, ["s"])).toBe("no-secret");
  expect(checkSignature(sign("{} ", "s"), body, ["s"])).toBe("wrong");
});

test("takes secret and header exactly as they stand", () => {
  const header = sign("{}", "s");
  expect(checkSignature(header, bytes("{}"), ["s\n"])).toBe("wrong");
  expect(checkSignature(header.toUpperCase(), bytes("{}"), ["s"])).toBe("wrong");
  expect(checkSignature(`sha256=${header}`, bytes("{}"), ["s"])).toBe("wrong");
  expect(checkSignature(header.slice(1), bytes("{}"), ["s"])).toBe("wrong");
  expect(checkSignature(header, bytes("{}"), [])).toBe("wrong");
});

test("verifies bytes that are no valid UTF-8", () => {
  const body = Uint8Array.from([0xff, 0xfe, 0x00, 0xc3]);
  expect(checkSignature(sign(body, "s"), body, ["s"])).toBe("verified");
});

test("never throws and never verifies a guessed header", () => {
  const headers = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9a-f]{64}$/));
  fc.assert(
    fc.property(headers, fc.uint8Array(), fc.array(fc.string()), (header, body, secrets) => {
      expect(["missing", "no-secret", "wrong"]).toContain(checkSignature(header, body, secrets));
    }),
  );
});

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
