import { notion, sheets, slack, webhook, type SinkBehindProxy } from "../support/sinks-behind-proxy.ts";

/** How often each of a booking's three webhooks stands at the vendor in the end. */
export type Copies = readonly [first: number, second: number, third: number];

export interface Subject {
  readonly open: () => Promise<SinkBehindProxy>;
  /** The first request of each of these kinds meets the fault: each step of a delivery once, and each step of its recovery. */
  readonly requests: readonly RegExp[];
  /** Kinds of requests that are made only because an outcome is unknown. */
  readonly looks?: readonly RegExp[];
  readonly copies: Copies;
  /** The same after a fault that hid from the relay what had been done. */
  readonly hidden: Copies;
  /** A status that has arrived tells all. */
  readonly trustsHead?: true;
}

const post = /^POST \/api\/chat\.postMessage(?![^]*thread_ts=)/;
const reply = /^POST \/api\/chat\.postMessage[^]*thread_ts=/;
const edit = /^POST \/api\/chat\.update/;
const history = /^POST \/api\/conversations\.history/;
const replies = /^POST \/api\/conversations\.replies/;
const channels = /^POST \/api\/users\.conversations/;
const token = /^POST \/token/;
const readRows = /^GET \/v4\/[^ ]*values:batchGet/;
const addRow = /^POST \/v4\/[^ ]*:append/;
const updateRows = /^POST \/v4\/[^ ]*values:batchUpdate/;
const readDatabase = /^GET \/v1\/databases/;
const readSchema = /^GET \/v1\/data_sources/;
const findPage = /^POST \/v1\/data_sources\/[^ ]*query/;
const addPage = /^POST \/v1\/pages/;
const updatePage = /^PATCH \/v1\/pages/;

const mayNot = ["chat:write"];
const mayLook = [...mayNot, "channels:history"];
const header = ["Key", "Written"];
const each: Copies = [1, 1, 1];
const onlyNewest: Copies = [0, 0, 1];

/** The sinks and options of README.md, "What is guaranteed", whose vendor is behind a network. */
export const subjects: Readonly<Record<string, Subject>> = {
  "slack, a message each": {
    open: () => slack("new", mayLook),
    requests: [post],
    looks: [history],
    copies: each,
    hidden: each,
  },
  "slack, a thread": {
    open: () => slack("thread", mayLook),
    requests: [post, reply],
    looks: [history, replies],
    copies: each,
    hidden: each,
  },
  "slack, a message kept up to date": {
    open: () => slack("edit", mayLook),
    requests: [post, edit],
    looks: [history],
    copies: onlyNewest,
    hidden: onlyNewest,
  },
  "slack that may not look, a message each": {
    open: () => slack("new", mayNot),
    requests: [post],
    looks: [history],
    copies: each,
    hidden: [2, 1, 1],
  },
  "slack that may not look, a thread": {
    open: () => slack("thread", mayNot),
    requests: [post, reply],
    looks: [history, replies],
    copies: each,
    hidden: [2, 2, 1],
  },
  "slack that may not look, a message kept up to date": {
    open: () => slack("edit", mayNot),
    requests: [post, edit],
    looks: [history],
    copies: onlyNewest,
    hidden: [1, 0, 1],
  },
  "slack that may look for the channel's name, a message each": {
    open: () => slack("new", [...mayLook, "channels:read"], "#sales"),
    requests: [post],
    looks: [channels, history],
    copies: each,
    hidden: each,
  },
  "slack that may look, but not for the channel's name, a message each": {
    open: () => slack("new", mayLook, "#sales"),
    requests: [post],
    looks: [channels],
    copies: each,
    hidden: [2, 1, 1],
  },
  "google-sheets, a row a booking": {
    open: () => sheets("{{ booking.key }}", header),
    requests: [token, readRows, addRow, updateRows],
    copies: onlyNewest,
    hidden: onlyNewest,
  },
  "google-sheets, a row an event in a tab without a header": {
    open: () => sheets("{{ event.id }}", []),
    requests: [token, readRows, updateRows, addRow],
    copies: each,
    hidden: each,
  },
  "google-sheets without a key": {
    open: () => sheets(null, header),
    requests: [token, readRows, addRow],
    copies: each,
    hidden: [2, 1, 1],
  },
  "notion, a page a booking": {
    open: () => notion("{{ booking.key }}"),
    requests: [readDatabase, readSchema, findPage, addPage, updatePage],
    copies: onlyNewest,
    hidden: onlyNewest,
  },
  "notion without a key": {
    open: () => notion(null),
    requests: [readDatabase, readSchema, addPage],
    copies: each,
    hidden: [2, 1, 1],
  },
  "webhook, all copies under one webhook-id": {
    open: webhook,
    requests: [/^POST \/in/],
    copies: each,
    hidden: [2, 1, 1],
    trustsHead: true,
  },
};
