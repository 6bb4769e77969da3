import { z } from "zod";

// What Slack refuses in blocks with `invalid_blocks`, after https://docs.slack.dev/reference/block-kit/blocks. Written apart from the
// plugin's own schema, so that the two can disagree.

const text = (limit: number, types: readonly string[] = ["mrkdwn", "plain_text"]) =>
  z.looseObject({ type: z.enum(types), text: z.string().min(1).max(limit) });

const checks: Readonly<Record<string, z.ZodType>> = {
  header: z.looseObject({ text: text(150, ["plain_text"]) }),
  section: z
    .looseObject({
      text: text(3_000).optional(),
      fields: z.array(text(2_000)).min(1).max(10).optional(),
    })
    .refine((block) => block.text !== undefined || block.fields !== undefined),
  context: z.looseObject({
    elements: z
      .array(z.looseObject({ type: z.string() }))
      .min(1)
      .max(10),
  }),
  actions: z.looseObject({
    elements: z
      .array(z.looseObject({ type: z.string() }))
      .min(1)
      .max(25),
  }),
  image: z.looseObject({ alt_text: z.string().min(1).max(2_000) }),
  markdown: z.looseObject({ text: z.string().min(1).max(12_000) }),
  rich_text: z.looseObject({ elements: z.array(z.looseObject({ type: z.string() })) }),
  divider: z.looseObject({}),
  table: z.looseObject({
    rows: z
      .array(z.array(z.looseObject({ type: z.string() })))
      .min(1)
      .max(100),
  }),
  video: z.looseObject({ alt_text: z.string().min(1), video_url: z.url(), thumbnail_url: z.url() }),
};

const block = z.looseObject({ type: z.enum(Object.keys(checks)), block_id: z.string().max(255).optional() });

/** JSON pointers to what Slack would find fault with; empty where it would take the blocks. */
export function faultsOf(blocks: readonly unknown[]): string[] {
  const tooMany = blocks.length > 50 ? ["/blocks"] : [];
  return blocks.reduce<string[]>((faults, one, at) => {
    const known = block.safeParse(one);
    const check = known.success ? checks[known.data.type]?.safeParse(one) : known;
    const paths = check?.error?.issues.map(({ path }) => ["/blocks", at, ...path].join("/")) ?? [];
    return [...faults, ...paths];
  }, tooMany);
}
