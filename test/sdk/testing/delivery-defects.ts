import { httpFailure, RateLimited, Rejected, Unavailable, type SinkPlugin } from "cal-relay/sdk";
import { deliver, delivering, post, receiptOf } from "./honest.ts";

/** A sink that breaks promises: which, and what is said of it. */
export interface Defect {
  readonly what: string;
  readonly plugin: SinkPlugin;
  readonly breaks: Readonly<Record<string, string>>;
}

/** Defects of the way a message is delivered. */
export const deliveryDefects: readonly Defect[] = [
  {
    what: "retries inside",
    plugin: delivering(async (given, rendered, delivery) =>
      deliver(given, rendered, delivery).catch(() => deliver(given, rendered, delivery)),
    ),
    breaks: {
      "ends the one try on HTTP 503 with the right failure": "HTTP 503: expected Unavailable; the sink resolved",
      "copes with an answer that breaks off": "expected Unavailable with ambiguous: true; the sink resolved",
      "keeps deliveries that run at once apart": "number 2: expected Unavailable; the sink resolved",
    },
  },
  {
    what: "retries inside and fails all the same",
    plugin: delivering(async (given, rendered, delivery) => {
      await post(given, rendered, delivery);
      return deliver(given, rendered, delivery);
    }),
    breaks: {
      "ends the one try on any other status by one of the four": "expected one of the four failures; the sink resolved",
    },
  },
  {
    what: "ignores the signal",
    plugin: delivering(async ({ url }, rendered) => {
      const sent = await fetch(url, { method: "POST", body: JSON.stringify(rendered) });
      return receiptOf(sent);
    }),
    breaks: {
      "ends at once on abort when the answer never comes": "the sink still ran 2 s after its signal had aborted",
      "writes nothing when the signal is aborted before the start": "throws Unavailable; the sink resolved",
    },
  },
  {
    what: "throws plain errors",
    plugin: delivering(async (given, rendered, { fetch }) => {
      const sent = await fetch(given.url, { method: "POST", body: JSON.stringify(rendered) });
      if (!sent.ok) throw new Error(`HTTP ${sent.status}`);
      return receiptOf(sent);
    }),
    breaks: {
      "ends the one try on HTTP 400 with the right failure":
        "HTTP 400: expected Rejected; the sink threw Error: HTTP 400, which is none of the four failures",
      "knows that a message may have arrived when the connection is reset after the work":
        "the sink threw TypeError: fetch failed, which is none of the four failures",
    },
  },
  {
    what: "follows redirects",
    plugin: delivering(async ({ url }, rendered, { signal }) => {
      const sent = await fetch(url, { method: "POST", body: JSON.stringify(rendered), signal });
      if (!sent.ok) throw httpFailure(sent.status);
      return receiptOf(sent);
    }),
    breaks: { "ends the one try on HTTP 307 with the right failure": "HTTP 307: expected Rejected; the sink resolved" },
  },
  {
    what: "says nothing of what came back",
    plugin: delivering(async (given, rendered, delivery) =>
      deliver(given, rendered, delivery).catch((error: unknown) => {
        throw error instanceof Rejected ? new Rejected("no") : error;
      }),
    ),
    breaks: {
      "ends the one try on HTTP 422 with the right failure":
        "HTTP 422: the failure's answer says what came back; it has none",
    },
  },
  {
    what: "takes a failing vendor for proof that nothing arrived",
    plugin: delivering(async (given, rendered, delivery) =>
      deliver(given, rendered, delivery).catch(() => {
        throw new Unavailable("later", { answer: {} });
      }),
    ),
    breaks: {
      "knows that a message may have arrived when HTTP 502 came back":
        "expected Unavailable with ambiguous: true; the sink threw Unavailable: later { ambiguous: false }",
      "knows that a message may have arrived when the connection is reset before the work": "{ ambiguous: false }",
      "does not take HTTP 200 with nothing for more than it is": "{ ambiguous: false }",
      "holds the sink for a while when HTTP 429 does not say how long": "HTTP 429: expected RateLimited",
    },
  },
  {
    what: "takes every failed request for one that may have arrived",
    plugin: delivering(async (given, rendered, delivery) =>
      deliver(given, rendered, delivery).catch(() => {
        throw new Unavailable("later", { ambiguous: true });
      }),
    ),
    breaks: {
      "knows that nothing arrived when the connection is refused": "expected Unavailable with ambiguous: false",
      "knows that nothing arrived when the name cannot be resolved": "expected Unavailable with ambiguous: false",
    },
  },
  {
    what: "takes any 200 for success",
    plugin: delivering(async (given, rendered, delivery) => {
      const { ok, status } = await post(given, rendered, delivery);
      if (!ok) throw httpFailure(status);
      return undefined;
    }),
    breaks: {
      "does not take HTTP 200 with a page for more than it is":
        "HTTP 200 with a page: expected Unavailable with ambiguous: true; the sink resolved, which says delivered",
      "does not take HTTP 200 with JSON of another shape for more than it is": "the sink resolved",
      "ends at once on abort when the answer stops half-way":
        "expected Unavailable with ambiguous: true; the sink resolved",
      "waits as long as HTTP 429 asks, in seconds or until a date":
        "expected retryAfter: 7; the sink threw RateLimited",
    },
  },
  {
    what: "waits no time at all",
    plugin: delivering(async (given, rendered, delivery) =>
      deliver(given, rendered, delivery).catch((error: unknown) => {
        throw error instanceof RateLimited ? new RateLimited("wait", { retryAfter: 0, answer: {} }) : error;
      }),
    ),
    breaks: {
      "holds the sink for a while when HTTP 429 does not say how long": "expected a retryAfter of 1 s or more",
      "waits as long as HTTP 503 asks, in seconds or until a date": "expected retryAfter: 7",
    },
  },
  {
    what: "reads only the first piece of an answer",
    plugin: delivering(async (given, rendered, delivery) => {
      const sent = await post(given, rendered, delivery);
      const piece = await sent.body?.getReader().read();
      return receiptOf(new Response(piece?.value ?? null));
    }),
    breaks: { "reads an answer to its end that comes in small pieces": "expected that deliver resolves" },
  },
  {
    what: "keeps one message for all",
    plugin: (() => {
      let last = { text: "" };
      return delivering(async (given, rendered, delivery) => {
        last = rendered;
        await Promise.resolve();
        return deliver(given, last, delivery);
      });
    })(),
    breaks: { "keeps deliveries that run at once apart": "number" },
  },
  {
    what: "takes one delivery at a time only",
    plugin: (() => {
      let isBusy = false;
      return delivering(async (given, rendered, delivery) => {
        if (isBusy) throw new Rejected("busy");
        isBusy = true;
        return deliver(given, rendered, delivery).finally(() => (isBusy = false));
      });
    })(),
    breaks: { "delivers many messages of different bookings at once": "are all delivered" },
  },
  {
    what: "never works again after an abort",
    plugin: (() => {
      let isBroken = false;
      return delivering(async (given, rendered, delivery) => {
        isBroken ||= delivery.signal.aborted;
        if (isBroken) throw new Unavailable("closed");
        return deliver(given, rendered, delivery);
      });
    })(),
    breaks: { "delivers after a try that was aborted": "is delivered: expected that deliver resolves" },
  },
  {
    what: "refuses what may have arrived",
    plugin: delivering(async (given, rendered, delivery) => {
      if (delivery.maybeDelivered) throw new Rejected("twice");
      return deliver(given, rendered, delivery);
    }),
    breaks: { "accepts a delivery that may have arrived before": "the sink threw Rejected: twice" },
  },
  {
    what: "delivers nothing",
    plugin: delivering(() => Promise.reject(new Rejected("no"))),
    breaks: {
      "delivers a message": "a message is delivered: expected that deliver resolves; the sink threw Rejected: no",
      "ends at once on abort when the answer never comes": "a try sends its message; nothing came to the stand-in",
    },
  },
  {
    what: "puts any text into a URL",
    plugin: delivering(async (given, rendered, delivery) => {
      const url = `${given.url}/${encodeURIComponent(rendered.text)}`;
      return deliver({ ...given, url }, rendered, delivery);
    }),
    breaks: {
      "ends a message of odd text well, or by one of the four":
        "ends well, or by one of the four; the sink threw URIError",
    },
  },
];
