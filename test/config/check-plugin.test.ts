import { expect, test } from "vitest";
import { z } from "zod";
import { checkPlugin } from "../../src/config/check-plugin.ts";
import { chat } from "./loading.ts";

const STRICT = "expected z.strictObject({ … }), so that a misspelt key is a problem";

/** As another copy of the SDK marks it. */
function madeWith(version: string): object {
  return Object.defineProperty({ ...chat }, Symbol.for("cal-relay.sdk-version"), { value: version });
}

test("a plugin that fits is returned as it is", () => {
  expect(checkPlugin(chat, "./chat.ts")).toBe(chat);
});

test.for([
  z.strictObject({}).optional(),
  z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]),
  z.strictObject({}).transform(() => 1),
  z.preprocess((value) => value, z.strictObject({})),
  z.lazy(() => z.strictObject({})),
])("a schema that takes only known keys is one, however it is put (%#)", (message) => {
  expect(checkPlugin({ ...chat, message }, "./chat.ts")).toMatchObject({ type: "chat" });
});

test("a plugin of another version of the same major, or of none, is taken", () => {
  expect(checkPlugin(madeWith("1.9.3"), "./chat.ts")).toMatchObject({ type: "chat" });
  expect(checkPlugin({ ...chat }, "./chat.ts")).toMatchObject({ type: "chat" });
});

test.for([
  [undefined, "it has no default export; write `export default defineSink({ … })`"],
  ["chat", "expected the sink that defineSink returns"],
  [{ ...chat, type: "Chat!" }, "type: expected a name of a-z, 0-9 and -"],
  [{ ...chat, title: "" }, "title: expected text"],
  [{ ...chat, connection: z.object({ token: z.string() }) }, `connection: ${STRICT}; this one takes any key`],
  [{ ...chat, message: z.looseObject({}), secrets: [] }, `message: ${STRICT}; this one takes any key`],
  [{ ...chat, message: z.string() }, "message: expected z.strictObject({ … })"],
  [{ ...chat, message: z.union([z.strictObject({}), z.array(z.string())]) }, "message: expected z.strictObject({ … })"],
  [madeWith("2.3.0"), "it was made with version 2.3.0 of cal-relay/sdk, and this relay has 1.0.0"],
  [{ ...chat, connection: { token: "text" } }, "connection: expected a zod 4 schema"],
  [{ ...chat, secrets: ["tokne"] }, 'secrets[0]: "tokne" is no key of the connection; did you mean token?'],
  [{ ...chat, secrets: undefined }, 'secrets: expected a list of keys of the connection, such as ["token"] or []'],
  [{ ...chat, limits: { rate: "fast" } }, "limits.rate: expected a rate such as 1/s, 50/min or 1000/h"],
  [{ ...chat, limit: {} }, "limit: unknown key; did you mean limits?"],
  [{ ...chat, open: "later" }, "open: expected a function"],
  [{ ...chat, message: z.string, lane: 1 }, "message: expected a zod 4 schema; lane: expected a function"],
] as const)(
  "one that does not fit is refused, naming the file, the field and what was expected (%#)",
  ([candidate, reason]) => {
    expect(() => checkPlugin(candidate, "./chat.ts")).toThrow(
      expect.objectContaining({
        code: "plugin_unusable",
        message: `the plugin ./chat.ts cannot be used: ${reason}`,
      }),
    );
  },
);
