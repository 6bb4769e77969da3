import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface HoldingReceiver extends AsyncDisposable {
  readonly url: string;
  /** Resolves once so many requests more have come. */
  arrivals(count: number): Promise<void>;
  /** From now on each request is answered; those that came before never are. */
  answer(): void;
}

/** Somebody's endpoint that takes webhooks and leaves them without an answer. */
export async function startHoldingReceiver(): Promise<HoldingReceiver> {
  const heard = new Set<() => void>();
  let isAnswering = false;
  const server = createServer((request, response) => {
    request.resume();
    if (isAnswering) response.end();
    for (const hear of heard) hear();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals(count) {
      return new Promise((resolve) => {
        let arrived = 0;
        const hear = (): void => {
          if (++arrived < count) return;
          heard.delete(hear);
          resolve();
        };
        heard.add(hear);
      });
    },
    answer: () => void (isAnswering = true),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
