import {
  beginningOfBody,
  defineSink,
  httpFailure,
  networkFailure,
  Unavailable,
  type Receipt,
  type SinkDelivery,
  type SinkHost,
  type SinkPlugin,
} from "cal-relay/sdk";
import { startStandIn, type SinkSubject } from "cal-relay/sdk/testing";
import { z } from "zod";

export interface Connection {
  readonly url: string;
  readonly token: string;
}

export interface Message {
  readonly text: string;
}

export const connection = z.strictObject({
  url: z.url().describe("where the vendor listens"),
  token: z.string().describe("from the vendor's settings"),
});

export const message = z.strictObject({ text: z.string().describe("what is posted") });

/** A small sink that keeps every promise, and uses all there is. */
export const honest = defineSink({
  type: "honest",
  title: "Honest message",
  connection,
  message,
  secrets: ["token"],
  lane: ({ text }) => text.slice(0, 1),
  keepsInStep: ({ text }) => text || null,
  escape: (text) => text.replaceAll("*", ""),
  preview: ({ text }, about) => `${about.connection?.token ?? "no token"}: ${text}`,
  open: (given) =>
    Promise.resolve({
      deliver: (rendered, delivery) => deliver(given, rendered, delivery),
      check: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }),
}) as unknown as SinkPlugin;

export async function deliver(given: Connection, rendered: Message, delivery: SinkDelivery): Promise<Receipt> {
  const response = await post(given, rendered, delivery);
  const { status, headers } = response;
  if (!response.ok) {
    const answer = { status, body: await beginningOfBody(response) };
    throw httpFailure(status, { retryAfter: headers.get("retry-after"), answer });
  }
  return receiptOf(response);
}

export function post({ url, token }: Connection, { text }: Message, { fetch }: SinkDelivery): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(`${url}/messages`, { method: "POST", headers, body: JSON.stringify({ text }) }).catch(
    (error: unknown) => {
      throw networkFailure(error) ?? error;
    },
  );
}

/** The vendor answers every message with its id. */
export async function receiptOf(response: Response): Promise<Receipt> {
  const body: unknown = await response.json().catch(() => null);
  const { data } = z.object({ id: z.string() }).safeParse(body);
  if (data === undefined) throw new Unavailable("the answer has no id", { ambiguous: true });
  return { id: data.id };
}

/** The honest sink with another way to deliver. */
export function delivering(
  other: (given: Connection, rendered: Message, delivery: SinkDelivery, host: SinkHost) => Promise<unknown>,
): SinkPlugin {
  return {
    ...honest,
    open: (given, host) =>
      Promise.resolve({
        deliver: (rendered, delivery) =>
          other(given as Connection, rendered as Message, delivery, host) as Promise<Receipt>,
      }),
  };
}

/** What the suite is told of the honest sink, and of each of the defective ones. */
export function subjectOf(plugin: SinkPlugin): SinkSubject {
  return {
    plugin,
    start: () => startStandIn(() => ({ status: 200, body: '{"id":"one"}' })),
    connection: (url) => ({ url, token: "canary-token" }),
    message: (mark) => ({ text: mark }),
    canaries: ["canary-token"],
  };
}
