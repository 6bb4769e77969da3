import { expect, test } from "vitest";
import { compilePattern, type Pattern } from "../../src/routing/pattern.ts";

function pattern(source: string, options?: string): Pattern {
  const compiled = compilePattern(source, options);
  if ("refused" in compiled) throw new Error(compiled.refused);
  return compiled;
}

test.each([
  ["@acme\\.com$", "ana@acme.com"],
  ["@(.+\\.)?acme\\.(com|org)$", "ana@mail.acme.org"],
  ["^\\+49\\d{6,12}$", "+4930123456"],
  ["^[^@]+@[a-z.]+$", "ana@example.org"],
  ["https?://(www\\.)?example", "see http://example"],
  ["(ab){2}", "abab"],
  ["[(+*]a", "+a"],
  ["(?<=a)b(?!c)", "ab"],
])("takes %s", (source, text) => {
  expect(pattern(source).test(text)).toBe(true);
  expect(pattern(source).test("?")).toBe(false);
});

test("takes the options i, m and s", () => {
  expect(pattern("^b.c", "ims").test("a\nB\nC")).toBe(true);
});

test.each([
  ["no repeat", "acme", 1_000_000],
  ["one repeat", "@.+com", 6_000],
  ["one repeat from the start", "^.*@acme", 1_000_000],
  ["two repeats", ".*foo.*bar", 490],
  ["three repeats", ".*a.*b.*c", 148],
])("tries %s on text of a bounded length", (_, source, longest) => {
  const match = "foo bar acme a b c @xcom @acme";
  expect(pattern(source).test(match.padStart(longest, "-"))).toBe(true);
});

test.each([
  ["one repeat", "a*b"],
  ["two repeats", ".*a.*b"],
  ["three repeats", ".*a.*a.*b"],
  ["optional repeats", "(a+)?(a+)?(a+)?b"],
])("ends soon on the worst text for %s", (_, source) => {
  const compiled = pattern(source);
  const began = performance.now();
  for (let length = 10; length < 100_000; length = Math.ceil(length * 1.3)) compiled.test("a".repeat(length));
  expect(performance.now() - began).toBeLessThan(3_000);
});

test("does not try a pattern on text that is too long for it", () => {
  expect(pattern(".*a.*b").test("a b".padStart(10_000))).toBe(false);
});
