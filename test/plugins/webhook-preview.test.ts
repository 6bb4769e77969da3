import { expect, test } from "vitest";
import { sampleEvent } from "../../src/cal/samples.ts";
import type { SinkEvent } from "../../src/sdk/index.ts";
import { connection, message } from "../../plugins/webhook/options.ts";
import { preview } from "../../plugins/webhook/preview.ts";

const sampled = sampleEvent("BOOKING_NO_SHOW_UPDATED");
const event: SinkEvent = { ...sampled, booking: { ...sampled.booking } };
const secret = (sign: string): string => `whsec_${Buffer.alloc(32, sign).toString("base64")}`;

test("shows the request, its receiver's path, query and headers masked", () => {
  const given = connection.parse({
    url: "https://hooks.example.com/services/T0/B0?key=secret",
    method: "PUT",
    headers: { Authorization: "Bearer x", "X-Team": "sales" },
    signingSecret: [secret("a"), secret("b")],
  });
  const rendered = message.parse({ body: { guest: "Ann" }, headers: { "x-team": "ops" }, path: "/bookings/b 1" });
  expect(preview(rendered, { connection: given, event })).toBe(
    `PUT https://hooks.example.com/***/bookings/b%201?***
content-type: application/json
authorization: ***
x-team: ops
webhook-id: dlv_…
webhook-timestamp: …
webhook-signature: v1,… v1,…

{
  "guest": "Ann"
}`,
  );
});

test("shows a text as it is, and an address without a path", () => {
  const given = connection.parse({ url: "https://example.com" });
  expect(preview(message.parse({ body: "Booked: Ann" }), { connection: given, event })).toBe(
    `POST https://example.com/
content-type: text/plain; charset=utf-8
webhook-id: dlv_…
webhook-timestamp: …

Booked: Ann`,
  );
});

test("without a body of its own it is the event as received, also where the sink runs dry", () => {
  const lines = preview(message.parse({ path: "in" }), { connection: null, event }).split("\n");
  expect(lines[0]).toBe("POST (url not set)/in");
  expect(JSON.parse(lines.slice(lines.indexOf("")).join("\n"))).toEqual(JSON.parse(event.body));
});

test("shows the beginning of a long event", () => {
  const long = { ...event, body: JSON.stringify(Array.from({ length: 30 }, (_, index) => index)) };
  const lines = preview(message.parse({}), { connection: null, event: long }).split("\n");
  expect(lines.slice(-2)).toEqual(["  18,", "… (12 lines more: the event as received)"]);
});
