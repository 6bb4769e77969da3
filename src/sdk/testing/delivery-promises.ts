import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { nameOf, shown, told, type Attempt } from "./attempt.ts";
import { bench, closing, connectionOf, messageOf } from "./bench.ts";
import { openSink } from "./open-sink.ts";
import { expectKept, type SinkPromise } from "./promise.ts";
import { expectNoneIn } from "./secrets.ts";
import type { SinkSubject } from "./subject.ts";
import { comesTrue } from "./until.ts";

/** What every sink promises of a delivery, whatever it speaks. */
export function deliveryPromises(subject: SinkSubject): SinkPromise[] {
  return [...tryPromises(subject), ...checkPromises(subject), ...closePromises(subject)];
}

const words = z.string().optional();
const receiptSchema = z.strictObject({ id: words, url: words, note: words, answer: z.unknown().optional() });

function tryPromises(subject: SinkSubject): SinkPromise[] {
  return [
    {
      name: "delivers a message",
      async run() {
        await using one = await bench(subject);
        expectDelivered("a message is delivered", await one.attempt());
      },
    },
    {
      name: "gives a receipt that the ledger can keep",
      async run() {
        await using one = await bench(subject);
        const attempt = await one.attempt();
        const receipt: unknown = "receipt" in attempt ? attempt.receipt : undefined;
        if (receipt === undefined) return;
        const { error } = receiptSchema.safeParse(receipt);
        expectKept(
          error === undefined,
          "deliver resolves with nothing, or with { id?, url?, note? } as text and { answer? }",
          `it resolved with ${shown(receipt)}`,
        );
        expectKept(
          isDeepStrictEqual(asJson(receipt), withoutUndefined(receipt)),
          "a receipt is plain JSON",
          `JSON makes ${JSON.stringify(asJson(receipt))} of it`,
        );
      },
    },
    {
      name: "accepts a delivery that may have arrived before",
      async run() {
        await using one = await bench(subject);
        await one.attempt("mark", { id: "dlv_again" });
        const again = await one.attempt("mark", { id: "dlv_again", attempt: 2, maybeDelivered: true });
        expectDelivered("a delivery with maybeDelivered is delivered", again);
      },
    },
    {
      name: "writes nothing when the signal is aborted before the start",
      async run() {
        await using one = await bench(subject);
        const attempt = await one.attempt("mark", { signal: AbortSignal.abort() });
        const promise = "a try whose signal has aborted writes nothing";
        expectKept(attempt.outcome === "unavailable", `${promise} and throws Unavailable`, told(attempt));
        expectKept(one.writes().length === 0, promise, `${one.writes().length} requests wrote`);
      },
    },
    {
      name: "delivers after a try that was aborted",
      async run() {
        await using one = await bench(subject);
        await one.attempt("mark1", { signal: AbortSignal.abort() });
        expectDelivered("the try after one that was aborted is delivered", await one.attempt("mark2"));
      },
    },
    {
      name: "delivers many messages of different bookings at once",
      async run() {
        await using one = await bench(subject);
        const attempts = await Promise.all(
          marks.map((mark) => one.attempt(mark, { id: `dlv_${mark}`, bookingKey: mark })),
        );
        for (const attempt of attempts) expectDelivered("messages of five bookings at once are all delivered", attempt);
      },
    },
    {
      name: "logs nothing of the message",
      async run() {
        await using one = await bench(subject);
        await one.attempt("strangersname");
        const line = one.sink.lines.find((text) => text.includes("strangersname"));
        expectKept(line === undefined, "log lines hold ids, and nothing of a message", `it logged ${line ?? ""}`);
      },
    },
  ];
}

function checkPromises(subject: SinkSubject): SinkPromise[] {
  return [
    {
      name: "finds nothing to mend where all is well",
      async run() {
        await using one = await bench(subject);
        const findings = await one.sink.check(messageOf(subject, "mark"));
        expectKept(findings.length === 0, "check finds nothing where all is well", `it said: ${findings.join("; ")}`);
        expectKept(one.writes().length === 0, "check changes nothing", `${one.writes().length} requests wrote`);
      },
    },
    {
      name: "tells no secret when check finds the vendor failing",
      async run() {
        await using one = await bench(subject);
        for (let count = 0; count < 10; count += 1) one.vendor.misbehave({ kind: "answer", status: 401, body: "{}" });
        const [settled] = await Promise.allSettled([one.sink.check(messageOf(subject, "mark"))]);
        const promise = "check returns what is to be mended, or throws one of the four";
        if (settled.status === "rejected") expectKept(false, promise, `it threw ${shown(settled.reason)}`);
        else
          expectNoneIn(
            subject.canaries,
            settled.value.map((finding) => ["a finding of check", finding]),
          );
      },
    },
  ];
}

function closePromises(subject: SinkSubject): SinkPromise[] {
  return [
    {
      name: "closes after a delivery, and before the first",
      async run() {
        await using one = await bench(subject);
        await one.attempt();
        const unused = await openSink(subject.plugin, connectionOf(subject, "http://127.0.0.1:9"));
        const ends = { "after a delivery": await closing(one.sink), "before the first": await closing(unused) };
        for (const [when, { isClosed, error }] of Object.entries(ends))
          expectKept(isClosed, `close resolves ${when}`, error === undefined ? "it hangs" : `it threw ${shown(error)}`);
      },
    },
    {
      name: "leaves no connection open once closed",
      async run() {
        await using one = await bench(subject);
        const before = openHandles();
        await one.attempt();
        await closing(one.sink);
        const left = (): string[] => {
          const atVendor = Array.from({ length: one.vendor.connections() }, () => "a connection to the stand-in");
          return [...atVendor, ...leftOver(before, openHandles())];
        };
        // fetch lets go of an idle connection by itself, after 3 s at the earliest.
        const isClosed = await comesTrue(() => left().length === 0, 1_000);
        expectKept(isClosed, "close lets go of every connection", `still open: ${left().join(", ")}`);
      },
    },
  ];
}

const marks = ["mark1", "mark2", "mark3", "mark4", "mark5"];

function expectDelivered(promise: string, attempt: Attempt): void {
  expectKept(attempt.outcome === "delivered", `${promise}: expected ${nameOf("delivered")}`, told(attempt));
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** A key whose value is undefined is as good as none. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutUndefined(inner)]));
}

/** Connections and child processes that keep this process alive. The stand-in's ends of connections count too. */
function openHandles(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCPSocket|TLS|UDP|Process)/.test(kind));
}

/** What is there now beyond what was there before. */
function leftOver(before: readonly string[], now: readonly string[]): string[] {
  const rest = [...before];
  return now.filter((kind) => {
    const at = rest.indexOf(kind);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
}
