import type { Client } from "@notionhq/client";
import type { SinkFetch } from "cal-relay/sdk";
import type { z } from "zod";
import { classify } from "./classify.ts";
import type { Connection } from "./options.ts";

/** Asks Notion and checks the answer's shape. Throws one of the four failures. */
export interface Notion {
  read<T>(shape: z.ZodType<T>, call: (client: Client) => Promise<unknown>): Promise<T>;
  write<T>(shape: z.ZodType<T>, call: (client: Client) => Promise<unknown>): Promise<T>;
}

/** Binds a client to one fetch, and so to one deadline. The signal is for a fetch that has no deadline of its own. */
export type Connect = (fetch: SinkFetch, signal?: AbortSignal) => Notion;

/** setTimeout's longest wait. The SDK's own time-out does not end the request, so it must never come first: the fetch has the deadline. */
const NEVER_MS = 2 ** 31 - 1;

/** Loads the SDK. Its retries are off, since the relay owns every retry, and so is its logger, which prints bodies. */
export async function loadNotion({ token, apiUrl }: Connection): Promise<Connect> {
  const { Client } = await import("@notionhq/client");
  const redact = (text: string): string => text.replaceAll(token, "•••");

  return (fetch, signal) => {
    const client = new Client({
      auth: token,
      notionVersion: "2025-09-03",
      retry: false,
      timeoutMs: NEVER_MS,
      logger: () => undefined,
      ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }),
      fetch: (url, { method = "GET", headers = {}, body } = {}) =>
        fetch(url, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          ...(signal === undefined ? {} : { signal }),
          allowPrivateNetwork: apiUrl !== undefined,
        }),
    });
    const ask =
      (writes: boolean): Notion["read"] =>
      async (shape, call) => {
        try {
          return shape.parse(await call(client));
        } catch (error) {
          throw classify(error, { writes, redact });
        }
      };
    return { read: ask(false), write: ask(true) };
  };
}
