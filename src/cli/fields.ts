import type { Command } from "commander";
import { type Field, mapping } from "../cal/field.ts";
import { EVENT_FIELDS, payloadField } from "../cal/fields.ts";
import { sampleEvent } from "../cal/samples.ts";
import { isTrigger, TRIGGERS } from "../cal/triggers.ts";
import type { Json } from "../event.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { command, stop, type CommonOptions } from "./io.ts";
import { printList } from "./table.ts";

/** A field as templates and filters write it. */
interface Row {
  readonly path: string;
  readonly type: string;
  readonly what: string;
  /** Its value in the bundled sample; null where that has none. */
  readonly example: Json;
}

export function fields(): Command {
  return command("fields TRIGGER", "what templates and filters can say of a trigger's events, with an example")
    .argument("<trigger>", "such as BOOKING_CREATED")
    .action((trigger: string, options: CommonOptions) => {
      if (!isTrigger(trigger)) return stop(`unknown trigger "${trigger}"${didYouMean(trigger, TRIGGERS)}`);
      const { id, source, receivedAt, ...event } = sampleEvent(trigger);
      const sample: Json = JSON.parse(JSON.stringify({ ...event, event: { id, source, receivedAt } }));
      const { payload: _, ...same } = EVENT_FIELDS;
      const root = mapping({ ...same, payload: payloadField(trigger) });
      printList(rowsOf(root, sample, ""), {
        json: options.json === true,
        none: "no fields",
        header: ["FIELD", "TYPE", "EXAMPLE", "WHAT"],
        row: ({ path, type, what, example }) => [path, type, example === null ? "" : short(example), what],
      });
    });
}

const LONGEST_EXAMPLE = 48;

/** The fields at the ends, and those whose parts only the account knows, with the sample's. */
function rowsOf(field: Field, example: Json | undefined, path: string): Row[] {
  const { types, fields: named = {}, entries, others } = field;
  const own = { path, type: typeOf(field), what: field.description ?? "", example: example ?? null };
  if (entries?.fields !== undefined && (field.fields === undefined || Array.isArray(example)))
    return rowsOf(entries, memberOf(example, 0), `${path}[]`);
  const inner = Object.entries(named).flatMap(([name, one]) =>
    rowsOf(one, memberOf(example, name), path === "" ? name : `${path}.${name}`),
  );
  if (others === undefined) return types.length > 0 || inner.length === 0 ? [own, ...inner] : inner;
  const names = typeof example === "object" && example !== null ? Object.keys(example) : [];
  // Of those that are alike, one shows what they are like.
  const shown = others.fields === undefined ? names : names.slice(0, 1);
  return [
    { ...own, example: null },
    ...shown.flatMap((name) => rowsOf(others, memberOf(example, name), `${path}.${name}`)),
  ];
}

function typeOf({ types, entries, others, isAnything }: Field): string {
  const names = [...types, ...(entries === undefined ? [] : ["list"]), ...(others === undefined ? [] : ["mapping"])];
  return isAnything || names.length === 0 ? "anything" : names.join(" | ");
}

function memberOf(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const member: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
  return member as Json | undefined; // a part of JSON
}

function short(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= LONGEST_EXAMPLE ? text : `${text.slice(0, LONGEST_EXAMPLE - 1)}…`;
}
