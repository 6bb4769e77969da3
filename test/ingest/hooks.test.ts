import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { signed, testRelay } from "../support/relay.ts";

const yaml = `
sources:
  cal: { secret: test-secret }
  rotating: { secret: [old-secret, new-secret] }
  open: { signature: "off" }
  generated: {}
sinks:
  archive: { type: file, path: "\${FOLDER}/out.jsonl" }
routes:
  - { name: created, on: BOOKING_CREATED, to: [{ sink: archive }] }
`;

test("accepts a signed event and says how many deliveries it made", async () => {
  const { post } = await testRelay(yaml);
  const { status, body } = await post(sample("BOOKING_CREATED"));
  expect(status).toBe(202);
  expect(body).toEqual({ status: "accepted", event: expect.stringMatching(/^evt_[0-9a-z]{26}$/), deliveries: 1 });
});

test("answers the same event again with the first one's id", async () => {
  const { post } = await testRelay(yaml);
  const first = await post(sample("BOOKING_CREATED"));
  const again = await post(sample("BOOKING_CREATED"));
  expect(again).toMatchObject({ status: 200, body: { status: "duplicate", event: first.body["event"] } });
});

test("takes an event that two subscriptions send, each with its own secret and stamp, for one", async () => {
  const { post } = await testRelay(yaml);
  const [one, other] = ["20.999", "21.002"].map((second) =>
    sample("BOOKING_NO_SHOW_UPDATED").replace("20.114", second),
  );
  const first = await post(one ?? "", signed(one ?? "", "old-secret"), "rotating");
  expect(first).toMatchObject({ status: 202, body: { status: "accepted" } });
  const second = await post(other ?? "", signed(other ?? "", "new-secret"), "rotating");
  expect(second).toMatchObject({ status: 200, body: { status: "duplicate", event: first.body["event"] } });
});

test("stores an event that matches no route", async () => {
  const { post, relay } = await testRelay(yaml);
  const { status, body } = await post(sample("OOO_CREATED"));
  expect([status, body["deliveries"]]).toEqual([202, 0]);
  expect(await relay.ledger.event(String(body["event"]))).toMatchObject({ verdicts: [{ matched: false }] });
});

test("answers a ping every time, and routes it nowhere", async () => {
  const { post, relay } = await testRelay(`${yaml}  - { name: all, on: "*", to: [{ sink: archive }] }\n`);
  for (let times = 0; times < 2; times++) {
    const { status, body } = await post(sample("PING"));
    expect([status, body["status"]]).toEqual([200, "pong"]);
    expect(await relay.ledger.deliveries({ event: String(body["event"]), limit: 10 })).toEqual([]);
  }
});

test("tells the three kinds of bad signature apart, and stores nothing", async () => {
  const { post, relay } = await testRelay(yaml);
  const body = sample("BOOKING_CREATED");
  const refusals = [
    await post(body, {}),
    await post(body, { "x-cal-signature-256": "" }),
    await post(body, { "x-cal-signature-256": "no-secret-provided" }),
    await post(body, signed(body, "another secret")),
    await post(body, signed(`${body} `)),
  ];
  expect(refusals.map((refusal) => [refusal.status, refusal.body["error"]])).toEqual([
    [401, "signature_missing"],
    [401, "signature_missing"],
    [401, "no_secret"],
    [401, "signature_wrong"],
    [401, "signature_wrong"],
  ]);
  expect(await relay.ledger.events({ limit: 10 })).toEqual([]);
});

test("accepts any of several secrets", async () => {
  const { post } = await testRelay(yaml);
  const created = sample("BOOKING_CREATED");
  const cancelled = sample("BOOKING_CANCELLED");
  expect((await post(created, signed(created, "old-secret"), "rotating")).status).toBe(202);
  expect((await post(cancelled, signed(cancelled, "new-secret"), "rotating")).status).toBe(202);
});

test("makes a secret for a source that has none", async () => {
  const { post, relay } = await testRelay(yaml);
  const body = sample("BOOKING_CREATED");
  const secret = relay.generated.get("generated") ?? "";
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect((await post(body, signed(body, secret), "generated")).status).toBe(202);
  expect((await post(body, signed(body, ""), "generated")).status).toBe(401);
});

