// The bare Koa app that benches compare with: reads the body, checks its HMAC, parses it, answers 202. Stores nothing. With a URL as
// argument it posts the body there first. A program of its own.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Router from "@koa/router";
import Koa from "koa";
import rawBody from "raw-body";
import { request } from "undici";
import { checkSignature } from "../../src/cal/signature.ts";
import { z } from "zod";
import { SECRET } from "./webhooks.ts";

const [, , destination] = process.argv;
const router = new Router();
router.post("/hooks/:source", async (ctx) => {
  const body = await rawBody(ctx.req, { limit: "1mb", length: ctx.req.headers["content-length"] ?? null });
  if (checkSignature(ctx.get("x-cal-signature-256"), body, [SECRET]) !== "verified") ctx.throw(401);
  const webhook = z.looseObject({ triggerEvent: z.string() }).parse(JSON.parse(body.toString()));
  if (destination !== undefined) await forward(destination, body);
  ctx.status = 202;
  ctx.body = { status: "accepted", trigger: webhook.triggerEvent };
});

const handle = new Koa().use(router.routes()).callback();
const server = createServer((incoming, response) => void handle(incoming, response));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ port, msg: "ready" })}\n`);

async function forward(url: string, body: Buffer): Promise<void> {
  const answer = await request(url, { method: "POST", body });
  await answer.body.dump();
}
