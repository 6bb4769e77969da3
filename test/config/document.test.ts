import { describe, expect, test } from "vitest";
import { readDocument } from "../../src/config/document.ts";

describe("positions", () => {
  const document = readDocument("one:\n  - two: 2\n  - { three: [4, 5] }\n");

  test("of a value and of its key", () => {
    expect(document.positionOf(["one", 0, "two"])).toEqual({ line: 2, column: 10 });
    expect(document.keyPositionOf(["one", 0, "two"])).toEqual({ line: 2, column: 5 });
    expect(document.positionOf(["one", 1, "three", 1])).toEqual({ line: 3, column: 18 });
  });

  test("of what is not there is that of the nearest thing that is", () => {
    expect(document.positionOf(["one", 0, "four", "five"])).toEqual({ line: 2, column: 5 });
    expect(document.positionOf(["six"])).toEqual({ line: 1, column: 1 });
  });

  test("of an alias is that of the value it refers to, and keeps its own key", () => {
    const aliased = readDocument("one: &a { two: 2 }\nthree: *a\n");
    expect(aliased.keyPositionOf(["three"])).toEqual({ line: 2, column: 1 });
    expect(aliased.positionOf(["three", "two"])).toEqual({ line: 1, column: 16 });
  });
});

describe("a position inside a text is found in the file", () => {
  // The place of the letter X in the value of `key`, and in the source.
  test.for([
    ["plain", "key: one X"],
    ["plain over two lines", "key: one\n  two X"],
    ["single quotes", "key: 'it''s X'"],
    ["double quotes", 'key: "one X"'],
    ["escapes", 'key: "\\u00e9 \\t \\"quoted\\" \\x41 \\U0001F4C5 X"'],
    ["an escaped line break", 'key: "one \\\n  two X"'],
    ["double quotes over two lines", 'key: "one\n  two X"'],
    ["a literal block", "key: |\n  one\n  X\n"],
    ["a literal block with deeper lines", "key: |\n  one\n      two X\n"],
    ["a literal block with a comment and an indentation", "key: |2- # X marks nothing\n    two X\n"],
    ["a folded block", "key: >\n  one\n  two X\n"],
    ["a folded block with a gap", "key: >-\n  one\n\n  two\n    deeper\n  X\n"],
    ["Windows line ends", "key: |\r\n  one\r\n  X\r\n"],
  ] as const)("%s", ([, source]) => {
    const document = readDocument(source);
    const value = (document.value as { key: string }).key;
    const before = value.slice(0, value.indexOf("X")).split("\n");
    const found = document.positionInside(["key"], before.length, (before.at(-1) ?? "").length + 1);
    const expected = source.slice(0, source.lastIndexOf("X")).split("\n");
    expect(found).toEqual({ line: expected.length, column: (expected.at(-1) ?? "").length + 1 });
  });

  test("or else at the text's start", () => {
    expect(readDocument("one: text").positionInside(["one"], 9, 99)).toEqual({ line: 1, column: 10 });
    expect(readDocument("one: [text]").positionInside(["one"], 1, 1)).toEqual({ line: 1, column: 6 });
  });
});

test("thousands of brackets are a fault, and no stack overflow", () => {
  expect(readDocument("[".repeat(20_000)).faults).not.toEqual([]);
  expect(readDocument(`a: ${"[".repeat(200)}${"]".repeat(200)}`).faults).toMatchObject([
    { message: "nested deeper than 64 levels" },
  ]);
});

test("a number that JSON cannot hold is a fault", () => {
  expect(readDocument("a: .inf\nb: .nan").faults).toHaveLength(2);
});

test("keys that look like numbers stay as they are written", () => {
  expect(readDocument("007: a\n1.0: b\ntrue: c").value).toEqual({ "007": "a", "1.0": "b", true: "c" });
});
