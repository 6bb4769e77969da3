import { expect, test } from "vitest";
import { z } from "zod";
import { checkPlugin } from "../../src/config/check-plugin.ts";
import { chat } from "./loading.ts";

test("a plugin that fits is returned as it is", () => {
  expect(checkPlugin(chat, "./chat.ts")).toBe(chat);
});

test.for([
  [undefined, "it has no default export; write `export default defineSink({ … })`"],
  ["chat", "expected the sink that defineSink returns"],
  [{ ...chat, type: "Chat!" }, "type: expected a name of a-z, 0-9 and -"],
  [{ ...chat, title: "" }, "title: expected text"],
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
