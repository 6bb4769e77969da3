import type { Previewed } from "cal-relay/sdk";
import type { Connection, Message } from "./options.ts";
import { bodyOf, headersOf, urlOf } from "./request.ts";
import { secretsOf } from "./signature.ts";

const MASK = "***";
/** Lines of an event as received that are shown: it is the same whatever the target. */
const SHOWN = 20;

/** The request: its receiver's path and the connection's headers are secrets, and are masked; what differs from try to try is left open. */
export function preview(message: Message, { connection, event }: Previewed<Connection>): string {
  const body = bodyOf(message, event);
  const given = Object.fromEntries(Object.keys(connection?.headers ?? {}).map((name) => [name, MASK]));
  const headers = {
    ...headersOf(message, given, body),
    "webhook-id": "dlv_…",
    "webhook-timestamp": "…",
    ...signature(connection),
  };
  const shown = message.body === undefined ? beginning(pretty(body)) : pretty(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${connection?.method ?? "POST"} ${address(connection, message.path)}`, ...lines, "", shown].join("\n");
}

function signature(connection: Connection | null): Record<string, string> {
  const signatures = secretsOf(connection?.signingSecret).map(() => "v1,…");
  return signatures.length === 0 ? {} : { "webhook-signature": signatures.join(" ") };
}

/** The URL, its own path and query masked: what the message appends to the path is no secret. */
function address(connection: Connection | null, path = ""): string {
  if (connection === null) return `(url not set)${path && `/${path.replace(/^\/+/, "")}`}`;
  const base = new URL(connection.url).pathname.replace(/\/$/, "");
  const { origin, pathname, search } = urlOf(connection.url, path);
  return `${origin}${base && `/${MASK}`}${pathname.slice(base.length)}${search && `?${MASK}`}`;
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function beginning(text: string): string {
  const lines = text.split("\n");
  const more = lines.length - SHOWN;
  return more <= 0 ? text : [...lines.slice(0, SHOWN), `… (${more} lines more: the event as received)`].join("\n");
}
