import { z } from "zod";

export const connection = z.strictObject({
  token: z
    .string()
    .min(1)
    .describe(
      "the integration's secret, `ntn_…`, from notion.so/profile/integrations → your integration → Configuration",
    ),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional()
    .describe("another address than https://api.notion.com: a proxy or a stand-in; private addresses are then allowed"),
});

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a property can be given, before its type in Notion is known. */
export const propertyValue = z
  .union([scalar, z.array(scalar), z.record(z.string(), scalar)])
  .describe("what this property is set to, converted by its type");
export type PropertyValue = z.output<typeof propertyValue>;

const id = z.string().transform((text, context) => {
  const found = notionId(text);
  if (found !== undefined) return found;
  context.addIssue({ code: "custom", message: "expected a Notion id (32 hexadecimal digits) or the page's link" });
  return z.NEVER;
});

export const message = z
  .strictObject({
    dataSource: id
      .optional()
      .describe(
        "id of the data source to write to: database settings → Manage data sources → ••• → Copy data source ID",
      ),
    database: id
      .optional()
      .describe("id or link of a database that has one data source; give either this or `dataSource`"),
    properties: z
      .record(z.string().min(1), propertyValue)
      .describe(
        "property name or id → value, converted by the property's type; null leaves it as it is, an empty text clears it",
      ),
    key: z
      .string()
      .min(1)
      .optional()
      .describe("the name of one of `properties`: the page with the same value is updated instead of adding a new one"),
    content: z
      .string()
      .nullish()
      .describe("the page's body in Markdown, written when the page is created; later events leave the body alone"),
    icon: z
      .string()
      .refine((text) => text === "" || iconOf(text) !== undefined, "expected one emoji or the URL of an image")
      .nullish()
      .describe("the page's icon: one emoji, or the URL of an image"),
  })
  .superRefine(({ dataSource, database, properties, key }, context) => {
    if ((dataSource === undefined) === (database === undefined))
      context.addIssue({
        code: "custom",
        path: ["database"],
        message: "expected exactly one of `dataSource` and `database`",
      });
    if (key !== undefined && !Object.hasOwn(properties, key))
      context.addIssue({ code: "custom", path: ["key"], message: "expected the name of one of `properties`" });
  });

export type Connection = z.output<typeof connection>;
export type Message = z.output<typeof message>;
export type Icon = { type: "emoji"; emoji: string } | { type: "external"; external: { url: string } };

/** The dashed, lower-case id in an id or in a link copied from Notion; undefined where there is none. */
export function notionId(text: string): string | undefined {
  const path = URL.canParse(text) ? new URL(text).pathname : text;
  const [hex] = path.replaceAll("-", "").match(/(?<![0-9a-z])[0-9a-f]{32}$|[0-9a-f]{32}$/i) ?? [];
  return hex?.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The icon as Notion takes it, or undefined where the text is neither an emoji nor a web address. */
export function iconOf(text: string): Icon | undefined {
  if (/^(\p{RGI_Emoji}|\p{Extended_Pictographic})$/v.test(text)) return { type: "emoji", emoji: text };
  return /^https?:\/\//.test(text) && URL.canParse(text) ? { type: "external", external: { url: text } } : undefined;
}
