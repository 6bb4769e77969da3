import { isSinkFailure, type Place } from "../index.ts";
import { createMask } from "../../observe/mask.ts";
import { shown, told } from "./attempt.ts";
import { bench, connectionOf, messageOf } from "./bench.ts";
import { exampleEvent } from "./open-sink.ts";
import { expectKept, fail, type SinkPromise } from "./promise.ts";
import { expectNoneIn } from "./secrets.ts";
import type { SinkSubject } from "./subject.ts";

/** What strangers can write: in a name, a note, an answer. */
const ODD_TEXTS = [
  "",
  " ",
  "two\r\nlines\ttabbed",
  "\u0000\u001b[31m",
  "half a pair: \ud83d",
  "Zoë 👩‍👩‍👧 日本",
  "\u202eabc\u200f",
  "<!channel> & <@U1> [x](y) `z` *",
  "=1+1",
  "__proto__",
  "%E0%A4%A",
  '{{ payload }} ${HOME} "quoted"',
  "x".repeat(100_000),
];

/** What a sink promises of texts that it did not expect: they end a delivery at worst, never by a defect. */
export function textPromises(subject: SinkSubject): SinkPromise[] {
  const { plugin } = subject;
  return [
    {
      name: "ends a message of odd text well, or by one of the four",
      async run() {
        await using one = await bench(subject);
        for (const message of oddMessages(subject)) {
          const attempt = await one.attemptOf(message);
          const isEnded = attempt.outcome !== "defect" && attempt.outcome !== "running";
          expectKept(isEnded, `the message ${short(message)} ends well, or by one of the four`, told(attempt));
        }
      },
    },
    ...(plugin.escape === undefined ? [] : [escapePromise(subject)]),
    ...(plugin.lane === undefined ? [] : [namePromise(subject, "lane", (value) => typeof value === "string")]),
    ...(plugin.keepsInStep === undefined
      ? []
      : [namePromise(subject, "keepsInStep", (value) => value === null || typeof value === "string")]),
    ...(plugin.preview === undefined ? [] : [previewPromise(subject)]),
  ];
}

function escapePromise(subject: SinkSubject): SinkPromise {
  return {
    name: "escapes any text, or throws Rejected",
    async run() {
      for (const place of placesOf(subject))
        for (const text of ODD_TEXTS) {
          const call = `escape(${short(text)}, ${place.path.join(".")})`;
          const [escaped] = await Promise.allSettled([(async () => subject.plugin.escape?.(text, place))()]);
          if (escaped.status === "fulfilled")
            expectKept(
              typeof escaped.value === "string",
              `${call} returns a text`,
              `it returned ${short(escaped.value)}`,
            );
          else if (!isSinkFailure(escaped.reason) || escaped.reason.outcome !== "rejected")
            fail(`${call} returns a text or throws Rejected`, `it threw ${shown(escaped.reason)}`);
        }
    },
  };
}

function namePromise(
  subject: SinkSubject,
  method: "lane" | "keepsInStep",
  fits: (value: unknown) => boolean,
): SinkPromise {
  return {
    name: `${method} takes any message, and says the same of the same one`,
    async run() {
      for (const message of oddMessages(subject)) {
        const call = `${method}(${short(message)})`;
        const values = [0, 1].map(() => quietly(call, () => subject.plugin[method]?.(parsed(subject, message))));
        expectKept(values.every(fits), `${call} returns a text`, `it returned ${short(values[0])}`);
        expectKept(
          values[0] === values[1],
          `${call} is the same each time`,
          `it returned ${values.map(short).join(" and ")}`,
        );
      }
    },
  };
}

function previewPromise(subject: SinkSubject): SinkPromise {
  return {
    name: "previews any message without telling a secret",
    async run() {
      const { plugin, canaries } = subject;
      const connection: unknown = plugin.connection.parse(connectionOf(subject, "http://127.0.0.1:9"));
      // As the relay does with what a preview returns.
      const mask = createMask(plugin.secrets.flatMap((key) => textsIn(valueAt(connection, key))));
      for (const message of oddMessages(subject))
        for (const given of [connection, null]) {
          const call = `preview(${short(message)}) ${given === null ? "without a connection" : ""}`.trim();
          const about = { connection: given, event: exampleEvent };
          const shownText = quietly(call, () => plugin.preview?.(parsed(subject, message), about));
          if (typeof shownText !== "string") return fail(`${call} returns a text`, `it returned ${short(shownText)}`);
          expectNoneIn(canaries, [["the preview", mask.text(shownText)]]);
        }
    },
  };
}

/** The subject's message with every odd text in the place of its mark, as far as the sink's own schema takes it. */
function oddMessages(subject: SinkSubject): unknown[] {
  const message = messageOf(subject, MARK);
  return ODD_TEXTS.map((text) => withText(message, text)).filter(
    (odd) => subject.plugin.message.safeParse(odd).success,
  );
}

const MARK = "oddtextmark";

function withText(value: unknown, text: string): unknown {
  if (typeof value === "string") return value.replaceAll(MARK, () => text);
  if (Array.isArray(value)) return value.map((one) => withText(one, text));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withText(inner, text)]));
}

/** Where the mark stands in the subject's message. */
function placesOf(subject: SinkSubject): Place[] {
  const root = messageOf(subject, MARK);
  const find = (value: unknown, path: readonly (string | number)[], parent: unknown): Place[] => {
    if (typeof value === "string")
      return value.includes(MARK) ? [{ path, parent, root, template: "{{ payload.x }}" }] : [];
    if (typeof value !== "object" || value === null) return [];
    const steps = Object.entries(value).map(([key, inner]) => ({
      step: Array.isArray(value) ? Number(key) : key,
      inner,
    }));
    return steps.flatMap(({ step, inner }: { step: string | number; inner: unknown }) =>
      find(inner, [...path, step], value),
    );
  };
  return find(root, [], undefined);
}

function parsed({ plugin }: SinkSubject, message: unknown): unknown {
  return plugin.message.parse(message);
}

/** What a method that must not throw returns. */
function quietly(call: string, method: () => unknown): unknown {
  try {
    return method();
  } catch (error) {
    return fail(`${call} does not throw`, `it threw ${shown(error)}`);
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
