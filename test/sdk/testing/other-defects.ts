import { cutText, defineSink, Rejected } from "cal-relay/sdk";
import { z } from "zod";
import type { Defect } from "./delivery-defects.ts";
import { connection, deliver, delivering, honest, message, receiptOf } from "./honest.ts";

/** Defects of what a sink tells, describes and leaves behind. */
export const otherDefects: readonly Defect[] = [
  {
    what: "tells the secret in an error",
    plugin: delivering(async ({ token }) => {
      throw new Rejected(`the vendor does not know ${token}`);
    }),
    breaks: { "delivers a message": 'the message of what the sink threw has "canary-token"' },
  },
  {
    what: "tells the secret in a cause",
    plugin: delivering(async ({ token }) => {
      throw new Rejected("no", { cause: new Error(`Bearer ${token}`) });
    }),
    breaks: { "delivers a message": 'has "canary-token"' },
  },
  {
    what: "tells the secret in a log line",
    plugin: delivering(async (given, rendered, delivery) => {
      delivery.log.info("posting", { token: given.token });
      return deliver(given, rendered, delivery);
    }),
    breaks: { "delivers a message": 'a log line has "canary-token"' },
  },
  {
    what: "logs the message",
    plugin: delivering(async (given, rendered, delivery) => {
      delivery.log.info(`posting ${rendered.text}`);
      return deliver(given, rendered, delivery);
    }),
    breaks: { "logs nothing of the message": "and nothing of a message; it logged" },
  },
  {
    what: "gives a receipt that JSON cannot carry",
    plugin: delivering(async (given, rendered, delivery) => ({
      ...(await deliver(given, rendered, delivery)),
      answer: new Map([["at", 1]]),
    })),
    breaks: { "gives a receipt that the ledger can keep": "a receipt is plain JSON; JSON makes" },
  },
  {
    what: "resolves with something that is no receipt",
    plugin: delivering(async (given, rendered, delivery) => {
      await deliver(given, rendered, delivery);
      return JSON.parse('{"ids":5}');
    }),
    breaks: { "gives a receipt that the ledger can keep": "it resolved with { ids: 5 }" },
  },
  {
    what: "has a check that writes, finds and tells",
    plugin: {
      ...honest,
      open: (given, host) =>
        Promise.resolve({
          deliver: () => Promise.resolve(undefined),
          async check() {
            const { url, token } = connection.parse(given);
            const { ok } = await host.fetch(url, { method: "POST" });
            return ok ? [] : [`${token} is refused`];
          },
        }),
    },
    breaks: {
      "finds nothing to mend where all is well": "check changes nothing; 1 requests wrote",
      "tells no secret when check finds the vendor failing": 'a finding of check has "canary-token"',
    },
  },
  {
    what: "leaves sockets open",
    plugin: delivering(async ({ url }, rendered, { signal }) => {
      const sent = await fetch(url, { method: "POST", body: JSON.stringify(rendered), signal });
      return receiptOf(sent);
    }),
    breaks: {
      "leaves no connection open once closed":
        "close lets go of every connection; still open: a connection to the stand-in",
    },
  },
  {
    what: "does not close",
    plugin: {
      ...honest,
      async open() {
        return { deliver: () => Promise.resolve(undefined), close: () => Promise.reject(new Error("stuck")) };
      },
    },
    breaks: {
      "closes after a delivery, and before the first": "close resolves after a delivery; it threw Error: stuck",
    },
  },
  {
    what: "does not open",
    plugin: { ...honest, open: () => Promise.reject(new Error("no key")) },
    breaks: { "delivers a message": "open resolves with the connection of the test; it threw Error: no key" },
  },
  {
    what: "takes unknown keys",
    plugin: { ...honest, message: z.object({ text: z.string().describe("the text") }) },
    breaks: {
      "refuses an unknown key in its connection and in its message":
        "both schemas are z.strictObject; message took anUnknownKey",
    },
  },
  {
    what: "describes too little",
    plugin: { ...honest, type: "Honest!", message: z.strictObject({ text: z.string() }), secrets: ["tokne"] },
    breaks: {
      "has a type and a title": 'type is a name of a-z, 0-9 and -; type is "Honest!"',
      "describes every field of its connection and of its message": "message.text has none",
      "names as secrets only keys of its connection": '"tokne" is none',
    },
  },
  {
    what: "cannot bear odd texts",
    plugin: defineSink({
      type: "delicate",
      title: "Delicate message",
      connection,
      message,
      secrets: [],
      escape: (text) => decodeURIComponent(text),
      lane: ({ text }) => String(text.match(/./)?.[0].length ?? JSON.parse("")),
      keepsInStep: ({ text }) => cutText(text, 10) + String(performance.now()),
      preview: ({ text }, about) => `${text.toLowerCase()} ${about.connection?.token}`,
      open: () => Promise.resolve({ deliver: () => Promise.resolve(undefined) }),
    }),
    breaks: {
      "escapes any text, or throws Rejected": "returns a text or throws Rejected; it threw URIError",
      "lane takes any message, and says the same of the same one":
        'lane({"text":""}) does not throw; it threw SyntaxError',
      "keepsInStep takes any message, and says the same of the same one": "is the same each time; it returned",
      "previews any message without telling a secret": 'the preview has "canary-token"',
    },
  },
];
