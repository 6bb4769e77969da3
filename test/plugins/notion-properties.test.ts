import { expect, test } from "vitest";
import type { Property, Schema } from "../../plugins/notion/data-source.ts";
import { message } from "../../plugins/notion/options.ts";
import { convert } from "../../plugins/notion/properties.ts";
import { dataSource } from "../support/notion.ts";
import { bench } from "./notion-bench.ts";

const page = "33333333-0000-4000-8000-000000000001";
const link = `https://www.notion.so/acme/Room-${page.replaceAll("-", "")}?pvs=4`;
const zoned = (zone: string): object => ({
  start: "2026-03-02T09:00:00Z",
  end: "2026-03-02T09:30:00Z",
  time_zone: zone,
});

test.each([
  ["title", "Intro call", { title: [{ text: { content: "Intro call" } }] }],
  ["title", "", { title: [] }],
  ["rich_text", 30, { rich_text: [{ text: { content: "30" } }] }],
  [
    "rich_text",
    ["jo@example.com", null, "al@example.com"],
    { rich_text: [{ text: { content: "jo@example.com, al@example.com" } }] },
  ],
  ["number", 1.5, { number: 1.5 }],
  ["number", " -12.5 ", { number: -12.5 }],
  ["number", "", { number: null }],
  ["checkbox", true, { checkbox: true }],
  ["checkbox", "false", { checkbox: false }],
  ["checkbox", "", { checkbox: false }],
  ["checkbox", " ", { checkbox: false }],
  ["number", " ", { number: null }],
  ["date", " ", { date: null }],
  ["status", " ", { status: null }],
  ["select", " VIP ", { select: { name: "VIP" } }],
  ["select", "60min", { select: { name: "60min" } }],
  ["select", "", { select: null }],
  ["status", "Done", { status: { name: "Done" } }],
  ["status", "", { status: null }],
  ["multi_select", ["a", "b", "a"], { multi_select: [{ name: "a" }, { name: "b" }] }],
  ["multi_select", "a, b,", { multi_select: [{ name: "a" }, { name: "b" }] }],
  ["multi_select", "", { multi_select: [] }],
  ["date", "2026-03-02", { date: { start: "2026-03-02" } }],
  ["date", "2026-03-02T09:00:00.000Z", { date: { start: "2026-03-02T09:00:00.000Z" } }],
  ["date", { start: "2026-03-02", end: "2026-03-04" }, { date: { start: "2026-03-02", end: "2026-03-04" } }],
  ["date", { start: "2026-03-02", end: null, time_zone: "" }, { date: { start: "2026-03-02" } }],
  [
    "date",
    zoned("Europe/Berlin"),
    { date: { start: "2026-03-02T10:00:00", end: "2026-03-02T10:30:00", time_zone: "Europe/Berlin" } },
  ],
  [
    "date",
    zoned("Asia/Kolkata"),
    { date: { start: "2026-03-02T14:30:00", end: "2026-03-02T15:00:00", time_zone: "Asia/Kolkata" } },
  ],
  ["date", "", { date: null }],
  ["date", { start: "" }, { date: null }],
  ["email", " jo@example.com ", { email: "jo@example.com" }],
  ["email", "", { email: null }],
  ["phone_number", "+1 555 0100", { phone_number: "+1 555 0100" }],
  ["url", "https://example.com/", { url: "https://example.com/" }],
  ["url", "", { url: null }],
  ["people", page, { people: [{ id: page }] }],
  ["relation", [link], { relation: [{ id: page }] }],
  ["relation", "", { relation: [] }],
  [
    "files",
    "https://example.com/a/report.pdf",
    { files: [{ name: "report.pdf", external: { url: "https://example.com/a/report.pdf" } }] },
  ],
])("writes a %s from %j", (type, value, expected) => {
  const { request, problems } = convert(given({ It: value }), schemaOf(type));
  expect(problems).toEqual([]);
  expect(request).toEqual({ It: expected });
});

