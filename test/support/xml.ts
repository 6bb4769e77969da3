/** An element of an XML document; the text is that of the element alone. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const DECLARATION = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/;
const TAG = /^<(\/?)([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.-]*="[^"<]*")*)\s*(\/?)>/;
const TEXT = /^[^<]+/;
const CHARACTERS = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Parses XML 1.0 without comments, CDATA and doctypes, and is strict about the rest: throws on whatever is not well-formed. */
export function parseXml(document: string): Element {
  if (!CHARACTERS.test(document)) throw new SyntaxError("a character that XML has no place for");
  const root: Open = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  let rest = document.replace(DECLARATION, "");
  while (rest !== "") {
    const inner = open.at(-1) ?? root;
    const [text] = TEXT.exec(rest) ?? [];
    const [tag, end, name = "", attributes = "", empty] = TAG.exec(rest) ?? [];
    if (text !== undefined) inner.text += decoded(text);
    else if (tag === undefined) throw new SyntaxError(`no tag: ${rest.slice(0, 40)}`);
    else if (end === "/") {
      if (inner.name !== name || open.length === 1) throw new SyntaxError(`</${name}> closes <${inner.name}>`);
      open.pop();
    } else {
      const element: Open = { name, attributes: attributesOf(attributes), children: [], text: "" };
      inner.children.push(element);
      if (empty === "") open.push(element);
    }
    rest = rest.slice((text ?? tag ?? "").length);
  }
  const [only, ...others] = root.children;
  if (open.length > 1 || only === undefined || others.length > 0 || root.text.trim() !== "")
    throw new SyntaxError("expected one root element, closed, and nothing beside it");
  return only;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(
    ([, name = "", value = ""]) => [name, decoded(value)] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new SyntaxError(`an attribute twice: ${text}`);
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  return text.replaceAll(/&(#?\w*)(;?)/g, (written, name: string, end: string) => {
    const sign = name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name];
    if (sign === undefined || end === "") throw new SyntaxError(`no entity: ${written}`);
    return sign;
  });
}
