import type { BlockObjectRequest } from "@notionhq/client";
import { Rejected } from "cal-relay/sdk";
import { z } from "zod";
import { NotFound } from "./classify.ts";
import type { Notion } from "./client.ts";
import { iconOf, type Icon } from "./options.ts";
import type { Key } from "./properties.ts";
import type { PropertyRequest } from "./values.ts";

const pageShape = z.object({
  object: z.literal("page"),
  id: z.string().min(1),
  url: z.string().optional(),
  in_trash: z.boolean().default(false),
  archived: z.boolean().default(false),
});
export type Page = z.output<typeof pageShape>;

const listShape = z.object({ results: z.array(z.unknown()) });

/** What a page is written from. */
export interface Draft {
  readonly properties: Record<string, PropertyRequest>;
  /** An emoji or an image's URL. Without one, the page keeps its icon. */
  readonly icon: string | null | undefined;
}

export async function createPage(
  notion: Notion,
  dataSource: string,
  draft: Draft,
  children: BlockObjectRequest[],
): Promise<Page> {
  return notion.write(pageShape, (client) =>
    client.pages.create({
      parent: { type: "data_source_id", data_source_id: dataSource },
      ...body(draft),
      ...(children.length === 0 ? {} : { children }),
    }),
  );
}

/** Writes the properties named in the draft; undefined where the page is gone or in the trash. */
export async function updatePage(notion: Notion, id: string, draft: Draft): Promise<Page | undefined> {
  try {
    const page = await notion.write(pageShape, (client) => client.pages.update({ page_id: id, ...body(draft) }));
    return isTrashed(page) ? undefined : page;
  } catch (error) {
    // Notion refuses changes to a page in the trash with the same code as a property that does not fit.
    if (error instanceof NotFound || (error instanceof Rejected && (await isGone(notion, id)))) return undefined;
    throw error;
  }
}

/** Pages with the key's value, two at the most. Those in the trash are left out. */
export async function findPages(notion: Notion, dataSource: string, { filter }: Key): Promise<Page[]> {
  const { results } = await notion.read(listShape, (client) =>
    client.dataSources.query({ data_source_id: dataSource, filter, page_size: 2 }),
  );
  return results
    .map((one) => pageShape.safeParse(one).data)
    .filter((page) => page !== undefined)
    .filter((page) => !isTrashed(page));
}

export async function appendBlocks(notion: Notion, page: string, children: BlockObjectRequest[]): Promise<void> {
  await notion.write(listShape, (client) => client.blocks.children.append({ block_id: page, children }));
}

async function isGone(notion: Notion, id: string): Promise<boolean> {
  try {
    return isTrashed(await notion.read(pageShape, (client) => client.pages.retrieve({ page_id: id })));
  } catch (error) {
    if (error instanceof NotFound) return true;
    throw error;
  }
}

function isTrashed(page: Page): boolean {
  return page.in_trash || page.archived;
}

function body({ properties, icon }: Draft): { properties: Draft["properties"]; icon?: Icon } {
  const found = iconOf(icon ?? "");
  return { properties, ...(found === undefined ? {} : { icon: found }) };
}
