import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import webhook from "../../plugins/webhook/index.ts";
import { exampleEvent, openSink, type OpenedSink } from "../../src/sdk/testing/open-sink.ts";
import { startStandIn, type Received, type StandIn } from "../../src/sdk/testing/stand-in.ts";

const SECRET = `whsec_${Buffer.alloc(32, "one").toString("base64")}`;
const NEXT_SECRET = `whsec_${Buffer.alloc(64, "two").toString("base64")}`;

test("sends the event exactly as received by default", async () => {
  const { sink, last } = await receiver();
  const body = '{ "payload": {"title":"Café ☕"}, "triggerEvent":"BOOKING_CREATED" }\n';
  await sink.deliver({}, { event: { ...exampleEvent, body } });
  expect(last()).toMatchObject({ method: "POST", path: "/hook", body });
  expect(last().headers["content-type"]).toBe("application/json");
});

test.each([
  [{ n: 1 }, '{"n":1}', "application/json"],
  [[1, null], "[1,null]", "application/json"],
  ['{"n":1}', '{"n":1}', "application/json"],
  ["title=Intro+call", "title=Intro+call", "text/plain; charset=utf-8"],
  ["", "", "text/plain; charset=utf-8"],
])("sends the body %j as it stands, with the type it has", async (body, sent, type) => {
  const { sink, last } = await receiver();
  await sink.deliver({ body });
  expect(last().body).toBe(sent);
  expect(last().headers["content-type"]).toBe(type);
});

test("signs so that a Standard Webhooks library accepts it, and no other body", async () => {
  const { sink, last } = await receiver({ signingSecret: SECRET });
  await sink.deliver({ body: { name: "Zoë Åström 🎉" } }, { id: "dlv_signed" });
  const { bytes } = last();
  expect(new Webhook(SECRET).verify(bytes, signature(last()))).toEqual({ name: "Zoë Åström 🎉" });
  const forged = (): unknown => new Webhook(SECRET).verify(`${bytes.toString()} `, signature(last()));
  expect(forged).toThrow(WebhookVerificationError);
});

test("signs with every secret while one is being rotated", async () => {
  const { sink, last } = await receiver({ signingSecret: [SECRET, NEXT_SECRET] });
  await sink.deliver({ body: { n: 1 } });
  for (const secret of [SECRET, NEXT_SECRET])
    expect(new Webhook(secret).verify(last().body, signature(last()))).toEqual({ n: 1 });
});

test("keeps the id over all tries and gives the timestamp of each", async () => {
  const { sink, vendor } = await receiver();
  const before = Math.floor(Date.now() / 1000);
  await sink.deliver({}, { id: "dlv_same", attempt: 1 });
  await sink.deliver({}, { id: "dlv_same", attempt: 2, maybeDelivered: true });
  expect(vendor.requests.map(({ headers }) => headers["webhook-id"])).toEqual(["dlv_same", "dlv_same"]);
  for (const { headers } of vendor.requests)
    expect(Number(headers["webhook-timestamp"])).toBeGreaterThanOrEqual(before);
});

test("sends no signature without a secret", async () => {
  const { sink, last } = await receiver();
  await sink.deliver({});
  expect(last().headers).not.toHaveProperty("webhook-signature");
  expect(last().headers).toHaveProperty("webhook-id");
});

test("uses the method and the headers of the connection, and those of the message before them", async () => {
  const { sink, last } = await receiver({ method: "PUT", headers: { Authorization: "Bearer a", "X-Kind": "all" } });
  await sink.deliver({ headers: { "x-kind": "one", "Content-Type": "application/cloudevents+json" } });
  expect(last()).toMatchObject({
    method: "PUT",
    headers: { authorization: "Bearer a", "x-kind": "one", "content-type": "application/cloudevents+json" },
  });
});

test("sends header values as UTF-8", async () => {
  const { sink, last } = await receiver();
  await sink.deliver({ headers: { "X-Guest": "Łukasz Żak" } });
  expect(Buffer.from(String(last().headers["x-guest"]), "latin1").toString("utf8")).toBe("Łukasz Żak");
});