test("checks no signature only where the configuration says so", async () => {
  const { post } = await testRelay(yaml);
  expect((await post(sample("BOOKING_CREATED"), {}, "open")).status).toBe(202);
});

test.each([
  ["a form", "name=Ada+Lovelace&plan=pro", "application/x-www-form-urlencoded", { name: "Ada Lovelace", plan: "pro" }],
  ["JSON under a form's type", '{"plan":"pro"}', "application/x-www-form-urlencoded", { plan: "pro" }],
  ["a template that failed", "false", "application/json", undefined],
  ["any other text", "Ada booked a call", "text/plain", { text: "Ada booked a call" }],
])("accepts %s as an event without a trigger", async (_what, body, contentType, payload) => {
  const { post, relay } = await testRelay(yaml);
  const answer = await post(body, { ...signed(body), "content-type": contentType });
  expect(answer.status).toBe(202);
  const stored = await relay.ledger.event(String(answer.body["event"]));
  expect(stored?.event).toMatchObject({ trigger: null, body, ...(payload === undefined ? {} : { payload }) });
});

test("accepts a trigger it does not know", async () => {
  const { post, relay } = await testRelay(yaml);
  const body = JSON.stringify({
    triggerEvent: "BOOKING_TELEPORTED",
    createdAt: "2026-03-01T10:00:00Z",
    payload: { uid: "u1" },
  });
  const answer = await post(body);
  expect(answer.status).toBe(202);
  expect(await relay.ledger.event(String(answer.body["event"]))).toMatchObject({
    event: { trigger: "BOOKING_TELEPORTED" },
  });
});

test("accepts a payload that does not fit its trigger, keeps it as sent and counts the drift", async () => {
  const { post, relay, url } = await testRelay(yaml);
  const body = JSON.stringify({
    triggerEvent: "BOOKING_CREATED",
    createdAt: "2026-03-01T10:00:00Z",
    payload: { uid: "u1", title: 7, attendees: "nobody" },
  });
  const answer = await post(body);
  const stored = await relay.ledger.event(String(answer.body["event"]));
  expect(stored?.event.payload).toMatchObject({ title: 7, attendees: "nobody" });
  expect(stored?.event.drift).toEqual(expect.arrayContaining([expect.stringContaining("title")]));
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(
    'cal_relay_drift_total{source="cal",trigger="BOOKING_CREATED"} 1',
  );
});

test("answers 404 for an unknown source, 405 for another method, 413 for a body over the limit", async () => {
  const { post, url } = await testRelay(yaml);
  expect(await post(sample("PING"), {}, "nobody")).toMatchObject({ status: 404, body: { error: "unknown_source" } });
  const got = await fetch(`${url}/hooks/cal`);
  expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
  expect(await post("x".repeat(70_000))).toMatchObject({ status: 413, body: { error: "too_large" } });
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
});

test("a sender that hangs up in the middle of its body leaves nothing behind", async () => {
  const { relay, post } = await testRelay(yaml);
  const socket = connect(relay.port, "127.0.0.1");
  socket.write("POST /hooks/cal HTTP/1.1\r\nhost: relay\r\ncontent-length: 1000\r\n\r\nhalf of it");
  await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(0));
  socket.destroy();
  expect((await post(sample("BOOKING_CREATED"))).status).toBe(202);
  expect(await relay.ledger.events({ limit: 10 })).toHaveLength(1);
});

test("answers 503 with Retry-After while the ledger cannot store", async () => {
  const { relay, post, url } = await testRelay(yaml);
  await relay.ledger.close();
  const { status, headers, body } = await post(sample("BOOKING_CREATED"));
  expect([status, headers.get("retry-after"), body["error"]]).toEqual([503, "5", "unavailable"]);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test("logs no word of a payload and no secret, whatever comes in", async () => {
  const { post, lines, relay } = await testRelay(yaml);
  const body = sample("BOOKING_CREATED").replaceAll("@", "-canary@");
  await post(body);
  await post(body, signed(body, "canary-secret"));
  await post("canary=text");
  await vi.waitFor(async () => expect(await relay.ledger.backlog()).toMatchObject([{ state: "delivered" }]));
  expect(lines.join("")).not.toMatch(/canary|test-secret|new-secret/);
});
