import { expect, test } from "vitest";
import { createMask } from "../../src/observe/mask.ts";

test("replaces a secret wherever it stands, also as JSON and URLs write it", () => {
  const mask = createMask(['pa"ss wörd']);
  expect(mask.text('a pa"ss wörd b')).toBe("a *** b");
  expect(mask.text(JSON.stringify({ token: 'pa"ss wörd' }))).toBe('{"token":"***"}');
  expect(mask.text(`https://example.com/?t=${encodeURIComponent('pa"ss wörd')}`)).toBe("https://example.com/?t=***");
});

test("masks the longer of two secrets that begin alike", () => {
  expect(createMask(["secret", "secret-two"]).text("secret-two")).toBe("***");
});

test("masks the key inside a key file", () => {
  const file = JSON.stringify({ type: "service_account", private_key: "-----BEGIN\nabc\n-----END" });
  expect(createMask([file]).value({ cause: ["-----BEGIN\nabc\n-----END"] })).toEqual({ cause: ["***"] });
});

test("leaves texts alone that are too short to be secrets", () => {
  expect(createMask(["", "on"]).text("on and on")).toBe("on and on");
});
