import { checkSignature } from "./cal/signature.ts";
import { eventOf } from "./cal/event.ts";
import { uniteKnown } from "./cal/known.ts";
import { readBody } from "./cal/read.ts";
import { PING } from "./cal/triggers.ts";
import type { Event, Source } from "./event.ts";
import type { Decision } from "./ledger/arrival.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { matchRoutes, type Route } from "./routing/match.ts";

/** A webhook as it came over the wire. */
export interface Webhook {
  readonly source: string;
  readonly body: Uint8Array;
  /** The value of X-Cal-Signature-256, if there was one. */
  readonly signature: string | undefined;
}

export type Accepted =
  | {
      readonly status: "accepted";
      readonly event: string;
      readonly trigger: string | null;
      readonly deliveries: number;
      readonly drift: number;
    }
  | { readonly status: "duplicate"; readonly event: string; readonly trigger: string | null }
  | { readonly status: "pong"; readonly event: string; readonly trigger: string }
  | { readonly status: "refused"; readonly reason: "unknown-source" | "missing" | "no-secret" | "wrong" };

export interface AcceptOptions {
  readonly ledger: Pick<Ledger, "accept">;
  /** Asked for each webhook, so that a reload takes effect at once. */
  readonly sources: () => ReadonlyMap<string, Source>;
  readonly routes: () => readonly Route[];
  readonly now: () => number;
  readonly newEventId: (receivedAt: number) => string;
}

export type Accept = (webhook: Webhook) => Promise<Accepted>;

/** A byte order mark is dropped, and what is not UTF-8 becomes U+FFFD: the signature is over the bytes themselves. */
const utf8 = new TextDecoder();

/**
 * The product on one screen: who sent it, what it says, where it goes, and only then, once all of it is durable, an answer.
 * Rejects with LedgerUnavailable when it could not be stored.
 */
export function createAccept({ ledger, sources, routes, now, newEventId }: AcceptOptions): Accept {
  return async function accept({ source: name, body, signature }) {
    const source = sources().get(name);
    if (source === undefined) return { status: "refused", reason: "unknown-source" };
    if (source.signature === "required") {
      const verdict = checkSignature(signature, body, source.secrets);
      if (verdict !== "verified") return { status: "refused", reason: verdict };
    }

    const receivedAt = now();
    const id = newEventId(receivedAt);
    const text = utf8.decode(body);
    const reading = readBody(text);
    const { trigger } = reading;

    const acceptance = await ledger.accept({
      id,
      source: name,
      receivedAt,
      trigger,
      duplicateKeys: reading.duplicateKeys,
      dedupeMs: source.dedupeMs,
      identity: reading.identity,
      decide(bookingKey, knownBefore) {
        const arrived = { id, source: name, receivedAt: new Date(receivedAt).toISOString(), body: text };
        const { event, known } = eventOf(reading, arrived, bookingKey, knownBefore);
        return { event, ...routeEvent(routes(), event), known };
      },
      unite: uniteKnown,
    });

    if (acceptance.status === "duplicate") return { ...acceptance, trigger };
    if (trigger === PING) return { status: "pong", event: acceptance.event, trigger };
    return { ...acceptance, trigger, drift: reading.drift.length };
  };
}

/** What the routes decide about an event, and the deliveries they ask for. Pure. */
export function routeEvent(routes: readonly Route[], event: Event): Pick<Decision, "verdicts" | "deliveries"> {
  const { verdicts, matched } = matchRoutes(routes, event);
  const deliveries = matched.flatMap((route) =>
    route.targets.map(({ id: target, sink }) => ({ route: route.name, target, sink })),
  );
  return { verdicts, deliveries };
}
