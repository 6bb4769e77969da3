import { isDeepStrictEqual } from "node:util";
import { Rejected } from "cal-relay/sdk";
import { z } from "zod";
import { NotFound } from "./classify.ts";
import type { Notion } from "./client.ts";
import type { Message } from "./options.ts";

export interface Property {
  readonly id: string;
  readonly name: string;
  /** Notion's own word: `rich_text`, `status` … */
  readonly type: string;
  /** Names to choose from; only where a new one cannot be made by writing it. */
  readonly options?: readonly string[] | undefined;
}

/** The columns of a data source. */
export interface Schema {
  readonly dataSource: string;
  readonly properties: readonly Property[];
}

export interface DataSources {
  /** Finds the data source a message is for; a database's is asked once. Throws `Rejected` where it has none or several. */
  resolve(notion: Notion, message: Message): Promise<string>;
  /**
   * Runs `work` with the schema. Where a remembered one led to a refusal, it is read again, and `work` runs once more if it has changed:
   * someone added or renamed a property since.
   */
  withSchema<T>(notion: Notion, dataSource: string, work: (schema: Schema) => Promise<T>): Promise<T>;
  /** What a message's data source looks like now, past what is remembered. */
  inspect(notion: Notion, message: Message): Promise<Schema>;
}

const database = z.object({ data_sources: z.array(z.object({ id: z.string(), name: z.string() })) });
const property = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.object({ options: z.array(z.object({ name: z.string() })) }).optional(),
});
const dataSource = z.object({ id: z.string(), properties: z.record(z.string(), property) });

/** Remembers databases and schemas for the sink's life. */
export function createDataSources(): DataSources {
  const ofDatabase = new Map<string, string>();
  const schemas = new Map<string, Schema>();

  async function resolve(notion: Notion, { dataSource: given, database: id = "" }: Message): Promise<string> {
    if (given !== undefined) return given;
    const found = ofDatabase.get(id) ?? (await onlyDataSource(notion, id));
    ofDatabase.set(id, found);
    return found;
  }

  async function load(notion: Notion, id: string): Promise<Schema> {
    try {
      const schema = await readSchema(notion, id);
      schemas.set(id, schema);
      return schema;
    } catch (error) {
      if (error instanceof NotFound) forget(id);
      throw error;
    }
  }

  function forget(id: string): void {
    schemas.delete(id);
    for (const [key, value] of ofDatabase) if (value === id) ofDatabase.delete(key);
  }

  return {
    resolve,
    async withSchema(notion, id, work) {
      const known = schemas.get(id);
      if (known === undefined) return work(await load(notion, id));
      try {
        return await work(known);
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        const fresh = await load(notion, id);
        if (isDeepStrictEqual(fresh, known)) throw error;
        return work(fresh);
      }
    },
    async inspect(notion, message) {
      if (message.database !== undefined) ofDatabase.delete(message.database);
      return load(notion, await resolve(notion, message));
    },
  };
}

async function onlyDataSource(notion: Notion, id: string): Promise<string> {
  const found = await notion
    .read(database, (client) => client.databases.retrieve({ database_id: id }))
    .catch(adviseOn(`database ${id}`));
  const [first, ...others] = found.data_sources;
  if (first === undefined) throw new Rejected(`database ${id} has no data source that is shared with the integration`);
  if (others.length > 0) {
    const choices = found.data_sources.map((one) => `"${one.name}" ${one.id}`).join(", ");
    throw new Rejected(`database ${id} has several data sources; put one of them under dataSource: ${choices}`);
  }
  return first.id;
}

async function readSchema(notion: Notion, id: string): Promise<Schema> {
  const found = await notion
    .read(dataSource, (client) => client.dataSources.retrieve({ data_source_id: id }))
    .catch(adviseOn(`data source ${id}`));
  const properties = Object.values(found.properties).map(({ status, ...rest }) => ({
    ...rest,
    options: status?.options.map((option) => option.name),
  }));
  return { dataSource: id, properties };
}

function adviseOn(what: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof NotFound)) throw error;
    throw new NotFound(
      `${what} does not exist or is not shared with the integration: open the database in Notion, ••• → Connections, and add it ` +
        "(the id of a database belongs under database, that of a data source under dataSource)",
      { answer: error.answer },
    );
  };
}
