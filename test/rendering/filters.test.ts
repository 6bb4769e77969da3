import { beforeAll, expect, test, vi } from "vitest";
import type { Json } from "../../src/event.ts";
import { createRenderer, scopeOf } from "../../src/rendering/renderer.ts";
import { exampleEvent } from "../routing/example.ts";
import { render } from "./render.ts";

// The program runs in UTC, whatever the machine's zone: see src/rendering/filters.ts.
beforeAll(() => {
  vi.stubEnv("TZ", "UTC");
});

const viewer = (locale: string | null, timeZone: string | null = "Europe/Berlin", hourCycle: number | null = null) => ({
  payload: { viewer: { locale, timeZone, hourCycle } },
});

test.each([
  ["{{ booking.start | local: booking.organizer }}", "Tue 1 Dec, 4:30 am (New York)"],
  ['{{ booking.start | local: booking.organizer, "date" }}', "Tue 1 Dec"],
  ['{{ booking.start | local: booking.organizer, "time" }}', "4:30 am"],
  ['{{ booking.start | local: "Asia/Kolkata" }}', "Tue 1 Dec, 3:00 pm (Kolkata)"],
  ['{{ booking.start | local: "America/Argentina/Buenos_Aires" }}', "Tue 1 Dec, 6:30 am (Buenos Aires)"],
  ["{{ booking.start | local }}", "Tue 1 Dec, 9:30 am (UTC)"],
  ['{{ booking.start | local: payload.nobody, "time" }}', "9:30 am"],
  ['{% assign zone = "Mars/Olympus" %}{{ booking.start | local: zone }}', "Tue 1 Dec, 9:30 am (UTC)"],
  ["{{ payload.startTime | local: booking.organizer }}", "Tue 1 Dec, 4:30 am (New York)"],
])("local: %s", (text, expected) => {
  expect(render(text)).toBe(expected);
});

test.each([
  ["de", "Di., 1. Dez., 10:30 (Berlin)"],
  ["pt-BR", "ter., 1 de dez., 10:30 (Berlin)"],
  ["ja", "12月1日(火) 10:30 (Berlin)"],
  ["en-GB", "Tue 1 Dec, 10:30 (Berlin)"],
  ["en-US", "Tue 1 Dec, 10:30 am (Berlin)"],
  ["no such locale", "Tue 1 Dec, 10:30 am (Berlin)"],
  [null, "Tue 1 Dec, 10:30 am (Berlin)"],
])("local writes for a person in %s as they write", (locale, expected) => {
  expect(render("{{ booking.start | local: payload.viewer }}", viewer(locale))).toBe(expected);
});

test.each<[string, number, string]>([
  ["en", 24, "02:00"],
  ["en", 12, "2:00 am"],
  ["de", 12, "2:00 AM"],
])("local keeps to the clock of a person: %s, %d hours", (locale, hourCycle, expected) => {
  const event = viewer(locale, "America/Los_Angeles", hourCycle);
  expect(render('{{ booking.end | local: payload.viewer, "time" }}', event)).toBe(expected);
});

test.each<[Json]>([[null], [""], ["soon"], ["2026-12-01"], ["2026-12-01T10:00"], ["2026-13-01T10:00Z"], [5], [{}]])(
  "local prints nothing for %j",
  (time) => {
    expect(render("[{{ payload.time | local: booking.organizer }}]", { payload: { time } })).toBe("[]");
  },
);

test("local prints nothing where a booking was never rescheduled", () => {
  expect(render("{{ booking.reschedule.fromStart | local: booking.organizer }}")).toBe("");
});

test("local uses the configured zone and language for somebody unknown", () => {
  const { template } = createRenderer({ timeZone: "Asia/Tokyo", locale: "de" }).compile("{{ booking.start | local }}");
  expect(template.render(scopeOf(exampleEvent(), "a"))).toBe("Di., 1. Dez., 18:30 (Tokyo)");
});

