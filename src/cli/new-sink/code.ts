import type { SinkNames } from "./names.ts";

// What is written is formatted as it stands here: prettier, oxlint and tsc find nothing in it.

const SDK = 'import { beginningOfBody, defineSink, httpFailure, Misconfigured, networkFailure } from "cal-relay/sdk";';
const ZOD = 'import { z } from "zod";';
const OPTIONS = 'import { connection, message } from "./options.ts";';

const CONNECTION = `z.strictObject({
  url: z.url().describe("where messages are posted"),
  token: z.string().min(1).describe("from the vendor's settings"),
  allowPrivateNetwork: z.boolean().default(false).describe("for a server at a private or loopback address"),
})`;

const MESSAGE = `z.strictObject({
  text: z.string().min(1).describe("what is posted"),
})`;

/** The plugin in one file. */
export function wholeSink({ type, title }: SinkNames): string {
  return `${SDK}
${ZOD}

/** Posts each message as JSON. */
export default defineSink({
  type: "${type}",
  title: "${title} message",
  // What stands under \`sinks.<name>\` in the YAML.
  connection: ${indented(CONNECTION)},
  // What stands in a target of a route, rendered.
  message: ${indented(MESSAGE)},
${BODY}`;
}

/** The plugin's options, in a file of their own. */
export function sinkOptions(): string {
  return `${ZOD}

/** What stands under \`sinks.<name>\` in the YAML. */
export const connection = ${CONNECTION};

/** What stands in a target of a route, rendered. */
export const message = ${MESSAGE};
`;
}

/** The plugin beside its options. */
export function sinkBesideOptions({ type, title }: SinkNames): string {
  return `${SDK}
${OPTIONS}

/** Posts each message as JSON. */
export default defineSink({
  type: "${type}",
  title: "${title} message",
  connection,
  message,
${BODY}`;
}

const BODY = `  // Keys of the connection that are masked in every log line, error and page.
  secrets: ["token"],
  limits: { concurrency: 4, rate: "5/s" },

  async open({ url, token, allowPrivateNetwork }) {
    return {
      // One try: the relay makes the next one. Returning means delivered; otherwise one of the four failures is thrown.
      async deliver({ text }, delivery) {
        const response = await delivery
          .fetch(url, {
            method: "POST",
            headers: {
              authorization: \`Bearer \${token}\`,
              "content-type": "application/json",
              // The same on every try, so that a vendor who minds it takes a message only once.
              "idempotency-key": delivery.id,
            },
            body: JSON.stringify({ text }),
            allowPrivateNetwork,
          })
          .catch((error: unknown) => {
            throw networkFailure(error) ?? error;
          });

        const { status, headers } = response;
        // For the record: \`cal-relay deliveries show ID\`.
        const answer = { status, body: await beginningOfBody(response) };
        if (status === 401 || status === 403)
          throw new Misconfigured(\`HTTP \${status}: the token is not accepted; make a new one\`, { answer });
        if (!response.ok) throw httpFailure(status, { retryAfter: headers.get("retry-after"), answer });

        // To change what the booking's first message made, instead of adding another, keep the vendor's id of it:
        //   const known = delivery.memory.get();  // what an earlier delivery of the booking has set, or undefined
        //   delivery.memory.set({ id });
        return { answer };
      },
    };
  },
});
`;

/** The second and all later lines two spaces further in. */
function indented(code: string): string {
  return code.replaceAll("\n", "\n  ");
}