test.each([
  ["title", { a: "b" }, "expects text"],
  ["number", "twelve", "expects a number"],
  ["number", "0x10", "expects a number"],
  ["checkbox", "yes", "expects true or false"],
  ["select", "a, b", "without a comma"],
  ["select", "x".repeat(101), "at most 100 characters"],
  ["status", "Doing", 'expects one of its options: "To do", "Done"'],
  ["multi_select", ["a,b"], "without a comma"],
  ["multi_select", Array.from({ length: 101 }, (_, tag) => tag), "at most 100 options"],
  ["date", "tomorrow", "expects an ISO date"],
  ["date", "2026-02-30", "expects an ISO date"],
  ["date", { start: "2026-03-02", until: "2026-03-03" }, "expects an ISO date"],
  ["date", { start: "2026-03-02", end: "2026-03-01" }, "not before its start"],
  ["date", zoned("Mars/Olympus"), "expects an ISO date"],
  ["date", zoned("+02:00"), "expects an ISO date"],
  ["email", "x".repeat(201), "at most 200 characters"],
  ["url", "x".repeat(2_001), "at most 2000 characters"],
  ["people", "jo@example.com", "cannot find people by e-mail"],
  ["relation", "Room 1", "ids or links"],
  ["files", "report.pdf", "web addresses"],
  ["formula", "x", "is filled in by Notion"],
  ["created_time", "2026-03-02", "is filled in by Notion"],
  ["verification", "x", "cannot be written"],
])("refuses a %s from what does not fit: %#", (type, value, says) => {
  const { problems } = convert(given({ It: value }), schemaOf(type));
  expect(problems).toEqual([expect.stringContaining(`property "It" (${type}) `)]);
  expect(problems[0]).toContain(says);
  expect(problems[0]).not.toContain(JSON.stringify(value));
});

test("parts long text within no character, and cuts it where Notion takes no more", () => {
  const text = `${"a".repeat(1_999)}😀${"b".repeat(200_000)}`;
  const { request, notes } = convert(given({ It: text }), schemaOf("rich_text"));
  const items = (request["It"] as { rich_text: { text: { content: string } }[] }).rich_text;
  expect(items).toHaveLength(100);
  expect(items[0]?.text.content).toBe("a".repeat(1_999));
  expect(items[1]?.text.content).toMatch(/^😀b{1998}$/u);
  expect(notes).toEqual([expect.stringContaining('"It" cut')]);
});

test("brings long text to the page and says what was cut", async () => {
  const { vendor, sink } = await bench();
  const receipt = await sink.deliver({ dataSource: dataSource.bookings, properties: { Notes: "é".repeat(200_001) } });
  expect(String(vendor.pages()[0]?.values["Notes"])).toHaveLength(200_000);
  expect(receipt?.note).toContain('"Notes" cut');
});

test("knows a property by its id too", () => {
  const { request } = convert(given({ "a%3A1": "x" }), schemaOf("title"));
  expect(request).toHaveProperty("It");
});

test("names every problem at once, and what there is instead", () => {
  const { problems } = convert(given({ it: "x", Elsewhere: "y", It: "two" }), schemaOf("number"));
  expect(problems).toEqual([
    'no property "it"; did you mean "It"? There are: It (number)',
    'no property "Elsewhere". There are: It (number)',
    'property "It" (number) expects a number',
  ]);
});

test("writes a key as it is searched for", () => {
  const { request, key } = convert(
    message.parse({ dataSource: page, key: "It", properties: { It: " uid1 " } }),
    schemaOf("title"),
  );
  expect(request).toEqual({ It: { title: [{ text: { content: "uid1" } }] } });
  expect(key).toEqual({ value: "uid1", filter: { property: "It", title: { equals: "uid1" } } });
});

test.each([
  ["title", null],
  ["date", null],
  ["date", { start: null, end: null }],
])("leaves out a %s that is %j", (type, value) => {
  expect(convert(given({ It: value }), schemaOf(type))).toMatchObject({ request: {}, problems: [] });
});

test.each([
  [{ properties: {} }, "exactly one of"],
  [{ dataSource: page, database: page, properties: {} }, "exactly one of"],
  [{ dataSource: "Bookings", properties: {} }, "expected a Notion id"],
  [{ dataSource: page, key: "Booking", properties: { Name: "x" } }, "the name of one of"],
  [{ dataSource: page, icon: "calendar", properties: {} }, "one emoji"],
  [{ dataSource: page, colour: "red", properties: {} }, "colour"],
])("refuses a message %j", (value, says) => {
  expect(message.safeParse(value).error?.message).toContain(says);
});

test.each([
  page,
  page.replaceAll("-", ""),
  page.toUpperCase(),
  link,
  `https://www.notion.so/${page.replaceAll("-", "")}`,
])("reads the id in %s", (text) => {
  expect(message.parse({ dataSource: text, properties: {} }).dataSource).toBe(page);
});

function schemaOf(type: string): Schema {
  const property: Property = {
    id: "a%3A1",
    name: "It",
    type,
    options: type === "status" ? ["To do", "Done"] : undefined,
  };
  return { dataSource: page, properties: [property] };
}

function given(properties: unknown): ReturnType<typeof message.parse> {
  return message.parse({ dataSource: page, properties });
}
