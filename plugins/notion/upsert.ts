import { Rejected, type Receipt, type SinkDelivery, type SinkHost } from "cal-relay/sdk";
import { z } from "zod";
import type { Notion } from "./client.ts";
import { toBody } from "./content.ts";
import type { Schema } from "./data-source.ts";
import type { Message } from "./options.ts";
import { appendBlocks, createPage, findPages, updatePage, type Draft, type Page } from "./page.ts";
import { convert, type Key } from "./properties.ts";

/** Which page a booking's last delivery wrote, and for which key: another key or data source is another page. */
const remembered = z.object({ dataSource: z.string(), key: z.union([z.string(), z.number()]), page: z.string() });

/** One delivery, with all that is known about where it goes. */
export interface Writing {
  readonly notion: Notion;
  readonly schema: Schema;
  readonly message: Message;
  readonly delivery: SinkDelivery;
  readonly host: SinkHost;
}

/**
 * Adds a page, or with a key updates the one that has it. Notion knows neither unique values nor idempotency keys, so a key's writers take
 * turns, and each looks before it creates: after an unknown outcome too, which is why a keyed delivery never doubles a page.
 */
export async function upsert(writing: Writing): Promise<Receipt> {
  const { message, schema, host, delivery } = writing;
  const { request, key, problems, notes } = convert(message, schema);
  if (problems.length > 0) throw new Rejected(problems.join("; "));
  const draft: Draft = { properties: request, icon: message.icon };
  if (key === null) return create(writing, draft, notes);
  return host.serially(`${schema.dataSource}:${key.value}`, delivery.signal, () =>
    writeKeyed(writing, draft, key, notes),
  );
}

async function writeKeyed(writing: Writing, draft: Draft, key: Key, notes: readonly string[]): Promise<Receipt> {
  const { notion, schema, delivery } = writing;
  const remember = (page: string): void =>
    delivery.memory.set({ dataSource: schema.dataSource, key: key.value, page } satisfies z.output<typeof remembered>);

  const known = remembered.safeParse(delivery.memory.get()).data;
  // What is remembered comes first: nothing promises that a query sees a page that was created a moment ago.
  if (known?.dataSource === schema.dataSource && known.key === key.value) {
    const page = await updatePage(notion, known.page, draft);
    if (page !== undefined) return receipt(page, notes);
  }
  const [first, second] = await findPages(notion, schema.dataSource, key);
  const page = first && (await updatePage(notion, first.id, draft));
  if (page !== undefined) {
    remember(page.id);
    return receipt(
      page,
      second === undefined ? notes : [...notes, "several pages have this key; the first was updated"],
    );
  }
  const created = await create(writing, draft, notes);
  remember(created.id);
  return created;
}

async function create(
  { notion, schema, message, delivery }: Writing,
  draft: Draft,
  notes: readonly string[],
): Promise<Receipt & { id: string }> {
  const body = await toBody(message.content ?? "");
  const [first = [], ...rest] = body.batches;
  const page = await createPage(notion, schema.dataSource, draft, first);
  const lost: string[] = [];
  for (const [index, batch] of rest.entries()) {
    try {
      await appendBlocks(notion, page.id, batch);
    } catch (error) {
      // The page is there: failing now would have it created twice, or left alone as one that exists. So it is told instead.
      delivery.log.warn("a page's body could not be written to its end", { page: page.id });
      lost.push(`the body ends after part ${index + 1} of ${body.batches.length}: ${reason(error)}`);
      break;
    }
  }
  return receipt(page, [...notes, ...body.notes, ...lost]);
}

function receipt({ id, url }: Page, notes: readonly string[]): Receipt & { id: string } {
  return { id, url, note: notes.length === 0 ? undefined : notes.join("; ") };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
