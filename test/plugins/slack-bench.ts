import { onTestFinished } from "vitest";
import slack from "../../plugins/slack/index.ts";
import { openSink, type OpenedSink } from "../../src/sdk/testing/open-sink.ts";
import { startSlack, type SlackOptions, type SlackStandIn } from "../support/slack.ts";

export interface SlackBench {
  readonly sink: OpenedSink;
  readonly vendor: SlackStandIn;
}

/** The sink, opened before a fresh stand-in; both are closed when the test ends. */
export async function bench(options?: SlackOptions): Promise<SlackBench> {
  const vendor = await startSlack(options);
  onTestFinished(() => vendor.close());
  const sink = await openSink(slack, { token: vendor.token, apiUrl: vendor.url });
  onTestFinished(() => sink.close());
  return { sink, vendor };
}
