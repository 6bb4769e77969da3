import { defineSink } from "cal-relay/sdk";
import { check } from "./check.ts";
import { loadNotion } from "./client.ts";
import { createDataSources } from "./data-source.ts";
import { escapeMarkdown } from "./escape.ts";
import * as options from "./options.ts";
import { preview } from "./preview.ts";
import { upsert } from "./upsert.ts";

export default defineSink({
  type: "notion",
  title: "Notion page",
  connection: options.connection,
  message: options.message,
  secrets: ["token"],
  // Notion counts requests, about three a second, and a delivery makes two or three; what goes over is answered with a wait.
  limits: { concurrency: 3, rate: "90/min" },
  keepsInStep: ({ dataSource, database, key, properties }) =>
    key === undefined ? null : JSON.stringify([dataSource ?? database, key, properties[key]]),
  escape: (text, { path }) => (path[0] === "content" ? escapeMarkdown(text) : text),
  preview,
  async open(connection, host) {
    const connect = await loadNotion(connection);
    const dataSources = createDataSources();
    return {
      async deliver(message, delivery) {
        const notion = connect(delivery.fetch);
        const dataSource = await dataSources.resolve(notion, message);
        return dataSources.withSchema(notion, dataSource, (schema) =>
          upsert({ notion, schema, message, delivery, host }),
        );
      },
      check: (message, signal) => check(connect(host.fetch, signal), dataSources, message),
    };
  },
});
