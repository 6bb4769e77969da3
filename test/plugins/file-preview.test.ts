import { expect, test } from "vitest";
import { preview } from "../../plugins/file/preview.ts";
import { sampleEvent } from "../../src/cal/samples.ts";
import type { SinkEvent } from "../../src/sdk/index.ts";

const sampled = sampleEvent("BOOKING_CREATED");
const event: SinkEvent = { ...sampled, booking: { ...sampled.booking } };

test("shows the file and the line", () => {
  const text = preview(
    { line: { trigger: "BOOKING_CREATED", seats: [1, 2] } },
    { connection: { path: "./a.jsonl" }, event },
  );
  expect(text).toBe('./a.jsonl\n{"trigger":"BOOKING_CREATED","seats":[1,2]}');
});

test("shows the beginning of a long line, such as the whole event", () => {
  const [path, line = ""] = preview({}, { connection: null, event }).split("\n");
  expect(path).toBe("(path not set)");
  expect(line).toMatch(
    /^\{"id":"evt_example","source":"cal","trigger":"BOOKING_CREATED",.*… \([\d,]+ characters more\)$/,
  );
  expect(line.length).toBeLessThan(1_100);
});
