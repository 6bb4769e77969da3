import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import { scopeOf, TemplateError } from "../../src/rendering/renderer.ts";
import { exampleEvent } from "../routing/example.ts";
import { render, renderer } from "./render.ts";

test.each(["{{ event.id }}", "{% assign x = 1 %}", "{{ '1' | plus: 1 }}", "{% raw %}", "{{"])(
  "never evaluates %j out of a payload",
  (title) => {
    const payload = { title, list: [title] };
    expect(render("{{ payload.title }}", { payload })).toBe(title);
    expect(render("- {{ payload.title | append: '' }} {{ payload.list }}", { payload })).toBe(`- ${title} ${title}`);
    expect(render("{% assign a = payload.title %}{% capture b %}{{ a }}{% endcapture %}{{ b }}", { payload })).toBe(
      title,
    );
  },
);

test.each([
  "{{ payload.__proto__ }}",
  "{{ payload.constructor }}",
  "{{ payload.constructor.name }}",
  "{{ payload['__proto__']['constructor'] }}",
  "{{ payload[payload.key] }}",
  "{{ payload.tags.constructor }}",
  "{{ payload.text.constructor }}",
  "{{ __proto__ }}",
  "{{ constructor }}",
  "{{ payload.tags | map: 'constructor' | compact }}",
  "{{ payload.tags | where: '__proto__' }}",
])("reaches nothing inherited by %s", (text) => {
  const payload = { key: "constructor", tags: ["a"], text: "b" };
  expect(render(`[${text}]`, { payload })).toBe("[]");
});

test.each(["constructor", "__proto__", "toString", "valueOf", "where_exp", "find_exp", "sample"])(
  "has no filter %s",
  (filter) => {
    expect(renderer.compile(`{{ payload | ${filter} }}`).problems).toMatchObject([
      { message: expect.stringContaining(`unknown filter "${filter}"`) },
    ]);
  },
);

test.each([
  ["a long range", "{% for i in (1..1000000000) %}x{% endfor %}", "memory"],
  [
    "nested loops",
    `${"{% for i in (1..2000) %}".repeat(4)}{% assign a = i %}${"{% endfor %}".repeat(4)}`,
    "render limit",
  ],
  [
    "long output",
    "{% assign a = booking.title %}{% for i in (1..10) %}{% assign a = a | append: a %}{% endfor %}{% for i in (1..1000) %}{{ a }}{% endfor %}",
    "output limit",
  ],
  [
    "a growing capture",
    "{% for i in (1..99) %}{% capture a %}{{ a }}{{ a }}x{% endcapture %}{% endfor %}",
    "output limit",
  ],
  ["a growing text", "{% assign a = 'xx' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}", "memory"],
])("ends %s soon", (_, text, reason) => {
  expect(() => render({ blocks: [{ text }] })).toThrow(
    expect.objectContaining({
      code: "template_failed",
      path: ["blocks", 0, "text"],
      message: expect.stringMatching(
        new RegExp(`^the template at blocks\\[0\\]\\.text failed: line 1, column .*${reason}`),
      ),
    }),
  );
});

test("counts the limits over all strings of a target", () => {
  const text = "{{ payload.text }}";
  const payload = { text: "x".repeat(300_000) };
  expect(render([text, text, text], { payload })).toHaveLength(3);
  expect(() => render([text, text, text, text], { payload })).toThrow("output limit exceeded");
});

test("says where a template failed without quoting the payload or keeping a cause", () => {
  const payload = { deep: JSON.parse(`${"[".repeat(50_000)}"canary@example.com"${"]".repeat(50_000)}`) as Json };
  for (const text of ["{{ payload.deep }}", "{{ payload.deep | json }} x"]) {
    const failing = () => render({ text }, { payload });
    expect(failing).toThrow(/^the template at text failed: ((?!canary).)*$/);
    expect(failing).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  }
});

test("a text too long to be a template is a problem", () => {
  expect(renderer.compile(`{{ trigger }}${"x".repeat(200_000)}`).problems).toMatchObject([
    { path: [], message: expect.stringContaining("limit exceeded") },
  ]);
});

test("never throws anything but a TemplateError, whatever the target and the payload", () => {
  const pieces = [
    "{{",
    "}}",
    "{%",
    "%}",
    " payload.a ",
    " payload",
    " | ",
    "local",
    "json",
    "date: ",
    "if ",
    "for i in ",
    "assign x = ",
  ];
  const more = [
    "(1..3)",
    "'a'",
    "raw",
    "endif",
    "endfor",
    ".",
    "[0]",
    ",",
    ":",
    "\n",
    "-",
    "__proto__",
    "capture x",
    "size",
    "1e9",
  ];
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces, ...more), fc.string()), { maxLength: 12 });
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      text.map((parts) => parts.join("")),
      fc.jsonValue() as fc.Arbitrary<Json>,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 3 }),
    ),
  }));
  const property = fc.property(tree, fc.jsonValue() as fc.Arbitrary<Json>, (target, a) => {
    const { template, problems } = renderer.compile(target);
    expect(problems.every(({ message }) => message.length > 0)).toBe(true);
    expect(outcomeOf(() => template.render(scopeOf(exampleEvent({ payload: { a } }), "a")))).toMatch(
      /^(rendered|failed)$/,
    );
  });
  fc.assert(property, { numRuns: 2_000 });
});

function outcomeOf(work: () => Json): string {
  try {
    JSON.stringify(work());
    return "rendered";
  } catch (error) {
    return error instanceof TemplateError ? "failed" : String(error);
  }
}
