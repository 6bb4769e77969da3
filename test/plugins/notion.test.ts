import { expect, onTestFinished, test } from "vitest";
import notion from "../../plugins/notion/index.ts";
import { startNotion } from "../support/notion.ts";
import { openSink } from "../support/sink-harness.ts";

test("adds a page", async () => {
  const vendor = await startNotion();
  onTestFinished(() => vendor.close());
  const sink = await openSink(notion, { token: vendor.token, apiUrl: vendor.url });
  onTestFinished(() => sink.close());
  const receipt = await sink.deliver({
    database: vendor.database.bookings,
    properties: { Name: "Intro call", Status: "ACCEPTED" },
    content: "# Hello\n\n- a\n  - b\n",
    icon: "📅",
  });
  expect(receipt).toMatchObject({ id: vendor.pages()[0]?.id });
  expect(vendor.pages()).toMatchObject([{ values: { Name: "Intro call", Status: "ACCEPTED" } }]);
});
