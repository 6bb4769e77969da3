import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

/** How a stand-in misbehaves on one request. */
export type Misbehaviour =
  /** Answers so without doing what was asked. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Does what was asked, then answers so: the caller cannot know it was done. */
  | {
      readonly kind: "answer-after";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Does what was asked and never answers; `afterwards` is called in between. */
  | { readonly kind: "hang-after"; readonly afterwards?: () => void }
  /** Cuts the connection without an answer, before or after doing what was asked. */
  | { readonly kind: "reset" }
  | { readonly kind: "reset-after" }
  /** Sends the head and half of the right body, then cuts. */
  | { readonly kind: "truncate" }
  /** Sends the head and half of the right body, then nothing more. */
  | { readonly kind: "stall" }
  /** Does what was asked and sends the right answer in many small pieces. */
  | { readonly kind: "drip" };

/** A request as it arrived. */
export interface Received {
  /** In capitals: `POST`. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: IncomingMessage["headers"];
  /** Decoded as UTF-8. */
  readonly body: string;
  /** The body before decoding. */
  readonly bytes: Buffer;
}

/** What the stand-in answers; `content-type` is `application/json` where `headers` name none. */
export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

/** A vendor's server for one test. */
export interface StandIn extends AsyncDisposable {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  /** All so far, oldest first. */
  readonly requests: readonly Received[];
  /** Queues a misbehaviour for the next request that `when` accepts (default: any). */
  misbehave(how: Misbehaviour, when?: (request: Received) => boolean): void;
  /** How many connections are open at this moment. */
  connections(): number;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

const WELL: Answer = { status: 200, body: "{}" };

/** A vendor's server on a free port of the loopback, acted by `handle`, which keeps the state. Without it every request gets 200 and `{}`. */
export async function startStandIn(
  handle: (request: Received) => Answer | Promise<Answer> = () => WELL,
): Promise<StandIn> {
  const requests: Received[] = [];
  const queue: { how: Misbehaviour; when: (request: Received) => boolean }[] = [];

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await receive(message);
    requests.push(request);
    const at = queue.findIndex(({ when }) => when(request));
    const how = at === -1 ? undefined : queue.splice(at, 1)[0]?.how;
    switch (how?.kind) {
      case undefined:
        return send(response, await handle(request));
      case "answer":
        return send(response, { status: how.status, headers: how.headers ?? {}, body: how.body ?? "" });
      case "answer-after":
        await handle(request);
        return send(response, { status: how.status, headers: how.headers ?? {}, body: how.body ?? "" });
      case "hang":
        return;
      case "hang-after":
        await handle(request);
        return how.afterwards?.();
      case "reset":
        message.socket.destroy();
        return;
      case "reset-after":
        await handle(request);
        message.socket.destroy();
        return;
      case "truncate":
        return sendHalf(response, await handle(request), () => message.socket.destroy());
      case "stall":
        return sendHalf(response, await handle(request), () => undefined);
      case "drip":
        return sendInPieces(response, await handle(request));
    }
  }

  const server: Server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) => {
      response.writeHead(599, { "content-type": "text/plain" }).end(`the stand-in failed: ${String(error)}`);
    });
  });
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    misbehave(how, when = () => true) {
      queue.push({ how, when });
    },
    connections: () => open.size,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function receive(message: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = new URL(message.url ?? "/", "http://stand-in");
  const bytes = Buffer.concat(chunks);
  return {
    method: message.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: bytes.toString("utf8"),
    bytes,
  };
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(answer.body);
}

function sendHalf(response: ServerResponse, answer: Answer, afterwards: () => void): void {
  const type = { "content-type": "application/json", ...answer.headers };
  response.writeHead(answer.status, { ...type, "content-length": Buffer.byteLength(answer.body) + 1 });
  response.write(answer.body.slice(0, Math.floor(answer.body.length / 2)), afterwards);
}

async function sendInPieces(response: ServerResponse, answer: Answer): Promise<void> {
  const bytes = Buffer.from(answer.body);
  const size = Math.max(1, Math.ceil(bytes.length / 8));
  response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await nextTurn();
  }
  response.end();
}
