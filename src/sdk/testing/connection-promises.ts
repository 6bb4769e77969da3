import { claimOf, nameOf, told, type Attempt } from "./attempt.ts";
import { bench, deserted } from "./bench.ts";
import { expectKept, type SinkPromise } from "./promise.ts";
import type { Misbehaviour } from "./stand-in.ts";
import { expectedOn, expectOneWrite, expectOutcome } from "./status-promises.ts";
import type { SinkSubject } from "./subject.ts";
import { comesTrue } from "./until.ts";

/** What a sink that speaks HTTP promises when an answer is slow, cut, stalled or never comes. */
export function connectionPromises(subject: SinkSubject): SinkPromise[] {
  return [
    ...CUT.map(({ what, how }) => cutPromise(subject, what, how)),
    brokenAnswerPromise(subject),
    slowAnswerPromise(subject),
    ...STUCK.map(({ what, how }) => stuckPromise(subject, what, how)),
    notSentPromise(subject, "the connection is refused", deserted),
    notSentPromise(subject, "the name cannot be resolved", () => Promise.resolve("http://nowhere.invalid")),
    apartPromise(subject),
  ];
}

const CUT: readonly { readonly what: string; readonly how: Misbehaviour }[] = [
  { what: "is reset before the work", how: { kind: "reset" } },
  { what: "is reset after the work", how: { kind: "reset-after" } },
];

function cutPromise(subject: SinkSubject, what: string, how: Misbehaviour): SinkPromise {
  return {
    name: `knows that a message may have arrived when the connection ${what}`,
    async run() {
      await using one = await bench(subject);
      one.vendor.misbehave(how, one.isWrite);
      expectOutcome(`the connection ${what}`, "unknown", await one.attempt());
      expectOneWrite(`the connection ${what}`, one);
    },
  };
}

function brokenAnswerPromise(subject: SinkSubject): SinkPromise {
  return {
    name: "copes with an answer that breaks off",
    async run() {
      await using one = await bench(subject);
      one.vendor.misbehave({ kind: "truncate" }, one.isWrite);
      expectHonest(subject, "the answer breaks off", await one.attempt());
      expectOneWrite("the answer breaks off", one);
    },
  };
}

function slowAnswerPromise(subject: SinkSubject): SinkPromise {
  return {
    name: "reads an answer to its end that comes in small pieces",
    async run() {
      await using one = await bench(subject);
      one.vendor.misbehave({ kind: "drip" }, one.isWrite);
      expectOutcome("the right answer in small pieces", "delivered", await one.attempt());
    },
  };
}

const STUCK: readonly { readonly what: string; readonly how: Misbehaviour }[] = [
  { what: "never comes", how: { kind: "hang" } },
  { what: "stops half-way", how: { kind: "stall" } },
];

function stuckPromise(subject: SinkSubject, what: string, how: Misbehaviour): SinkPromise {
  return {
    name: `ends at once on abort when the answer ${what}`,
    async run() {
      await using one = await bench(subject);
      one.vendor.misbehave(how, one.isWrite);
      const abort = new AbortController();
      const trying = one.attempt("mark", { signal: abort.signal });
      const hasBegun = await comesTrue(() => one.writes().length > 0);
      abort.abort();
      const attempt = await trying;
      expectKept(hasBegun, "a try sends its message", `nothing came to the stand-in, and ${told(attempt)}`);
      if (how.kind === "hang") expectOutcome(`the answer ${what}, and the signal aborts`, "unknown", attempt);
      else expectHonest(subject, `the answer ${what}, and the signal aborts`, attempt);
      expectOneWrite(`the answer ${what}`, one);
    },
  };
}

function notSentPromise(subject: SinkSubject, when: string, address: () => Promise<string>): SinkPromise {
  return {
    name: `knows that nothing arrived when ${when}`,
    async run() {
      await using one = await bench(subject, await address());
      const attempt = await one.attempt();
      const isMet = claimOf(attempt) === "unavailable";
      expectKept(isMet, `${when}: expected Unavailable with ambiguous: false, for nothing was sent`, told(attempt));
    },
  };
}

function apartPromise(subject: SinkSubject): SinkPromise {
  return {
    name: "keeps deliveries that run at once apart",
    async run() {
      await using one = await bench(subject);
      const isSecond = ({ body }: { readonly body: string }): boolean => body.includes("mark2");
      one.vendor.misbehave({ kind: "answer", status: 500, body: "{}" }, (sent) => one.isWrite(sent) && isSecond(sent));
      const marks = ["mark1", "mark2", "mark3"];
      const attempts = await Promise.all(
        marks.map((mark) => one.attempt(mark, { id: `dlv_${mark}`, bookingKey: mark })),
      );
      for (const [index, attempt] of attempts.entries())
        expectOutcome(
          `of three at once, number ${index + 1}`,
          index === 1 ? expectedOn(subject, 500) : "delivered",
          attempt,
        );
      const sent = one.writes().map(({ body }) => marks.filter((mark) => body.includes(mark)).join());
      const isApart = sent.toSorted().join(" ") === marks.join(" ");
      expectKept(isApart, "each of three messages is sent once, by itself", `what came: ${sent.join(" ")}`);
    },
  };
}

/** When a 2xx comes and its body does not: for a plain receiver the status alone may be proof. */
function expectHonest({ statuses }: SinkSubject, what: string, attempt: Attempt): void {
  const honest = statuses?.[200] === "delivered" ? (["delivered", "unknown"] as const) : (["unknown"] as const);
  const isHonest = honest.some((claim) => claim === claimOf(attempt));
  expectKept(isHonest, `${what}: expected ${honest.map(nameOf).join(", or ")}`, told(attempt));
}
