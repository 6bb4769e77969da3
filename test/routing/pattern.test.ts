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
  ["\\d{2,4}-\\d+", "call 030-12345"],
  ["^(a|b)+$", "abba"],
  ["^[\\w.+-]+@([\\w-]+\\.)+[a-z]{2,}$", "ana+cal@mail.acme.example.org"],
  ["^(ana|tom|kim)@(acme|globex)\\.(com|org)$", "tom@globex.org"],
  ["^(\\w+\\s*)+$", "one two three"],
  [".*a.*b.*c.*d", "all but crowded"],
  ["(\\w)\\1", "aa"],
])("takes %s", (source, text) => {
  expect(pattern(source).test(text)).toBe(true);
  expect(pattern(source).test("?")).toBe(false);
});

test("takes the options i, m and s", () => {
  expect(pattern("^b.c", "ims").test("a\nB\nC")).toBe(true);
});

test.each(["(?i)ACME", "(?im)^ACME"])("takes the option that %s begins with", (source) => {
  expect(pattern(source).test("acme")).toBe(true);
  expect(compilePattern("(?x)a")).toMatchObject({ refused: 'expected $options i, m, s or u, got "x"' });
});

test.each(["acme", "@.+com", "^.*@acme", ".*foo.*bar", ".*a.*b.*c", "^(-+|[a-z ]+)+@x"])(
  "finds %s in text of any length",
  (source) => {
    const match = "foo bar acme a b c @xcom @acme";
    for (const length of [100, 10_000, 1_000_000]) expect(pattern(source).test(match.padStart(length, "-"))).toBe(true);
  },
);

test.each([
  ["one repeat", "a*b"],
  ["two repeats", ".*a.*b"],
  ["three repeats", ".*a.*a.*b"],
  ["optional repeats", "(a+)?(a+)?(a+)?b"],
  ["nested repeats", "^(a+)+$"],
  ["alternatives alike", "^(a|a)*$"],
  ["a backreference", "(a*)\\1b"],
])("ends soon on the worst text for %s, and finds nothing", { timeout: 20_000 }, (_, source) => {
  const compiled = pattern(source);
  for (const length of [30, 140, 6_000, 100_000]) expect(compiled.test(`${"a".repeat(length)}!`)).toBe(false);
});