test.each<[Json, string]>([
  [45, "45 min"],
  [60, "1 h"],
  [90, "1 h 30 min"],
  [0, "0 min"],
  [1440, "24 h"],
  [null, ""],
  ["30", ""],
  [-5, ""],
])("duration of %j is %j", (minutes, expected) => {
  expect(render("{{ payload.minutes | duration }}", { payload: { minutes } })).toBe(expected);
});

test.each<[Json, Json, string]>([
  [4500, "usd", "$45.00"],
  [4500, "EUR", "€45.00"],
  [4500, "JPY", "¥4,500"],
  [4500, "KWD", "KWD 4.500"],
  [0, "usd", "$0.00"],
  [null, "usd", ""],
  [4500, null, ""],
  [4500, "dollars", ""],
  ["4500", "usd", ""],
])("money of %j %j is %j", (amount, currency, expected) => {
  const text = render("{{ payload.amount | money: payload.currency }}", { payload: { amount, currency } });
  expect(text).toBe(expected.replace(" ", "\u00a0"));
});

test("json puts any value into JSON text, a missing one as null", () => {
  const payload = { text: 'a "b" <c> & \u2028 \n', list: [1, { x: null }] };
  const text = render(
    '{"a": {{ payload.text | json }}, "b": {{ payload.list | json }}, "c": {{ payload.no | json }}}',
    { payload },
  );
  expect(JSON.parse(text as string)).toEqual({ a: payload.text, b: payload.list, c: null });
});

test.each([
  ["2026-03-08T06:59:00Z", "2026-03-08 01:59 -0500"],
  ["2026-03-08T07:00:00Z", "2026-03-08 03:00 -0400"],
  ["2026-11-01T05:30:00Z", "2026-11-01 01:30 -0400"],
  ["2026-11-01T06:30:00.000Z", "2026-11-01 01:30 -0500"],
  ["2026-07-01T02:30:00+02:00", "2026-06-30 20:30 -0400"],
])("date takes a zone: %s is %s in New York", (time, expected) => {
  const text = '{{ payload.time | date: "%Y-%m-%d %H:%M %z", "America/New_York" }}';
  expect(render(text, { payload: { time } })).toBe(expected);
});

test("date uses the configured zone without one, and for one that does not exist", () => {
  expect(render('{{ booking.start | date: "%a %-d %b %Y %H:%M" }}')).toBe("Tue 1 Dec 2026 09:30");
  expect(render('{{ booking.start | date: "%H:%M", payload.zone }}', { payload: { zone: "Mars/Olympus" } })).toBe(
    "09:30",
  );
  expect(render('[{{ payload.no | date: "%H:%M", "Asia/Tokyo" }}]')).toBe("[]");
});

test("default, join and map work as in Liquid", () => {
  expect(
    render('{{ booking.location | default: "online" }}, {{ payload.attendees | map: "email" | join: " + " }}'),
  ).toBe("online, ana@example.org + ben@acme.com");
});

test.each([
  ['{{ "now" | date: "%Y-%m-%d %H:%M" }}', "2026-03-02 09:00"],
  ['{{ "today" | date: "%H:%M", "Asia/Tokyo" }}', "18:00"],
  ['{% assign word = "now" %}{{ word | date: "%s" | plus: 60 }}', "1772442060"],
  ['{% capture word %}now{% endcapture %}{{ word | date: "%Y" }}', "2026"],
  ['{{ "now" | date_to_xmlschema }}', "2026-03-02T09:00:00+00:00"],
  ['{{ "now" | date_to_long_string }}', "02 March 2026"],
])("now is what the renderer's clock says: %s", (text, expected) => {
  const { template } = createRenderer({ timeZone: "UTC", locale: "en" }, () => Date.UTC(2026, 2, 2, 9)).compile(text);
  expect(template.render(scopeOf(exampleEvent(), "sales"))).toBe(expected);
});
