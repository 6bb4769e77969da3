import type { SourceConfig } from "./config.ts";
import { isMapping } from "./mapping.ts";
import type { Path } from "./problem.ts";
import { entriesOf, keepSecret, type Reading } from "./reading.ts";
import { nameSchema, sourceSchema } from "./schema.ts";

/** Reads `sources`. Without one nothing could be received, so there has to be one. */
export function readSources(reading: Reading): SourceConfig[] {
  const entries = entriesOf(reading, "sources");
  if (entries?.length === 0)
    reading.report.error(["sources"], "there must be one, such as `sources: { cal: {} }` for POST /hooks/cal");
  return (entries ?? []).flatMap(([name, value]) => readSource(reading, name, value) ?? []);
}

function readSource(reading: Reading, name: string, value: unknown): SourceConfig | null {
  const { reader, report } = reading;
  const path = ["sources", name];
  const isNamed = nameSchema.safeParse(name).success;
  if (!isNamed) report.errorAtKey(path, "expected a name of a-z, 0-9 and -");
  // All of what is no mapping: `cal: secret …`, for want of a colon.
  reader.hide(isMapping(value) ? [...path, "secret"] : path);
  const source = reader.read(sourceSchema, path, value ?? {});
  if (source === null || !isNamed) return null;
  const secrets = readSecrets(reading, [...path, "secret"], source.secret);
  return { name, secrets, signature: source.signature, dedupeMs: source.dedupe };
}

/** An empty secret is a slip, unless it says `${NAME:-}`: then it is one that may be left out. */
function readSecrets(reading: Reading, path: Path, secret: string | string[] | undefined): string[] {
  const { reader, report } = reading;
  const isList = Array.isArray(secret);
  return [secret ?? []].flat().flatMap((text, index) => {
    const place = isList ? [...path, index] : path;
    keepSecret(reading, text);
    if (text !== "") return [text];
    if (!reader.isFilled(place)) report.error(place, "the secret is empty; leave the key out to have one generated");
    return [];
  });
}
