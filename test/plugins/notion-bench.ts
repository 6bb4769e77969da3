import { onTestFinished } from "vitest";
import notion from "../../plugins/notion/index.ts";
import { startNotion, type NotionOptions, type NotionStandIn } from "../support/notion.ts";
import { openSink, type OpenedSink } from "../../src/sdk/testing/open-sink.ts";
import type { Received } from "../../src/sdk/testing/stand-in.ts";

export interface NotionBench {
  readonly sink: OpenedSink;
  readonly vendor: NotionStandIn;
}

/** The sink, opened before a fresh stand-in; both are closed when the test ends. */
export async function bench(options?: NotionOptions): Promise<NotionBench> {
  const vendor = await startNotion(options);
  onTestFinished(() => vendor.close());
  const sink = await openSink(notion, { token: vendor.token, apiUrl: vendor.url });
  onTestFinished(() => sink.close());
  return { sink, vendor };
}

export const isCreate = ({ method, path }: Received): boolean => method === "POST" && path === "/v1/pages";
export const isUpdate = ({ method, path }: Received): boolean => method === "PATCH" && path.startsWith("/v1/pages/");
export const isAppend = ({ method, path }: Received): boolean => method === "PATCH" && path.startsWith("/v1/blocks/");
export const isQuery = ({ path }: Received): boolean => path.endsWith("/query");
export const isSchema = ({ method, path }: Received): boolean =>
  method === "GET" && path.startsWith("/v1/data_sources/");
