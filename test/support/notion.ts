import { randomUUID } from "node:crypto";
import { z } from "zod";
import { dataSourceAnswer, list, pageAnswer, Refusal, type StoredPage } from "./notion-records.ts";
import { append, creation, query, update } from "./notion-shapes.ts";
import { NotionWorkspace, type Definitions } from "./notion-workspace.ts";
import { startStandIn, type Answer, type Received, type StandIn } from "../../src/sdk/testing/stand-in.ts";

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
  readonly properties?: Definitions;
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

type Route = readonly [pattern: RegExp, act: (id: string, body: unknown) => unknown];

/** Notion's API of 2025-09-03 for one integration, with three databases. Refuses what Notion refuses, in Notion's words. */
export async function startNotion({
  token = "ntn_exampleToken0000",
  properties = usual,
}: NotionOptions = {}): Promise<NotionStandIn> {
  const workspace = new NotionWorkspace(
    new Map([
      [database.bookings, [{ id: dataSource.bookings, name: "bookings" }]],
      [
        database.twofold,
        [
          { id: dataSource.people, name: "people" },
          { id: dataSource.rooms, name: "rooms" },
        ],
      ],
    ]),
    new Map<string, Definitions>([
      [dataSource.bookings, properties],
      [dataSource.people, { Name: "title" }],
      [dataSource.rooms, { Name: "title" }],
    ]),
  );
  const routes = routesOf(workspace);
  const standIn = await startStandIn((request) => respond(request, token, routes));
  return {
    ...standIn,
    token,
    database,
    dataSource,
    pages: (id = dataSource.bookings) => workspace.pages.filter((one) => one.dataSource === id),
    trash: (id) => void (workspace.page(id).trashed = true),
    erase: (id) => workspace.erase(id),
    defineProperty: (name, type, options = [], id = dataSource.bookings) =>
      workspace.defineProperty(name, type, options, id),
    renameProperty: (from, to, id = dataSource.bookings) => workspace.renameProperty(from, to, id),
  };
}

function routesOf(workspace: NotionWorkspace): readonly Route[] {
  return [
    [/^GET \/v1\/users\/me$/, () => ({ object: "user", id: randomUUID(), type: "bot", bot: {}, name: "Relay" })],
    [/^GET \/v1\/databases\/([^/]+)$/, (id) => ({ object: "database", id, data_sources: workspace.dataSourcesOf(id) })],
    [/^GET \/v1\/data_sources\/([^/]+)$/, (id) => dataSourceAnswer(id, workspace.columns(id))],
    [
      /^POST \/v1\/data_sources\/([^/]+)\/query$/,
      (id, body) => list(workspace.find(id, query.parse(body)).map(pageAnswer)),
    ],
    [/^POST \/v1\/pages$/, (_, body) => pageAnswer(workspace.create(creation.parse(body)))],
    [/^GET \/v1\/pages\/([^/]+)$/, (id) => pageAnswer(workspace.page(id))],
    [/^PATCH \/v1\/pages\/([^/]+)$/, (id, body) => pageAnswer(workspace.change(id, update.parse(body)))],
    [
      /^PATCH \/v1\/blocks\/([^/]+)\/children$/,
      (id, body) => {
        workspace.append(id, append.parse(body));
        return list([]);
      },
    ],
  ];
}

function respond(request: Received, token: string, routes: readonly Route[]): Answer {
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
