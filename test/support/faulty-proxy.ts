import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What may befall one request on its way, or its answer on the way back. */
export const FAULTS = [
  "cut before the request arrives",
  "reset before the request arrives",
  "cut half-way through the request",
  /** It arrives, and the connection stays open. */
  "no answer",
  "cut before the answer",
  "reset before the answer",
  "cut in the head of the answer",
  "cut in the body of the answer",
  /** Half of the body, then nothing more, and the connection stays open. */
  "stall in the body of the answer",
  "delay of the answer",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultyProxy {
  /** Stands for the target's. */
  readonly url: string;
  /** The next request that matches (its head, an empty line, its body) meets the fault; each strike is met once. */
  strike(fault: Fault, request: RegExp): void;
  /** What has not been met yet. */
  pending(): readonly RegExp[];
  close(): Promise<void>;
}

const DELAY_MS = 40;

/** A network between a client of HTTP/1.1 and the server at `target`, which fails as networks do. Requests must tell their length. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const strikes: { readonly fault: Fault; readonly request: RegExp }[] = [];
  const sockets = new Set<Socket>();

  function opened(socket: Socket): Socket {
    sockets.add(socket);
    return socket.setEncoding("latin1").on("close", () => sockets.delete(socket));
  }

  function upstream(): Socket {
    const { hostname, port } = new URL(target);
    return opened(connect(Number(port), hostname));
  }

  async function serve(client: Socket): Promise<void> {
    for await (const request of requestsOf(client)) {
      const at = strikes.findIndex((one) => one.request.test(request));
      const fault = at === -1 ? undefined : strikes.splice(at, 1)[0]?.fault;
      if (fault === "cut before the request arrives") return;
      if (fault === "reset before the request arrives") return void client.resetAndDestroy();
      if (fault === "cut half-way through the request") return sendHalf(upstream(), request);
      await answer(client, await answerTo(upstream(), request), fault);
    }
  }

  const server = createServer((client) => {
    // A broken connection is what this is for: it ends that connection and tells nothing more.
    serve(opened(client)).then(
      () => client.destroy(),
      () => client.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    strike: (fault, request) => void strikes.push({ fault, request }),
    pending: () => strikes.map(({ request }) => request),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(client: Socket, whole: string, fault: Fault | undefined): Promise<void> {
  const body = whole.indexOf("\r\n\r\n") + 4;
  const halfOfHead = whole.slice(0, body / 2);
  const halfOfBody = whole.slice(0, (body + whole.length) / 2);
  switch (fault) {
    case "no answer":
      return;
    case "cut before the answer":
      return void client.destroy();
    case "reset before the answer":
      return void client.resetAndDestroy();
    case "cut in the head of the answer":
      return void client.end(halfOfHead, "latin1");
    case "cut in the body of the answer":
      return void client.end(halfOfBody, "latin1");
    case "stall in the body of the answer":
      return void client.write(halfOfBody, "latin1");
    case "delay of the answer":
      await delay(DELAY_MS);
      return void client.write(whole, "latin1");
    default:
      return void client.write(whole, "latin1");
  }
}

async function* requestsOf(client: Socket): AsyncGenerator<string> {
  let received = "";
  for await (const chunk of client) {
    received += String(chunk);
    while (received.includes("\r\n\r\n") && received.length >= lengthOf(received)) {
      const length = lengthOf(received);
      yield received.slice(0, length);
      received = received.slice(length);
    }
  }
}

function lengthOf(request: string): number {
  const body = request.indexOf("\r\n\r\n") + 4;
  const [, length = "0"] = /\r\ncontent-length: *(\d+)/i.exec(request.slice(0, body)) ?? [];
  return body + Number(length);
}

/** A connection for each request, so that its end is the answer's; the client is told that its own stays open. */
async function answerTo(server: Socket, request: string): Promise<string> {
  server.write(request.replace(/\r\n(connection: .*\r\n)?/i, "\r\nconnection: close\r\n"), "latin1");
  let whole = "";
  for await (const chunk of server) whole += String(chunk);
  return whole.replace(/\r\nconnection: close\r\n/i, "\r\nconnection: keep-alive\r\n");
}

function sendHalf(server: Socket, request: string): Promise<void> {
  return new Promise((resolve) => {
    server.write(request.slice(0, request.length / 2), "latin1", () => server.destroy());
    server.on("close", () => resolve());
  });
}
