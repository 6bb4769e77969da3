import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import googleSheets from "../../plugins/google-sheets/index.ts";
import notionPlugin from "../../plugins/notion/index.ts";
import slackPlugin from "../../plugins/slack/index.ts";
import webhookPlugin from "../../plugins/webhook/index.ts";
import type { SinkPlugin } from "../../src/sdk/index.ts";
import { startFaultyProxy, type FaultyProxy } from "./faulty-proxy.ts";
import { startGoogleSheets } from "./google-sheets.ts";
import { database, startNotion } from "./notion.ts";
import { startReceiver } from "./receiver.ts";
import { startSlack } from "./slack.ts";

/** A sink with everything between its plugin and its vendor's stand-in real, but for a proxy on the way. */
export interface SinkBehindProxy {
  readonly plugin: SinkPlugin;
  readonly proxy: FaultyProxy;
  readonly sink: object;
  readonly target: object;
  /** Which webhooks, by their `createdAt`, what stands at the vendor was written from. */
  readonly shown: () => readonly string[];
}

const WRITTEN = "{{ createdAt }}";

export async function slack(
  onUpdate: string,
  scopes: readonly string[],
  channel = "C0000000001",
): Promise<SinkBehindProxy> {
  const vendor = await startSlack({ scopes });
  const proxy = await proxied(vendor);
  return {
    plugin: slackPlugin,
    proxy,
    sink: { type: "slack", token: vendor.token, apiUrl: `${proxy.url}/api/` },
    target: { channel, onUpdate, text: WRITTEN },
    shown: () => vendor.messages(channel).map(({ text }) => text),
  };
}

/** `key` is the column's template, null for no key; `header` what stands in the tab at first. */
export async function sheets(key: string | null, header: readonly string[]): Promise<SinkBehindProxy> {
  const vendor = await startGoogleSheets();
  // One of its own: writings to one spreadsheet take turns, whatever their sink.
  const spreadsheet = `spreadsheet-${randomUUID()}`;
  vendor.setRows(spreadsheet, "Bookings", header.length === 0 ? [] : [header]);
  const proxy = await proxied(vendor);
  const { credentials } = vendor;
  return {
    plugin: googleSheets,
    proxy,
    sink: { type: "google-sheets", credentials, apiUrl: proxy.url, tokenUrl: `${proxy.url}/token` },
    target: {
      spreadsheet,
      sheet: "Bookings",
      row: { Key: key ?? "none", Written: WRITTEN },
      ...(key !== null && { key: "Key" }),
    },
    shown: () =>
      vendor
        .rows(spreadsheet, "Bookings")
        .slice(1)
        .map(([, written]) => (typeof written === "string" ? written : "")),
  };
}

export async function notion(key: string | null): Promise<SinkBehindProxy> {
  const vendor = await startNotion({ properties: { Name: "title", Booking: "rich_text" } });
  const proxy = await proxied(vendor);
  return {
    plugin: notionPlugin,
    proxy,
    sink: { type: "notion", token: vendor.token, apiUrl: proxy.url },
    target: {
      database: database.bookings,
      properties: { Name: WRITTEN, Booking: key ?? "none" },
      ...(key !== null && { key: "Booking" }),
    },
    shown: () => vendor.pages().map(({ values }) => String(values["Name"])),
  };
}

export async function webhook(): Promise<SinkBehindProxy> {
  const vendor = await startReceiver();
  const proxy = await proxied(vendor);
  return {
    plugin: webhookPlugin,
    proxy,
    sink: { type: "webhook", url: `${proxy.url}/in`, allowPrivateNetwork: true },
    target: { body: WRITTEN },
    shown() {
      const ids = new Map(vendor.received().map(({ id, body }) => [body, id]));
      return vendor
        .received()
        .map(({ id, body }) => (ids.get(body) === id ? body : `${body} under another webhook-id`));
    },
  };
}

async function proxied(vendor: { readonly url: string; close(): Promise<void> }): Promise<FaultyProxy> {
  const proxy = await startFaultyProxy(new URL(vendor.url).origin);
  onTestFinished(async () => {
    await proxy.close();
    await vendor.close();
  });
  return proxy;
}
