import { describe, expect, test } from "vitest";
import { z } from "zod";
import { expectation, flatten, got } from "../../src/config/wording.ts";

/** What people read of a value that a schema refuses: path, expectation and what there is instead. */
function words(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value, { error: () => "" });
  return (error?.issues ?? []).flatMap(flatten).map((issue) => {
    const found = issue.path.reduce((at: unknown, step) => (at as Record<PropertyKey, unknown>)[step], value);
    return `${issue.path.join(".")} ${expectation(issue)}${got(issue, found)}`.trim();
  });
}

test.for([
  [z.string(), 60, "expected text, got 60; put it in quotes"],
  [z.string(), null, "expected text, got nothing; text that starts with # stands in quotes"],
  [z.int(), 1.5, "expected a whole number, got 1.5"],
  [z.boolean(), "yes", 'expected true or false, got "yes"'],
  [z.array(z.string()), "one", 'expected a list, got "one"; start every entry with a dash'],
  [z.array(z.string()), { one: 1 }, "expected a list, got a mapping; start every entry with a dash"],
  [z.strictObject({}), "one", 'expected a mapping, got "one"; write key: value'],
  [z.int(), "80", 'expected a number, got "80"; leave out the quotes'],
  [z.int(), "eighty", 'expected a number, got "eighty"'],
  [z.boolean(), "true", 'expected true or false, got "true"; leave out the quotes'],
  [z.enum(["new", "edit"]), "edti", 'expected "new" or "edit", got "edti"; did you mean edit?'],
  [z.string().min(1), "", 'expected at least 1 character, got ""'],
  [z.string().max(3), "long", 'expected at most 3 characters, got "long"'],
  [z.array(z.string()).max(2), ["a", "b", "c"], "expected at most 2 entries, got 3"],
  [z.array(z.string()).min(1), [], "expected at least 1 entry, got none"],
  [z.number().gt(0), 0, "expected more than 0, got 0"],
  [z.number().multipleOf(5), 7, "expected a multiple of 5, got 7"],
  [z.url(), "example", 'expected a URL, got "example"'],
  [z.email(), "jo", 'expected an e-mail address, got "jo"'],
  [z.string().regex(/^a/), "b", 'expected text like /^a/, got "b"'],
  [z.string().regex(/^a/, { error: "expected an a-word" }), "b", 'expected an a-word, got "b"'],
  [z.string().refine((text) => text === "x"), "y", 'not valid, got "y"'],
  [z.string().max(1), "x".repeat(200), "expected at most 1 character, got 200"],
] as const)("%#", ([schema, value, expected]) => {
  expect(words(schema, value)).toEqual([expected]);
});

describe("of a union", () => {
  test("every alternative is told where none is near", () => {
    expect(words(z.union([z.string(), z.array(z.string())]), 5)).toEqual([
      "expected text or a list, got 5; put it in quotes",
    ]);
  });

  test("the mistake inside the alternative that was meant is told", () => {
    expect(words(z.union([z.string(), z.array(z.string())]), ["a", 5])).toEqual([
      "1 expected text, got 5; put it in quotes",
    ]);
  });

  test("a mapping's kind decides which alternative was meant", () => {
    const shape = z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("circle"), radius: z.number() }),
      z.strictObject({ kind: z.literal("square"), side: z.number() }),
    ]);
    expect(words(shape, { kind: "circle", radius: "big" })).toEqual(['radius expected a number, got "big"']);
    expect(words(shape, { kind: "cirle" })).toEqual([
      'kind expected "circle" or "square", got "cirle"; did you mean circle?',
    ]);
    expect(words(z.union([...shape.options]), { kind: "square", side: "big" })).toEqual([
      'side expected a number, got "big"',
    ]);
  });
});

test("a record's key is told at the key", () => {
  const names = z.record(z.string().regex(/^[a-z]+$/, { error: "expected a name" }), z.number());
  expect(words(names, { "A!": 1 })).toEqual(["A! expected a name as the key"]);
});
