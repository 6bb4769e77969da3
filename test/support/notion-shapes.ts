import { z } from "zod";

// What Notion takes in a request, as strictly as its reference says: https://developers.notion.com/reference

const url = z.url({ protocol: /^(https?|mailto|tel)$/ }).max(2_000);
const textItem = z.strictObject({
  type: z.literal("text").optional(),
  text: z.strictObject({ content: z.string().max(2_000), link: z.strictObject({ url }).nullish() }),
  annotations: z
    .strictObject({
      bold: z.boolean().optional(),
      italic: z.boolean().optional(),
      strikethrough: z.boolean().optional(),
      underline: z.boolean().optional(),
      code: z.boolean().optional(),
      color: z.string().optional(),
    })
    .optional(),
});
const text = z.array(textItem).max(100);
const uuid = z.guid();
const option = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^,]*$/),
});
const time = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

/** By property type: what stands under the type's name. */
export const propertyShapes: Readonly<Record<string, z.ZodType>> = {
  title: text,
  rich_text: text,
  number: z.number().nullable(),
  checkbox: z.boolean(),
  select: option.nullable(),
  status: option.nullable(),
  multi_select: z.array(option).max(100),
  date: z
    .strictObject({ start: time, end: time.nullish(), time_zone: z.string().nullish() })
    .refine(({ start, time_zone: zone }) => !zone || !/(Z|[+-]\d\d:\d\d)$/.test(start), "a time zone beside an offset")
    .nullable(),
  email: z.string().min(1).max(200).nullable(),
  phone_number: z.string().min(1).max(200).nullable(),
  url: z.string().min(1).max(2_000).nullable(),
  people: z.array(z.strictObject({ id: uuid, object: z.literal("user").optional() })).max(100),
  relation: z.array(z.strictObject({ id: uuid })).max(100),
  files: z.array(z.strictObject({ name: z.string().max(100), external: z.strictObject({ url }) })),
};

const plain = z.strictObject({ rich_text: text });
const parent = (children: z.ZodType): z.ZodType => plain.extend({ children: z.array(children).max(100).optional() });
const row = block({ table_row: z.strictObject({ cells: z.array(text) }) });

/** A block with so many levels of children beneath it. */
function blockShape(levels: number): z.ZodType {
  const child = levels === 0 ? z.never() : blockShape(levels - 1);
  const nested = parent(child);
  return block({
    paragraph: nested,
    heading_1: plain,
    heading_2: plain,
    heading_3: plain,
    bulleted_list_item: nested,
    numbered_list_item: nested,
    quote: nested,
    to_do: plain.extend({ checked: z.boolean().optional(), children: z.array(child).max(100).optional() }),
    code: plain.extend({ language: z.enum(["plain text", "javascript", "json", "latex", "shell", "typescript"]) }),
    image: z.strictObject({ type: z.literal("external"), external: z.strictObject({ url }) }),
    equation: z.strictObject({ expression: z.string().min(1).max(1_000) }),
    ...(levels === 0 ? {} : { table: tableShape() }),
  });
}

function tableShape(): z.ZodType {
  return z
    .strictObject({
      table_width: z.number().int().min(1),
      has_column_header: z.boolean().optional(),
      children: z.array(row).min(1).max(100),
    })
    .refine(
      ({ table_width: width, children }) =>
        children.every(
          (one) =>
            z.object({ table_row: z.object({ cells: z.array(z.unknown()).length(width) }) }).safeParse(one).success,
        ),
      "rows of unequal width",
    );
}

function block(bodies: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const shapes = Object.entries(bodies).map(([type, body]) =>
    z.strictObject({ object: z.literal("block").optional(), type: z.literal(type).optional(), [type]: body }),
  );
  return z.union(shapes);
}

export const blocks = z.array(blockShape(2)).max(100);
export const icon = z.union([
  z.strictObject({ type: z.literal("emoji"), emoji: z.string().regex(/^\p{RGI_Emoji}$/v) }),
  z.strictObject({ type: z.literal("external"), external: z.strictObject({ url }) }),
]);
const properties = z.record(z.string(), z.unknown());
export const creation = z.strictObject({
  parent: z.strictObject({ type: z.literal("data_source_id").optional(), data_source_id: uuid }),
  properties,
  icon: icon.optional(),
  children: blocks.optional(),
});
export const update = z.strictObject({ properties, icon: icon.optional() });
export const append = z.strictObject({ children: blocks });
export const query = z.strictObject({
  filter: z.record(z.string(), z.unknown()).optional(),
  page_size: z.number().int().min(1).max(100).optional(),
  start_cursor: z.string().optional(),
});

/** How many blocks a request holds, those within others counted. */
export function countBlocks(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + countBlocks(one), 0);
  if (typeof value !== "object" || value === null) return 0;
  const [[, body] = []] = Object.entries(value).filter(([name]) => name !== "type" && name !== "object");
  return 1 + countBlocks(typeof body === "object" && body !== null && "children" in body ? body.children : []);
}
