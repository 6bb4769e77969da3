import { expect, test } from "vitest";
import { cutText } from "../../src/sdk/index.ts";

test.each([
  ["what fits stays", "abc", 3, "abc"],
  ["the rest goes", "abcd", 3, "abc"],
  ["an emoji stays whole", "ab😀", 3, "ab"],
  ["a family stays together", "a👨‍👩‍👧", 8, "a"],
  ["a flag stays a flag", "🇩🇪🇫🇷", 6, "🇩🇪"],
  ["an accent stays on its letter", "abe\u0301", 3, "ab"],
])("%s", (_what, text, limit, cut) => {
  expect(cutText(text, limit)).toBe(cut);
});

test("keeps the beginning of a character that is longer than the limit, in whole code points", () => {
  expect(cutText(`a${"\u0301".repeat(5_000)}`, 100)).toHaveLength(100);
  expect(cutText(`😀${"\u200d😀".repeat(5_000)}`, 99).isWellFormed()).toBe(true);
});
