import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Router from "@koa/router";
import Koa, { type Context, type Next } from "koa";
import type { Accept } from "../accept.ts";
import type { WorkLedger } from "../ledger/ledger.ts";
import { failureFields } from "../observe/failure.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { answerToError, methodNotAllowed, NOT_FOUND, type Answer } from "./answers.ts";
import { healthz, readyz } from "./health.ts";
import { hooks } from "./hooks.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly bodyLimit: number;
  readonly openLimit: number;
  readonly accept: Accept;
  readonly ledger: Pick<WorkLedger, "ping">;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly labelOf: (trigger: string | null) => string;
}

export interface HttpServer {
  readonly port: number;
  /** Not ready any more; takes no new connection, answers what is under way. Once only. */
  close(graceMs: number): Promise<void>;
}

/** A sender gets this long for its headers, and for the whole request: a slow body must not hold a socket for ever. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A webhook under way takes milliseconds. What is not whole by then at a stop is a slow sender's, or nobody's. */
const CLOSE_MS = 5_000;

export async function startServer(options: ServerOptions): Promise<HttpServer> {
  const { ledger, metrics, log } = options;
  let isStopping = false;

  const router = new Router();
  const postHook = hooks(options);
  router.post("/hooks/:source", async (ctx) => give(ctx, await postHook(ctx)));
  router.get("/healthz", (ctx) => give(ctx, healthz()));
  router.get("/readyz", async (ctx) => give(ctx, await readyz(ledger, isStopping)));
  router.get("/metrics", async (ctx) => {
    ctx.type = metrics.contentType;
    ctx.body = await metrics.render();
  });

  const app = new Koa();
  app.silent = true;
  app.use(async function answerErrors(ctx: Context, next: Next) {
    try {
      await next();
    } catch (error) {
      const answer = answerToError(error);
      if (answer === null) return;
      if (answer.status >= 500) log.error({ status: answer.status, ...failureFields(error) }, "request failed");
      give(ctx, answer);
    }
    if (isStopping) ctx.set("connection", "close");
  });
  app.use(async function answerElse(ctx: Context, next: Next) {
    await next();
    if (ctx.body !== undefined && ctx.body !== null) return;
    const allowed = router.match(ctx.path, ctx.method).path.flatMap(({ methods }) => methods);
    give(ctx, allowed.length > 0 ? methodNotAllowed([...new Set(allowed)].join(", ")) : NOT_FOUND);
  });
  app.use(router.routes());

  const handle = app.callback();
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 5_000 },
    (request, response) => void handle(request, response),
  );
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;

  // Such as a process that is out of file descriptors: those who are connected are served on.
  server.on("error", (error) => log.error(failureFields(error), "no connection could be taken"));

  async function close(graceMs: number): Promise<void> {
    isStopping = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // Once it closes, Node times no request out any more.
    const patience = setTimeout(() => server.closeAllConnections(), Math.min(graceMs, CLOSE_MS));
    await closed;
    clearTimeout(patience);
  }

  let closing: Promise<void> | undefined;
  return { port, close: (graceMs) => (closing ??= close(graceMs)) };
}

function give(ctx: Context, answer: Answer): void {
  ctx.status = answer.status;
  ctx.set({ ...answer.headers });
  ctx.body = answer.body;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
