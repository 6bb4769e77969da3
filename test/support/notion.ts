import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  checkProperties,
  dataSourceAnswer,
  list,
  matches,
  pageAnswer,
  Refusal,
  seen,
  type Columns,
  type StoredPage,
} from "./notion-records.ts";
import { append, countBlocks, creation, query, update } from "./notion-shapes.ts";
import { startStandIn, type Answer, type Received, type StandIn } from "./stand-in.ts";

export type { StoredPage } from "./notion-records.ts";

export interface NotionStandIn extends StandIn {
  readonly token: string;
  /** `bookings` has one data source, `twofold` has two, `unshared` exists but is not shared. */
  readonly database: typeof database;
  readonly dataSource: typeof dataSource;
  /** In the order they were made, those in the trash included. */
  pages(id?: string): readonly StoredPage[];
  /** As a person does it in Notion. */
  trash(page: string): void;
  /** Deletes a page for good. */
  erase(page: string): void;
  /** Adds a property, or gives one another type. */
  defineProperty(name: string, type: string, options?: readonly string[], id?: string): void;
  renameProperty(from: string, to: string, id?: string): void;
}

export interface NotionOptions {
  readonly token?: string;
  /** The bookings' properties: name → type, or the options of a status. */
  readonly properties?: Readonly<Record<string, string | readonly string[]>>;
}

/** The ids are the same in every stand-in, so that a configuration can be written before it is started. */
export const database = {
  bookings: "11111111-0000-4000-8000-000000000001",
  twofold: "11111111-0000-4000-8000-000000000002",
  unshared: "11111111-0000-4000-8000-000000000003",
} as const;
export const dataSource = {
  bookings: "22222222-0000-4000-8000-000000000001",
  people: "22222222-0000-4000-8000-000000000002",
  rooms: "22222222-0000-4000-8000-000000000003",
  unshared: "22222222-0000-4000-8000-000000000004",
} as const;

const usual = {
  Name: "title",
  Booking: "rich_text",
  Status: ["ACCEPTED", "PENDING", "CANCELLED"],
  Start: "date",
  Guest: "email",
  Phone: "phone_number",
  Link: "url",
  Minutes: "number",
  Type: "select",
  Tags: "multi_select",
  Notes: "rich_text",
  Paid: "checkbox",
  Owner: "people",
  Related: "relation",
  Files: "files",
  Created: "created_time",
  Score: "formula",
} as const;

/** Notion's API of 2025-09-03 for one integration, with three databases. Refuses what Notion refuses, in Notion's words. */
export async function startNotion(options: NotionOptions = {}): Promise<NotionStandIn> {
  const token = options.token ?? "ntn_exampleToken0000";
  const sourcesOf = new Map<string, readonly (keyof typeof dataSource)[]>([
    [database.bookings, ["bookings"]],
    [database.twofold, ["people", "rooms"]],
  ]);
  const columns = new Map<string, Columns>([
    [dataSource.bookings, columnsOf(options.properties ?? usual)],
    [dataSource.people, columnsOf({ Name: "title" })],
    [dataSource.rooms, columnsOf({ Name: "title" })],
  ]);
  const pages: StoredPage[] = [];

  const routes: readonly (readonly [pattern: RegExp, act: (id: string, body: unknown) => unknown])[] = [
    [/^GET \/v1\/users\/me$/, () => ({ object: "user", id: randomUUID(), type: "bot", bot: {}, name: "Relay" })],
    [
      /^GET \/v1\/databases\/([^/]+)$/,
      (id) => ({
        object: "database",
        id,
        data_sources: shared(sourcesOf, id, "database").map((name) => ({ id: dataSource[name], name })),
      }),
    ],
    [/^GET \/v1\/data_sources\/([^/]+)$/, (id) => dataSourceAnswer(id, shared(columns, id, "data source"))],
    [/^POST \/v1\/data_sources\/([^/]+)\/query$/, (id, body) => list(find(id, query.parse(body)))],
    [/^POST \/v1\/pages$/, (_, body) => pageAnswer(create(creation.parse(body)))],
    [/^GET \/v1\/pages\/([^/]+)$/, (id) => pageAnswer(page(id))],
    [/^PATCH \/v1\/pages\/([^/]+)$/, (id, body) => pageAnswer(change(editable(id), update.parse(body)))],
    [
      /^PATCH \/v1\/blocks\/([^/]+)\/children$/,
      (id, body) => {
        const { children } = append.parse(body);
        limitBlocks(children);
        editable(id).children.push(...children);
        return list([]);
      },
    ],
  ];

  function page(id: string): StoredPage {
    const found = pages.find((one) => one.id === id);
    if (found === undefined) throw new Refusal(404, "object_not_found", `Could not find page with ID: ${id}.`);
    return found;
  }

  function editable(id: string): StoredPage {
    const found = page(id);
    if (found.trashed)
      throw new Refusal(400, "validation_error", "Can't edit page on block with an archived ancestor.");
    return found;
  }

  function create({ parent, properties, icon, children = [] }: z.output<typeof creation>): StoredPage {
    const known = shared(columns, parent.data_source_id, "data source");
    limitBlocks(children);
    const checked = checkProperties(properties, known);
    const made: StoredPage = {
      id: randomUUID(),
      dataSource: parent.data_source_id,
      properties: checked,
      get values() {
        return Object.fromEntries(Object.entries(this.properties).map(([name, value]) => [name, seen(value)]));
      },
      children: [...children],
      icon,
      trashed: false,
    };
    pages.push(made);
    return made;
  }

  function change(stored: StoredPage, { properties, icon }: z.output<typeof update>): StoredPage {
    const known = shared(columns, stored.dataSource, "data source");
    stored.properties = { ...stored.properties, ...checkProperties(properties, known) };
    stored.icon = icon ?? stored.icon;
    return stored;
  }

  function find(id: string, { filter, page_size: size = 100 }: z.output<typeof query>): unknown[] {
    const known = shared(columns, id, "data source");
    const matching = pages.filter(
      (one) => one.dataSource === id && !one.trashed && (filter === undefined || matches(one, filter, known)),
    );
    return matching.slice(0, size).map(pageAnswer);
  }

  const standIn = await startStandIn((request) => respond(request, token, routes));
  return {
    ...standIn,
    token,
    database,
    dataSource,
    pages: (id = dataSource.bookings) => pages.filter((one) => one.dataSource === id),
    trash: (id) => void (page(id).trashed = true),
    erase: (id) => void pages.splice(pages.indexOf(page(id)), 1),
    defineProperty: (name, type, choices = [], id = dataSource.bookings) =>
      void columns.get(id)?.set(name, { id: randomUUID().slice(0, 4), type, options: [...choices] }),
    renameProperty(from, to, id = dataSource.bookings) {
      const column = columns.get(id)?.get(from);
      if (column !== undefined && columns.get(id)?.delete(from)) columns.get(id)?.set(to, column);
    },
  };
}

