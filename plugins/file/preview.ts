import type { Previewed } from "cal-relay/sdk";
import { lineOf } from "./line.ts";
import type { Connection, Message } from "./options.ts";

/** Characters of a line that are shown: the default line holds the whole event. */
const SHOWN = 1_000;

/** The file, and the line that would be added to it. */
export function preview(message: Message, { connection, event }: Previewed<Connection>): string {
  return [connection?.path ?? "(path not set)", shortened(lineOf(message, event))].join("\n");
}

function shortened(line: string): string {
  const characters = Array.from(line);
  if (characters.length <= SHOWN) return line;
  return `${characters.slice(0, SHOWN).join("")}… (${(characters.length - SHOWN).toLocaleString("en")} characters more)`;
}
