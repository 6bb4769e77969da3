import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineSink, SDK_VERSION, type Receipt, type SinkHost, type SinkPlugin } from "../../src/sdk/index.ts";
import { versionOf } from "../../src/sdk/version.ts";

const connection = z.strictObject({ webhookUrl: z.url(), retries: z.coerce.number().default(1) });
const message = z.strictObject({ content: z.string(), tags: z.array(z.string()).default([]) });

test("gives open and deliver the types that come out of the schemas", () => {
  const plugin = defineSink({
    type: "example",
    title: "Example",
    connection,
    message,
    secrets: ["webhookUrl"],
    lane(rendered) {
      expectTypeOf(rendered).toEqualTypeOf<{ content: string; tags: string[] }>();
      return rendered.content;
    },
    async open(options, host) {
      expectTypeOf(options).toEqualTypeOf<{ webhookUrl: string; retries: number }>();
      expectTypeOf(host).toEqualTypeOf<SinkHost>();
      return {
        async deliver(rendered, delivery) {
          expectTypeOf(rendered).toEqualTypeOf<{ content: string; tags: string[] }>();
          expectTypeOf(delivery.signal).toEqualTypeOf<AbortSignal>();
          return { id: rendered.content } satisfies Receipt;
        },
      };
    },
  });
  expectTypeOf(plugin).toEqualTypeOf<SinkPlugin<typeof connection, typeof message>>();
  expect(plugin.type).toBe("example");
  expect(versionOf(plugin)).toBe(SDK_VERSION);
});

test("takes a plugin of any shape for a SinkPlugin, and only keys of the connection for secrets", () => {
  expectTypeOf<SinkPlugin<typeof connection, typeof message>>().toExtend<SinkPlugin>();
  expectTypeOf<SinkPlugin<typeof connection>["secrets"][number]>().toEqualTypeOf<"webhookUrl" | "retries">();
  expectTypeOf<SinkPlugin["secrets"][number]>().toEqualTypeOf<string>();
});