async function respond(
  request: Received,
  token: string,
  routes: readonly (readonly [pattern: RegExp, act: (id: string, body: unknown) => unknown])[],
): Promise<Answer> {
  const requestId = randomUUID();
  try {
    const body = admit(request, token);
    for (const [pattern, act] of routes) {
      const found = pattern.exec(`${request.method} ${request.path}`);
      if (found !== null) return { status: 200, body: JSON.stringify(act(undashed(found[1] ?? ""), body)) };
    }
    throw new Refusal(400, "invalid_request_url", "Invalid request URL.");
  } catch (error) {
    const { status, code, message } = refusalOf(error);
    const answer = { object: "error", status, code, message, request_id: requestId };
    return { status, headers: { "x-notion-request-id": requestId }, body: JSON.stringify(answer) };
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof z.ZodError)
    return new Refusal(400, "validation_error", `body failed validation: ${z.prettifyError(error)}`);
  throw error;
}

/** The request's body, once it may come in at all. */
function admit({ method, headers, body }: Received, token: string): unknown {
  if (headers.authorization !== `Bearer ${token}`) throw new Refusal(401, "unauthorized", "API token is invalid.");
  const version = headers["notion-version"];
  if (version === undefined) throw new Refusal(400, "missing_version", "Notion-Version header should be defined.");
  if (version !== "2025-09-03") throw new Refusal(400, "validation_error", "Notion-Version header is not supported.");
  if (method === "GET") return undefined;
  if (Buffer.byteLength(body) > 500_000) throw new Refusal(413, "validation_error", "The body is too large.");
  if (headers["content-type"] !== "application/json") throw new Refusal(400, "invalid_json", "Expected JSON.");
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, "invalid_json", "Error parsing JSON body.");
  }
}

/** Ids are taken with and without dashes. */
function undashed(id: string): string {
  return id.replaceAll("-", "").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function shared<T>(all: ReadonlyMap<string, T>, id: string, what: string): T {
  const found = all.get(id);
  const text = `Could not find ${what} with ID: ${id}. Make sure it is shared with your integration "Relay".`;
  if (found === undefined) throw new Refusal(404, "object_not_found", text);
  return found;
}

function columnsOf(properties: NonNullable<NotionOptions["properties"]>): Columns {
  return new Map(
    Object.entries(properties).map(([name, type]) => [
      name,
      typeof type === "string"
        ? { id: randomUUID().slice(0, 4), type, options: [] }
        : { id: randomUUID().slice(0, 4), type: "status", options: [...type] },
    ]),
  );
}

function limitBlocks(children: unknown): void {
  if (countBlocks(children) > 1_000)
    throw new Refusal(400, "validation_error", "More than 1000 blocks in one request.");
}
