import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { capItems, pieces } from "./text.ts";

/** One block as it is built here, before it becomes a request. */
export interface Block {
  readonly type: string;
  /** What stands under the block's type, without its children. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly children: readonly Block[];
  /** A table row's. */
  readonly cells?: readonly TextItem[][];
}

export interface TextItem {
  readonly text: { readonly content: string; readonly link?: Style["link"] };
  readonly annotations?: Style["annotations"];
}

interface Style {
  readonly link: { readonly url: string } | null;
  readonly annotations: Readonly<Record<string, unknown>>;
}

const item = z.object({
  text: z.object({ content: z.string(), link: z.object({ url: z.string() }).nullish() }).optional(),
  equation: z.object({ expression: z.string() }).optional(),
  annotations: z.record(z.string(), z.unknown()),
});
type RawItem = z.output<typeof item>;

const rawContent = z.looseObject({
  rich_text: z.array(item).optional(),
  children: z.array(z.unknown()).optional(),
  cells: z.array(z.array(item)).optional(),
  external: z.object({ url: z.string() }).optional(),
  table_width: z.number().optional(),
});
const rawBlock = z.looseObject({ type: z.string() });

/**
 * Makes blocks of the library's output, which is of Notion's API of 2022 and says some things that Notion refuses: long inline code, links
 * to nowhere, table rows of unequal width, code without a language. `cut` is called where text had to go.
 */
export function toBlocks(raw: readonly unknown[], cut: () => void): Block[] {
  return raw.map((one) => toBlock(one, cut)).filter((block) => !isBlank(block));
}

function toBlock(raw: unknown, cut: () => void): Block {
  const block = rawBlock.parse(raw);
  const { type } = block;
  const { rich_text: text, children: rawChildren = [], cells, ...rest } = rawContent.parse(block[type]);
  const children = toBlocks(rawChildren, cut);
  switch (type) {
    case "table":
      return { type, content: rest, children: children.map((row) => widen(row, rest.table_width ?? 1)) };
    case "table_row":
      return { type, content: {}, children: [], cells: (cells ?? []).map((cell) => toText(cell, cut)) };
    case "image":
      return isWebAddress(rest.external?.url ?? "")
        ? { type, content: rest, children }
        : { type: "paragraph", content: { rich_text: toText([plain(rest.external?.url ?? "")], cut) }, children };
    case "equation":
      return formula(rest, cut);
    case "quote":
      return quote(toText(text ?? [], cut), children);
    case "code":
      return {
        type,
        content: { language: "plain text", ...defined(rest), rich_text: toText(text ?? [], cut) },
        children,
      };
    default:
      return { type, content: text === undefined ? rest : { ...rest, rich_text: toText(text, cut) }, children };
  }
}

/** The library puts a quote's text into a child of an empty quote. */
function quote(text: readonly TextItem[], children: readonly Block[]): Block {
  const [first, ...others] = children;
  return text.length === 0 && first?.type === "paragraph" && first.children.length === 0
    ? { type: "quote", content: first.content, children: others }
    : { type: "quote", content: { rich_text: text }, children };
}

/** Notion's formulas have at most 1,000 characters. */
function formula(content: Readonly<Record<string, unknown>>, cut: () => void): Block {
  const { expression } = z.object({ expression: z.string() }).parse(content);
  if (expression.length <= 1_000) return { type: "equation", content, children: [] };
  return { type: "code", content: { language: "latex", rich_text: toText([plain(expression)], cut) }, children: [] };
}

function widen(row: Block, width: number): Block {
  const cells = Array.from({ length: width }, (_, column) => row.cells?.[column] ?? []);
  return { ...row, content: { cells }, cells };
}

/** Neighbours of one style are joined and parted anew, since the library parts text within characters. */
function toText(items: readonly RawItem[], cut: () => void): TextItem[] {
  const runs: { content: string; readonly style: Style }[] = [];
  for (const { text, equation, annotations } of items) {
    // Two prices in dollars look like a formula to the library; a real one is still readable as typed.
    const content = equation === undefined ? (text?.content ?? "") : `$${equation.expression}$`;
    const style: Style = {
      link: text?.link && isWebAddress(text.link.url) ? { url: text.link.url } : null,
      annotations: Object.fromEntries(Object.entries(annotations).filter(([, on]) => on === true)),
    };
    const last = runs.at(-1);
    if (last !== undefined && isDeepStrictEqual(last.style, style)) last.content += content;
    else runs.push({ content, style });
  }
  const parted = runs.flatMap(({ content, style: { link, annotations } }) =>
    pieces(content).map((piece) => ({ text: { content: piece, link }, annotations })),
  );
  return capItems(parted, cut);
}

/** Notion refuses the whole page for a link that is no address. */
function isWebAddress(url: string): boolean {
  return url.length <= 2_000 && /^(https?|mailto|tel):/i.test(url) && URL.canParse(url);
}

/** A table without rows, or the line breaks between two images. */
function isBlank({ type, content, children }: Block): boolean {
  if (type === "table") return children.length === 0;
  const { rich_text: text = [] } = z.object({ rich_text: z.array(item.partial()).optional() }).parse(content);
  return type === "paragraph" && children.length === 0 && text.every((one) => one.text?.content.trim() === "");
}

/** A language the library does not know may come out as something that is no text. */
function defined(content: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => typeof value === "string"));
}

function plain(content: string): RawItem {
  return { text: { content }, annotations: {} };
}
