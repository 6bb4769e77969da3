import { expect, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";
import { sampleEvent } from "../../src/cal/samples.ts";
import type { SinkEvent } from "../../src/sdk/index.ts";

const sampled = sampleEvent("BOOKING_CREATED");
const event: SinkEvent = { ...sampled, booking: { ...sampled.booking } };

const examples: Record<string, { readonly connection: object; readonly message: object }> = {
  slack: { connection: { token: "xoxb-canary" }, message: { channel: "#sales", text: "Hello" } },
  "google-sheets": { connection: { credentials: "./canary.json" }, message: { spreadsheet: "1", row: { A: "Hello" } } },
  notion: {
    connection: { token: "ntn_canary" },
    message: { database: "0123456789abcdef0123456789abcdef", properties: { Name: "Hello" } },
  },
  webhook: {
    connection: {
      url: "https://example.com/canary?canary=canary",
      headers: { authorization: "Bearer canary" },
      signingSecret: "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5",
    },
    message: { body: "Hello" },
  },
  file: { connection: { path: "./lines.jsonl" }, message: { line: "Hello" } },
};

test.each(builtInSinks.map((plugin) => [plugin.type, plugin] as const))(
  "the preview of %s shows the message and no secret, and runs dry as well",
  (type, plugin) => {
    const given = examples[type];
    const message = plugin.message.parse(given?.message);
    const connection = plugin.connection.parse(given?.connection);
    for (const one of [connection, null]) {
      const text = plugin.preview?.(message, { connection: one, event });
      expect(text).toContain("Hello");
      expect(text).not.toMatch(/canary|Y2FuYXJ5/);
    }
  },
);
