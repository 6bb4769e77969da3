import { expect, test } from "vitest";
import { beginningOfBody } from "../../src/sdk/index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("keeps the first 2,000 characters, and none in two", async () => {
  expect(await beginningOfBody(new Response("it failed"))).toBe("it failed");
  expect(await beginningOfBody(new Response(`${"x".repeat(1_999)}😀…`))).toBe("x".repeat(1_999));
  expect(await beginningOfBody(new Response(null, { status: 204 }))).toBe("");
});

test("ends with a body that never does, and lets go of it", async () => {
  let isCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(bytes("x".repeat(10_000))),
    cancel: () => void (isCancelled = true),
  });
  expect(await beginningOfBody(new Response(endless))).toBe("x".repeat(2_000));
  expect(isCancelled).toBe(true);
});

test("keeps what came of a body that breaks off or stalls", async () => {
  const start = (controller: ReadableStreamDefaultController): void => controller.enqueue(bytes("it fai"));
  const broken = new ReadableStream({ start, pull: (controller) => controller.error(new Error("reset")) });
  const stalled = new ReadableStream({ start, pull: () => new Promise(() => undefined) });
  const bodies = await Promise.all([broken, stalled].map((body) => beginningOfBody(new Response(body))));
  expect(bodies).toEqual(["it fai", "it fai"]);
});
