import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { checkProperties, matches, Refusal, seen, type Columns, type StoredPage } from "./notion-records.ts";
import { countBlocks, type append, type creation, type query, type update } from "./notion-shapes.ts";

/** By name: a type, or the options of a status. */
export type Definitions = Readonly<Record<string, string | readonly string[]>>;

/** What an integration sees of a workspace: the databases shared with it, and their pages. Refuses what Notion refuses. */
export class NotionWorkspace {
  readonly pages: StoredPage[] = [];
  readonly #databases: ReadonlyMap<string, readonly { id: string; name: string }[]>;
  readonly #columns: ReadonlyMap<string, Columns>;

  constructor(
    databases: ReadonlyMap<string, readonly { id: string; name: string }[]>,
    dataSources: ReadonlyMap<string, Definitions>,
  ) {
    this.#databases = databases;
    this.#columns = new Map([...dataSources].map(([id, definitions]) => [id, columnsOf(definitions)]));
  }

  dataSourcesOf(database: string): readonly { id: string; name: string }[] {
    return shared(this.#databases, database, "database");
  }

  columns(dataSource: string): Columns {
    return shared(this.#columns, dataSource, "data source");
  }

  page(id: string): StoredPage {
    const found = this.pages.find((one) => one.id === id);
    if (found === undefined) throw new Refusal(404, "object_not_found", `Could not find page with ID: ${id}.`);
    return found;
  }

  create({ parent, properties, icon, children = [] }: z.output<typeof creation>): StoredPage {
    limitBlocks(children);
    const made: StoredPage = {
      id: randomUUID(),
      dataSource: parent.data_source_id,
      properties: checkProperties(properties, this.columns(parent.data_source_id)),
      get values() {
        return Object.fromEntries(Object.entries(this.properties).map(([name, value]) => [name, seen(value)]));
      },
      children: [...children],
      icon,
      trashed: false,
    };
    this.pages.push(made);
    return made;
  }

  change(id: string, { properties, icon }: z.output<typeof update>): StoredPage {
    const page = this.#editable(id);
    page.properties = { ...page.properties, ...checkProperties(properties, this.columns(page.dataSource)) };
    page.icon = icon ?? page.icon;
    return page;
  }

  append(id: string, { children }: z.output<typeof append>): void {
    limitBlocks(children);
    this.#editable(id).children.push(...children);
  }

  find(dataSource: string, { filter, page_size: size = 100 }: z.output<typeof query>): StoredPage[] {
    const columns = this.columns(dataSource);
    return this.pages
      .filter((page) => page.dataSource === dataSource && !page.trashed)
      .filter((page) => filter === undefined || matches(page, filter, columns))
      .slice(0, size);
  }

  erase(id: string): void {
    this.pages.splice(this.pages.indexOf(this.page(id)), 1);
  }

  defineProperty(name: string, type: string, options: readonly string[], dataSource: string): void {
    this.columns(dataSource).set(name, { id: columnId(), type, options: [...options] });
  }

  renameProperty(from: string, to: string, dataSource: string): void {
    const columns = this.columns(dataSource);
    const column = columns.get(from);
    if (column !== undefined && columns.delete(from)) columns.set(to, column);
  }

  #editable(id: string): StoredPage {
    const page = this.page(id);
    if (page.trashed) throw new Refusal(400, "validation_error", "Can't edit a page that is archived.");
    return page;
  }
}

function columnsOf(definitions: Definitions): Columns {
  return new Map(
    Object.entries(definitions).map(([name, type]) => [
      name,
      typeof type === "string"
        ? { id: columnId(), type, options: [] }
        : { id: columnId(), type: "status", options: [...type] },
    ]),
  );
}

function columnId(): string {
  return randomUUID().slice(0, 4);
}

function shared<T>(all: ReadonlyMap<string, T>, id: string, what: string): T {
  const found = all.get(id);
  const text = `Could not find ${what} with ID: ${id}. Make sure it is shared with your integration "Relay".`;
  if (found === undefined) throw new Refusal(404, "object_not_found", text);
  return found;
}

function limitBlocks(children: unknown): void {
  if (countBlocks(children) > 1_000)
    throw new Refusal(400, "validation_error", "More than 1000 blocks in one request.");
}
