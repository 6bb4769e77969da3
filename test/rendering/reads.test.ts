import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { createEngine } from "../../src/rendering/engine.ts";
import { EACH, lookInto, type Read } from "../../src/rendering/reads.ts";
import { createRenderer } from "../../src/rendering/renderer.ts";

const defaults = { timeZone: "UTC", locale: "en" };
const liquid = createEngine(defaults);
const renderer = createRenderer(defaults);

function readsOf(nodes: Parameters<typeof lookInto>[0]): readonly Read[] {
  return lookInto(nodes).reads;
}

/** Every field read: `payload.attendees[].email`, with a `?` where its absence is provided for. */
function reads(text: string): string[] {
  return readsOf(liquid.parse(text)).map(({ steps, isGuarded }) => {
    const path = steps.map((step) => (step === EACH ? "[]" : typeof step === "number" ? `[${step}]` : `.${step}`));
    return path.join("").replace(/^\./, "") + (isGuarded ? "?" : "");
  });
}

describe("follows to the fields they start from", () => {
  test.each([
    [
      "{{ payload.title }}{{ payload['end time'] }}{{ payload.attendees[0].email }}",
      ["payload.title", "payload.end time", "payload.attendees[0].email"],
    ],
    [
      "{% for a in payload.attendees %}{{ a.email }}{{ forloop.index }}{% endfor %}",
      ["payload.attendees?", "payload.attendees[].email"],
    ],
    [
      "{% for a in payload.a %}{% for b in a.list %}{{ b.x }}{% endfor %}{% endfor %}{{ a }}",
      ["payload.a?", "payload.a[].list?", "payload.a[].list[].x", "a"],
    ],
    [
      "{% tablerow a in payload.attendees %}{{ a.email }}{% endtablerow %}",
      ["payload.attendees?", "payload.attendees[].email"],
    ],
    [
      "{% assign host = payload.organizer %}{{ host.email }}{{ host.name | default: '' }}",
      ["payload.organizer?", "payload.organizer.email", "payload.organizer.name?"],
    ],
    [
      "{% assign first = payload.attendees | first %}{{ first.email }}",
      ["payload.attendees?", "payload.attendees[].email"],
    ],
    [
      "{% assign sorted = payload.attendees | sort: 'name' | reverse %}{{ sorted[0].email }}",
      ["payload.attendees?", "payload.attendees[].name?", "payload.attendees[0].email"],
    ],
    [
      "{{ payload.attendees | where: 'noShow', payload.flag | map: 'email' | join: ', ' }}",
      ["payload.attendees", "payload.flag", "payload.attendees[].noShow?", "payload.attendees[].email?"],
    ],
    [
      "{% assign all = payload.attendees | map: 'language' %}{% for one in all %}{{ one.locale }}{% endfor %}{{ all.first.locale }}{{ all.size }}",
      [
        "payload.attendees?",
        "payload.attendees[].language?",
        "payload.attendees[].language?",
        "payload.attendees[].language.locale",
        "payload.attendees[].language.locale",
      ],
    ],
    ["{% liquid\n assign x = payload.x\n echo x.y %}", ["payload.x?", "payload.x.y"]],
    ["{% capture text %}{{ payload.a }}{% endcapture %}{{ text.size }}", ["payload.a"]],
    ["{% increment count %}{{ count }}", []],
    ["{% assign n = payload.a | size %}{{ n.more }}{{ 'x' | append: payload.b }}", ["payload.a?", "payload.b"]],
    ["{% for i in (1..payload.n) %}{{ i }}{% endfor %}", ["payload.n?"]],
    ["{% cycle payload.a, payload.b %}", ["payload.a", "payload.b"]],
    ["{{ payload[answers.key].x }}", ["answers.key", "payload"]],
  ])("%s", (text, expected) => {
    expect(reads(text)).toEqual(expected);
  });
});

