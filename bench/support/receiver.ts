import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** Waits for the next `count` requests and says how many came in a second, from the first to the last of them. */
  rate(count: number): Promise<number>;
  /** Hears the body of each request from now on. */
  listen(listener: (body: string) => void): void;
}

/** Somebody's endpoint that takes every webhook: bare node:http in the measuring process. */
export async function startReceiver(): Promise<Receiver> {
  const heard = new Set<() => void>();
  let listener: ((body: string) => void) | undefined;
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    response.end();
    listener?.(body);
    for (const hear of heard) hear();
  }

  return {
    url: urlOf(server),
    rate(count) {
      return new Promise((resolve) => {
        let arrived = 0;
        let firstAt = 0;
        const hear = (): void => {
          if (++arrived === 1) firstAt = performance.now();
          if (arrived < count) return;
          heard.delete(hear);
          resolve(((count - 1) / (performance.now() - firstAt)) * 1_000);
        };
        heard.add(hear);
      });
    },
    listen: (next) => void (listener = next),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function urlOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
