import { connect, type Socket } from "node:net";
import { onTestFinished, expect, test, vi } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { signed, testRelay } from "../support/relay.ts";

const yaml = `
sources:
  cal: { secret: test-secret }
  open: { signature: "off" }
`;

/** A connection on which the test writes HTTP by hand. */
async function dial(
  port: number,
  text: string,
): Promise<{ socket: Socket; received: () => string; ended: Promise<void> }> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()).on("error", () => resolve()));
  socket.on("data", (chunk: Buffer) => (received += chunk.toString()));
  await new Promise<void>((resolve) => void socket.write(text, () => resolve()));
  return { socket, received: () => received, ended };
}

const half = "POST /hooks/cal HTTP/1.1\r\nhost: relay\r\ncontent-length: 1000\r\n\r\nhalf of it";

test.each([
  ["a request is half sent", half],
  ["headers are half sent", "POST /hooks/cal HTTP/1.1\r\nhost:"],
  ["a connection never says a word", ""],
])("stops within its grace while %s", { timeout: 5_500 }, async (_what, text) => {
  const { relay } = await testRelay(yaml);
  const { ended } = await dial(relay.port, text);
  await expect(Promise.all([relay.close(), ended])).resolves.toHaveLength(2);
});

// Were the connection waited for, it would be for five seconds.
test("stops at once while a client keeps its connection open", { timeout: 4_500 }, async () => {
  const { relay } = await testRelay(yaml, {}, { grace: "10s" });
  const { received } = await dial(relay.port, "GET /healthz HTTP/1.1\r\nhost: relay\r\nconnection: keep-alive\r\n\r\n");
  await vi.waitFor(() => expect(received()).toContain("200 OK"));
  await expect(relay.close()).resolves.toBeUndefined();
});

test("accepts a webhook whose body ends while the relay is stopping, and closes its connection", async () => {
  const { relay } = await testRelay(yaml);
  const body = sample("BOOKING_CREATED");
  const head = `POST /hooks/open HTTP/1.1\r\nhost: relay\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const { socket, received, ended } = await dial(relay.port, head + body.slice(0, 10));
  const closed = relay.close();
  socket.write(body.slice(10));
  await Promise.all([closed, ended]);
  expect(received()).toMatch(/^HTTP\/1\.1 202 /);
  expect(received().toLowerCase()).toContain("connection: close");
});

test("closing twice is closing once", async () => {
  const { relay, lines } = await testRelay(yaml);
  await Promise.all([relay.close(), relay.close()]);
  expect(lines.filter((line) => line.includes('"stopped"'))).toHaveLength(1);
});

test.each([
  ["/hooks/%2e%2e", 404],
  ["/hooks/%E0%A4%A", 404],
  ["/hooks/__proto__", 404],
  ["/hooks/cal/extra", 404],
  ["/hooks/CAL", 404],
  ["//hooks/cal", 404],
  ["http://elsewhere.example.com/hooks/open", 202],
])("answers POST %s with %i", async (target, status) => {
  const { relay } = await testRelay(yaml);
  const text = `POST ${target} HTTP/1.1\r\nhost: relay\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`;
  const { received, ended } = await dial(relay.port, text);
  await ended;
  expect(received()).toContain(`HTTP/1.1 ${status} `);
});

test.each(["HEAD", "OPTIONS", "PUT", "DELETE"])("answers %s to a source's URL with 405", async (method) => {
  const { url } = await testRelay(yaml);
  const answer = await fetch(`${url}/hooks/cal`, { method });
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
});

test("tells a sender of a body far over the limit so, and goes on", async () => {
  const { post } = await testRelay(yaml);
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(Buffer.alloc(5_000_000, "x"))));
  expect(answers.map(({ status }) => status)).toEqual([413, 413, 413, 413, 413]);
  expect((await post(sample("BOOKING_CREATED"))).status).toBe(202);
});

test("refuses a compressed body, which nobody signed", async () => {
  const { post, relay } = await testRelay(yaml);
  const answer = await post("{}", { ...signed("{}"), "content-encoding": "gzip" });
  expect(answer).toMatchObject({ status: 415, body: { error: "compressed" } });
  expect(await relay.ledger.events({ limit: 1 })).toEqual([]);
});

test("waits for a body that is asked for by Expect: 100-continue", async () => {
  const { relay } = await testRelay(yaml);
  const head = "POST /hooks/open HTTP/1.1\r\nhost: relay\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
  const { socket, received } = await dial(relay.port, head);
  await vi.waitFor(() => expect(received()).toContain("100 Continue"));
  socket.write("{}");
  await vi.waitFor(() => expect(received()).toContain("202 Accepted"));
});

test("shows no word of what a client sent that is no HTTP", async () => {
  const { relay, lines } = await testRelay(yaml);
  const { received, ended } = await dial(relay.port, "canary canary canary\r\n\r\n");
  await ended;
  expect(received()).toContain("400 Bad Request");
  expect(received() + lines.join("")).not.toContain("canary");
});

test("shows its metrics while the ledger does not answer, and says that it does not", async () => {
  const { relay, url, lines } = await testRelay(yaml);
  await relay.ledger.close();
  const answer = await fetch(`${url}/metrics`);
  const text = await answer.text();
  expect(answer.status).toBe(200);
  expect(text).toContain("cal_relay_ledger_up 0");
  expect(text).toContain("cal_relay_process_cpu_seconds_total");
  expect(lines.join("")).not.toContain("request failed");
});