test.each([
  ["/bookings/one", "/hook/bookings/one"],
  ["bookings/one%2Ftwo", "/hook/bookings/one%2Ftwo"],
  ["//other.example.com/x", "/hook/other.example.com/x"],
  ["/with space/é", "/hook/with%20space/%C3%A9"],
])("appends the path %j to the url's own, on the same host and with its query", async (path, sent) => {
  const { sink, last } = await receiver({}, "?key=1");
  await sink.deliver({ path });
  expect(last().path).toBe(sent);
  expect(last().query.get("key")).toBe("1");
});

test("keeps what a receiver answered, cut short", async () => {
  const { sink, vendor } = await receiver();
  vendor.misbehave({ kind: "answer", status: 202, body: "y".repeat(300_000) });
  expect(await sink.deliver({})).toEqual({ answer: { status: 202, body: "y".repeat(2_000) } });
  vendor.misbehave({ kind: "answer", status: 422, body: "no such field" });
  await expect(sink.deliver({})).rejects.toMatchObject({
    outcome: "rejected",
    answer: { status: 422, body: "no such field" },
  });
});

test("counts as delivered once a 2xx has arrived, though its body stalls", async () => {
  const { sink, vendor } = await receiver();
  vendor.misbehave({ kind: "stall" });
  expect(await sink.deliver({})).toMatchObject({ answer: { status: 200, body: '{"ok' } });
});

test("reaches no private address unless it is allowed", async () => {
  const { sink, vendor } = await receiver({ allowPrivateNetwork: false });
  await expect(sink.deliver({})).rejects.toMatchObject({
    outcome: "rejected",
    message: expect.stringContaining("allowPrivateNetwork"),
  });
  expect(vendor.requests).toEqual([]);
  const allowed = await receiver({ allowPrivateNetwork: ["127.0.0.0/8"] });
  await expect(allowed.sink.deliver({})).resolves.toBeDefined();
});

test("knows that nothing was sent when no TLS could be agreed on", async () => {
  const { vendor } = await receiver();
  const url = vendor.url.replace("http:", "https:");
  const { sink } = await receiver({ url });
  await expect(sink.deliver({})).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
  expect(vendor.requests).toEqual([]);
});

test("check looks the host up and sends nothing", async () => {
  const { sink, vendor } = await receiver();
  expect(await sink.check()).toEqual([]);
  expect(vendor.requests).toEqual([]);
  const lost = await openSink(webhook, { url: "https://nowhere.invalid/secret-path" });
  onTestFinished(() => lost.close());
  expect(await lost.check()).toEqual([
    expect.stringMatching(
      /^the host nowhere\.invalid cannot be found \((ENOTFOUND|EAI_AGAIN)\): check the spelling of url/,
    ),
  ]);
});

test("check tells of an address that a delivery would be refused, and how to allow it", async () => {
  const sink = await openSink(webhook, { url: "http://localhost:1/secret-path" }, { loopback: false });
  onTestFinished(() => sink.close());
  expect(await sink.check()).toEqual([expect.stringMatching(/^the host localhost has a private.*allowPrivateNetwork/)]);
});

function signature({ headers }: Received): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function receiver(
  connection: object = {},
  query = "",
): Promise<{ sink: OpenedSink; vendor: StandIn; last: () => Received }> {
  const vendor = await startStandIn(() => ({ status: 200, body: '{"ok":1}' }));
  onTestFinished(() => vendor.close());
  const url = `${vendor.url}/hook${query}`;
  const sink = await openSink(webhook, { url, allowPrivateNetwork: true, ...connection }, { loopback: false });
  onTestFinished(() => sink.close());
  const last = (): Received => {
    const request = vendor.requests.at(-1);
    if (request === undefined) throw new Error("no request has arrived");
    return request;
  };
  return { sink, vendor, last };
}
