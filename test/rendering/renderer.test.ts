import { expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import type { Escape, Place } from "../../src/rendering/renderer.ts";
import { render, renderer } from "./render.ts";

const slack: Escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

test("renders strings anywhere in a target and leaves keys and other values as they are", () => {
  const target = {
    "{{ trigger }}": 1,
    text: "*{{ booking.title }}* by {{ booking.attendee.name }}",
    blocks: [{ fields: ["{{ trigger }}", true, null, 2.5, "plain } text {"] }],
  };
  expect(render(target)).toEqual({
    "{{ trigger }}": 1,
    text: "*Intro & demo* by Ana Guest",
    blocks: [{ fields: ["BOOKING_CREATED", true, null, 2.5, "plain } text {"] }],
  });
});

test("offers the event, the booking, the answers and the route", () => {
  const target = "{{ event.id }} {{ event.source }} {{ createdAt }} {{ booking.key }} {{ answers.notes }} {{ route }}";
  expect(render(target)).toBe("evt_1 cal 2026-11-20T08:00:00.000Z exampleUid bring slides sales");
});

test.each<[string, Json]>([
  ["{{ booking.minutes }}", 30],
  [" {{ booking.minutes }}\n", 30],
  ["{{ payload.tags }}", ["new", "vip"]],
  ["{{ booking.rejection }}", { reason: null }],
  ["{{ payload.nothing.at.all }}", null],
  ["{{ booking.minutes | times: 2 }}", 60],
  ["{{ payload.nothing | default: false }}", false],
  ["{{ booking.title }}", "Intro & demo"],
])("keeps the type of %j alone", (text, expected) => {
  expect(render(text)).toEqual(expected);
});

test.each([
  ["at {{ booking.minutes }}", "at 30"],
  ["{{ booking.minutes }}{{ booking.minutes }}", "3030"],
  ["[{{ payload.nothing }}]", "[]"],
  ["{{ payload.tags }}!", "newvip!"],
  ["= {{ booking.rejection }}", '= {"reason":null}'],
  ["{% if booking.minutes > 20 %}long{% else %}short{% endif %}", "long"],
  ["{% for tag in payload.tags %}{{ tag }},{% endfor %}", "new,vip,"],
  ["{% assign a = booking.title | upcase %}{{ a }}", "INTRO & DEMO"],
])("prints %j as text", (text, expected) => {
  expect(render(text)).toBe(expected);
});

test("escapes what outputs put out and never the author's own text", () => {
  const payload = { name: "<!channel> & co", list: ["<a>", { b: "&" }], n: 5, yes: true };
  const as = (text: string) => render(text, { payload }, slack);
  expect(as("<https://x.example|{{ payload.name }}> &")).toBe("<https://x.example|&lt;!channel&gt; &amp; co> &");
  expect(as("{{ payload.name }}")).toBe("&lt;!channel&gt; &amp; co");
  expect(as("{{ payload.list }}")).toEqual(["&lt;a&gt;", { b: "&amp;" }]);
  expect(as("{{ payload.n }}")).toBe(5);
  expect(as("{{ payload.yes }}")).toBe(true);
  expect(as("{{ payload.name | raw }} {{ payload.name }}")).toBe("<!channel> & co &lt;!channel&gt; &amp; co");
  expect(as("{% echo payload.name %} {% cycle payload.name %}")).toBe(
    "&lt;!channel&gt; &amp; co &lt;!channel&gt; &amp; co",
  );
});

test("escapes the keys of an object too: a booking link can set them", () => {
  const payload = { metadata: { "<!channel>": "<b>" } };
  expect(render("Set: {{ payload.metadata }}", { payload }, slack)).toBe('Set: {"&lt;!channel&gt;":"&lt;b&gt;"}');
  expect(render("{{ payload.metadata }}", { payload }, slack)).toEqual({ "&lt;!channel&gt;": "&lt;b&gt;" });
});

test("escapes a captured text once and keeps the author's part of it", () => {
  const capture = "{% capture link %}<{{ booking.meetingUrl }}|{{ booking.title }}>{% endcapture %}";
  expect(render(`${capture}{{ link }}`, {}, slack)).toBe("<https://meet.example.com/x?a=1&amp;b=2|Intro &amp; demo>");
  expect(render(`${capture}{% if link contains "Intro" %}{{ link.size }}{% endif %}`, {}, slack)).toBe("57");
});

test("tells the escape where its text lands", () => {
  const places: Place[] = [];
  const section = { type: "mrkdwn", text: "Hi {{ booking.attendee.name }}" };
  render({ blocks: [section] }, {}, (text, place) => {
    places.push(place);
    return text;
  });
  expect(places).toEqual([{ path: ["blocks", 0, "text"], parent: section, template: section.text }]);
});

test("refuses what the escape refuses, with its advice", () => {
  const refuse: Escape = () => {
    throw new Error("put it inside quotes");
  };
  expect(() => render({ row: { Link: "={{ booking.title }}" } }, {}, refuse)).toThrow(
    /row\.Link.*put it inside quotes/,
  );
});

test("reports every string that cannot be read, at its line and column", () => {
  const target = {
    a: "fine {{ trigger }}",
    b: ["{{ trigger | upcas }}", "one\n  {{ trigger | downcase | locl: booking }}"],
    c: "{% fore x in y %}{% endfor %}",
    d: "text {% if trigger %}",
    e: "{{ trigger",
  };
  expect(renderer.compile(target).problems.map(({ path, line, column }) => [path.join("."), line, column])).toEqual([
    ["b.0", 1, 14],
    ["b.1", 2, 27],
    ["c", 1, 4],
    ["d", 1, 6],
    ["e", 1, 1],
  ]);
});

test.each([
  ["{{ trigger | upcas }}", 'unknown filter "upcas"; did you mean upcase?'],
  ["{% asign x = 1 %}", 'unknown tag "asign"; did you mean assign?'],
  ["{{ trigger | frobnicate_all }}", 'unknown filter "frobnicate_all"'],
])("suggests what was probably meant by %s", (text, message) => {
  expect(renderer.compile(text).problems).toMatchObject([{ message }]);
});

test.each(["{% include 'a' %}", "{% render 'a' %}", "{% layout 'a' %}", "{% block a %}{% endblock %}"])(
  "refuses %s: a template stands alone",
  (text) => {
    expect(renderer.compile({ text }).problems).toMatchObject([
      { path: ["text"], message: expect.stringContaining("a template stands alone"), line: 1, column: 1 },
    ]);
  },
);

test.each([
  ["{{ a }}", true],
  ["{% if %}", true],
  ["{ a }", false],
  ["", false],
])("knows whether %j holds a template", (text, expected) => {
  expect(renderer.hasTemplate(text)).toBe(expected);
});

test("names the fields that its strings read, and where", () => {
  const { template } = renderer.compile({ a: "x\n{{ payload.attendees[0].email }}", b: "{{ trigger }}" });
  expect(template.reads).toEqual([
    {
      path: ["a"],
      steps: ["payload", "attendees", 0, "email"],
      isGuarded: false,
      compared: [],
      inherited: 1,
      line: 2,
      column: 4,
    },
    { path: ["b"], steps: ["trigger"], isGuarded: false, compared: [], inherited: 1, line: 1, column: 4 },
  ]);
});

test("leaves the scope as it was", () => {
  expect(
    render(["{% increment payload %}{% assign trigger = 1 %}{% decrement fresh %}", "{{ payload.type }}{{ trigger }}"]),
  ).toEqual(["0-1", "30minBOOKING_CREATED"]);
});
