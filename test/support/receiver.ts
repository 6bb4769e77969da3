import { startStandIn, type StandIn } from "../../src/sdk/testing/stand-in.ts";

export interface Received {
  readonly id: string;
  readonly body: string;
}

export interface Receiver extends StandIn {
  /** Webhooks in the order they came, by their `webhook-id`. */
  received(): readonly Received[];
}

/** Somebody's endpoint that takes every webhook. */
export async function startReceiver(): Promise<Receiver> {
  const server = await startStandIn(() => ({ status: 200, body: "ok" }));
  return {
    ...server,
    received: () => server.requests.map(({ headers, body }) => ({ id: String(headers["webhook-id"]), body })),
  };
}