describe("sees where the absence of a field is provided for", () => {
  test.each([
    ["{{ payload.a | default: payload.b }}", ["payload.a?", "payload.b?"]],
    [
      "{% if payload.a %}{{ payload.b }}{% else %}{{ payload.c }}{% endif %}{{ payload.d }}",
      ["payload.a?", "payload.b?", "payload.c?", "payload.d"],
    ],
    ["{% unless payload.a %}{{ payload.b }}{% endunless %}", ["payload.a?", "payload.b?"]],
    ["{% case trigger %}{% when payload.a %}{{ payload.b }}{% endcase %}", ["trigger?", "payload.a?", "payload.b?"]],
    ["{% if payload.a == payload.b and payload.c %}x{% endif %}", ["payload.a?", "payload.b?", "payload.c?"]],
    [
      "{% for a in payload.list %}{{ payload.b }}{% else %}{{ payload.c }}{% endfor %}",
      ["payload.list?", "payload.b", "payload.c"],
    ],
    [
      "{% if trigger %}{% for a in payload.list %}{{ a.b }}{% endfor %}{% endif %}",
      ["trigger?", "payload.list?", "payload.list[].b?"],
    ],
  ])("%s", (text, expected) => {
    expect(reads(text)).toEqual(expected);
  });
});

test("tells the line and column of each", () => {
  const places = readsOf(liquid.parse("a\n  {{ payload.b | where: 'c', 1 }}\n{% if payload.d %}{% endif %}"));
  expect(places.map(({ line, column }) => [line, column])).toEqual([
    [2, 6],
    [2, 25],
    [3, 7],
  ]);
});

test("tells how much of a path stands elsewhere", () => {
  const text = "{% assign host = payload.organizer %}{{ host.language.locale }}{{ payload.attendees | map: 'email' }}";
  expect(readsOf(liquid.parse(text)).map(({ inherited }) => inherited)).toEqual([1, 2, 1, 2]);
});

test("finds its way through whatever Liquid can read", () => {
  const piece = constantFrom(
    "{{ payload.a }}",
    "{{ x[payload.b].c | default: (1..3) }}",
    "{{ ('a' | split: 'b').first }}",
    "{{ [x] }}{{ 'a'.size }}{{ empty.size }}{{ not x }}",
    "{% assign x = y | map: 'a' | first %}",
    "{% for x in payload.list limit: y.z %}",
    "{% endfor %}",
    "{% if x contains payload.c %}",
    "{% endif %}",
    "{% case x %}{% when payload.d, 'e' %}",
    "{% endcase %}",
    "{% tablerow y in x cols: x.z %}{{ y.a }}{% endtablerow %}",
    "{% capture y %}{{ x }}{% endcapture %}{% cycle x: y, 'z' %}{% increment x %}",
    "{% liquid\n echo x\n assign y = x.y %}",
    "{% raw %}{{ x }}{% endraw %}{% comment %}{{ x }}{% endcomment %}{% # x %}",
  );
  const places = array(piece, { maxLength: 8 }).map((pieces) => {
    const { problems, template } = renderer.compile({ text: pieces.join("") });
    return { isRead: problems.length === 0, reads: template.reads };
  });
  assert(
    property(places, ({ isRead, reads: found }) => {
      expect(found.every(({ steps, line }) => steps.length > 0 && line > 0 && isRead)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("tells what a field is compared with", () => {
  const compared = (text: string): unknown[] =>
    readsOf(liquid.parse(text))
      .filter((read) => read.compared.length > 0)
      .map((read) => [read.steps.join("."), read.compared]);
  expect(compared("{% if a.b == 'x' and 5 != c or d == e or not f == true %}{% endif %}")).toEqual([
    ["a.b", ["x"]],
    ["c", [5]],
    ["f", [true]],
  ]);
  expect(compared("{% case a.b %}{% when 'x', 'y' or 3 %}{% when z %}{% endcase %}")).toEqual([["a.b", ["x", "y", 3]]]);
  expect(compared("{% assign s = a.b %}{% if s == 'x' %}{% endif %}{{ a.b == 'z' }}")).toEqual([
    ["a.b", ["x"]],
    ["a.b", ["z"]],
  ]);
});

test("tells of zones and parts that are none", () => {
  const text =
    "{{ a | local: 'Europe/Berln' }}\n{{ a | local: b, 'day' }}{{ a | date: '%H', 'UTC' }}{{ a | date: '%H', 'Utopia' }}{{ a | local }}";
  expect(lookInto(liquid.parse(text)).faults).toEqual([
    { message: 'unknown time zone "Europe/Berln"; expected an IANA name such as Europe/Berlin', line: 1, column: 15 },
    { message: 'expected "date" or "time", got "day"', line: 2, column: 18 },
    { message: 'unknown time zone "Utopia"; expected an IANA name such as Europe/Berlin', line: 2, column: 72 },
  ]);
});
