import type { SinkEvent } from "cal-relay/sdk";
import type { Connection, Message } from "./options.ts";

export function bodyOf({ body }: Message, event: SinkEvent): string {
  if (body === undefined) return event.body;
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** By lower-case name. Later ones win, whatever the spelling. */
export function headersOf(
  rendered: Message,
  given: Connection["headers"],
  body: string,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { "content-type": contentType(body) };
  for (const [name, value] of [...Object.entries(given), ...Object.entries(rendered.headers ?? {})])
    headers[name.toLowerCase()] = value;
  return headers;
}

function contentType(body: string): string {
  try {
    JSON.parse(body);
    return "application/json";
  } catch {
    return "text/plain; charset=utf-8";
  }
}

/** The receiver's URL with a path appended; host and query stay what they are. */
export function urlOf(base: string, path = ""): URL {
  const url = new URL(base);
  if (path !== "") url.pathname = `${url.pathname.replace(/\/$/, "")}/${path.replace(/^\/+/, "")}`;
  return url;
}
