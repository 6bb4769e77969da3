import { expect, test } from "vitest";
import { toBody } from "../../plugins/notion/content.ts";
import notion from "../../plugins/notion/index.ts";
import { dataSource, type StoredPage } from "../support/notion.ts";
import { bench, isAppend } from "./notion-bench.ts";

test("accepts everything Markdown can say", async () => {
  const page = await written(`# One
## Two
##### Five

Plain **bold** _italic_ ~~gone~~ \`code\` [link](https://example.com) [nowhere](/here) jo@example.com

1. first
2. second

- [ ] open
- [x] done

> quoted
>
> more

| a | b |
| - | - |
| 1 |
| 1 | 2 | 3 |

\`\`\`js
let a;
\`\`\`

\`\`\`constructor
x
\`\`\`

![](https://example.com/a.png)
![](data:image/a.png)

$$
x^2
$$
`);
  expect(typesOf(page).join(" ")).toBe(
    "heading_1 heading_2 heading_3 paragraph numbered_list_item numbered_list_item " +
      "to_do to_do quote table code code image paragraph equation",
  );
});

test("keeps the words of lines and prices as typed", async () => {
  expect(textOf(await written("one  \ntwo\n\nfrom $5 to $10"))).toEqual(["one\ntwo", "from $5 to $10"]);
});

test("parts long text within no character", async () => {
  const long = `${"a".repeat(1_999)}😀 and \`${"c".repeat(4_500)}\``;
  expect(textOf(await written(long))).toEqual([long.replaceAll("`", "")]);
});

test("brings what lies too deep up to where Notion takes it", async () => {
  const page = await written(
    "- 1\n  - 2\n    - 3\n      - 4\n        - 5\n\n          |a|b|\n          |-|-|\n          |c|d|",
  );
  expect(JSON.stringify(page.children).match(/"content":"[^"]+"/g)).toEqual(
    ["1", "2", "3", "4", "5", "a", " | ", "b", "c", " | ", "d"].map((text) => `"content":"${text}"`),
  );
});

test("parts long tables and long lists within lists", async () => {
  const rows = Array.from({ length: 250 }, (_, row) => `| ${row} |`).join("\n");
  const items = Array.from({ length: 150 }, (_, item) => `  - ${item}`).join("\n");
  const page = await written(`| n |\n| - |\n${rows}\n\n- list\n${items}`);
  expect(typesOf(page).slice(0, 4)).toEqual(["table", "table", "table", "bulleted_list_item"]);
  expect(page.children).toHaveLength(3 + 1 + 50);
});

test("writes a long body in several requests, in order", async () => {
  const { vendor, sink } = await bench();
  const lines = Array.from({ length: 250 }, (_, line) => `line ${line}`);
  await sink.deliver(withBody(lines.join("\n\n")));
  expect(textOf(vendor.pages()[0])).toEqual(lines);
  expect(vendor.requests.filter(isAppend)).toHaveLength(2);
});

test("keeps each request under Notion's limits of blocks and bytes", async () => {
  const wide = await toBody(Array.from({ length: 25 }, () => `- p\n${"  - c\n".repeat(90)}`).join("\n"));
  expect(wide.batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
  const styled = await toBody(Array.from({ length: 75 }, () => "**a** b ".repeat(49)).join("\n\n"));
  expect(styled.batches).toHaveLength(2);
  expect(Buffer.byteLength(JSON.stringify(styled.batches[0]))).toBeLessThan(300_000);
});

test.each([
  ["line\n\n".repeat(1_001), "body cut after 1000 blocks"],
  ["x".repeat(30_001), "body cut after 30000 characters"],
  ["**a** b ".repeat(51), "a paragraph of the body cut after 100 pieces of text"],
])("cuts a body without end, and says so: %#", async (markdown, note) => {
  expect((await toBody(markdown)).notes).toEqual([note]);
});

test("rejects Markdown that is nested beyond reading", async () => {
  await expect(toBody(">".repeat(3_000))).rejects.toMatchObject({ outcome: "rejected" });
});

test("has a page with half a body delivered, and says where the body ends", async () => {
  const { vendor, sink } = await bench();
  vendor.misbehave({ kind: "answer", status: 500 }, isAppend);
  const receipt = await sink.deliver(withBody("line\n\n".repeat(150)));
  expect(receipt?.note).toContain("the body ends after part 1 of 2");
  expect(vendor.pages()).toHaveLength(1);
  expect(sink.lines.join()).toContain("could not be written to its end");
});

test.each([
  "# not a title",
  "[click](https://example.com/x_y) ![](https://example.com/a.png)",
  "a *b* _c_ `d` ~~e~~ <b>f</b> &amp; \\ |",
  "costs $5 and $10",
  "1. no list\n- none\n> nor quote",
])("shows what a guest typed as it was typed: %s", async (text) => {
  const place = { path: ["content"], parent: {}, root: {}, template: "Notes: {{ booking.notes }}" };
  expect(textOf(await written(`Notes: ${notion.escape?.(text, place)}`))).toEqual([`Notes: ${text}`]);
});

test("leaves web addresses in a guest's text links, and other places alone", async () => {
  const link = "https://example.com/a_b_c?d=*$x";
  const place = { path: ["content"], parent: {}, root: {}, template: "{{ booking.meetingUrl }}" };
  const page = await written(`${notion.escape?.(`${link}.`, place)} [Join](${notion.escape?.(link, place)})`);
  expect(textOf(page)).toEqual([`${link}. Join`]);
  expect(JSON.stringify(page.children).split(`"link":{"url":"${link}"}`)).toHaveLength(3);
  expect(notion.escape?.("a_b", { ...place, path: ["properties", "Name"] })).toBe("a_b");
});

async function written(content: string): Promise<StoredPage> {
  const { vendor, sink } = await bench();
  await sink.deliver(withBody(content));
  const [page] = vendor.pages();
  if (page === undefined) throw new Error("no page was written");
  return page;
}

function withBody(content: string): object {
  return { dataSource: dataSource.bookings, properties: { Name: "Intro call" }, content };
}

function typesOf({ children }: StoredPage): unknown[] {
  return (children as { type: string }[]).map(({ type }) => type);
}

/** The text of each block of the top level. */
function textOf(page: StoredPage | undefined): string[] {
  const blocks = (page?.children ?? []) as { paragraph?: { rich_text: { text: { content: string } }[] } }[];
  return blocks.map(({ paragraph }) => (paragraph?.rich_text ?? []).map(({ text }) => text.content).join(""));
}
