import { z } from "zod";
import type { Notion } from "./client.ts";
import type { DataSources } from "./data-source.ts";
import type { Message } from "./options.ts";
import { convert } from "./properties.ts";

/** What to mend before the first delivery: the token, what is shared, the properties and their types. Only reads. */
export async function check(notion: Notion, dataSources: DataSources, message: Message | null): Promise<string[]> {
  await notion.read(z.object({ id: z.string() }), (client) => client.users.me({}));
  if (message === null) return [];
  return [...convert(message, await dataSources.inspect(notion, message)).problems];
}
