/** What `storage` names. */
export type Address =
  | { readonly kind: "sqlite"; readonly file: string }
  | {
      readonly kind: "postgres";
      /** As the driver takes it. */
      readonly url: string;
      /** Connections of one relay at most. */
      readonly pool: number;
      /** How long a relay that is not heard of keeps what it has claimed. */
      readonly leaseSeconds: number;
    };

export type AddressProblem = { readonly kind: "problem"; readonly message: string };

export const STORAGE_EXPECTED =
  "expected sqlite:<path>, such as sqlite:./data/relay.db, or postgres://<user>:<password>@<host>/<database>";

const POOL = { fallback: 10, least: 2, most: 500 };
/** pg-boss's heartbeat is no shorter than 10 s. */
const LEASE = { fallback: 30, least: 10, most: 300 };

/** Reads `sqlite:<file>` or a PostgreSQL URL, of which `pool` and `lease` are our own parameters. */
export function readAddress(storage: string): Address | AddressProblem {
  const [, file] = /^sqlite:(?:\/\/)?(.+)$/s.exec(storage) ?? [];
  if (file !== undefined) return { kind: "sqlite", file };
  if (!/^postgres(ql)?:\/\/./.test(storage) || !URL.canParse(storage)) return problem(STORAGE_EXPECTED);
  const at = storage.indexOf("?");
  const parameters = new URLSearchParams(at < 0 ? "" : storage.slice(at + 1));
  const pool = whole(parameters.get("pool"), /^(\d+)$/, POOL);
  if (pool === undefined) return problem(`pool: expected ${POOL.least} to ${POOL.most} connections`);
  const leaseSeconds = whole(parameters.get("lease"), /^(\d+)s$/, LEASE);
  if (leaseSeconds === undefined) return problem(`lease: expected ${LEASE.least}s to ${LEASE.most}s`);
  return { kind: "postgres", url: withoutOurs(storage, parameters), pool, leaseSeconds };
}

/** What of it is not to be shown: the password, as it is written and as it is meant. */
export function secretsOf(storage: string | null): string[] {
  if (storage === null || !URL.canParse(storage)) return [];
  const { password } = new URL(storage);
  return password === "" ? [] : [...new Set([password, decode(password)])];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function problem(message: string): AddressProblem {
  return { kind: "problem", message };
}

function whole(
  text: string | null,
  shape: RegExp,
  { fallback, least, most }: { readonly fallback: number; readonly least: number; readonly most: number },
): number | undefined {
  if (text === null) return fallback;
  const [, digits] = shape.exec(text) ?? [];
  const number = Number(digits);
  return number >= least && number <= most ? number : undefined;
}

/** What has none of ours stays letter by letter: a password may hold what another spelling would change. */
function withoutOurs(storage: string, parameters: URLSearchParams): string {
  if (!parameters.has("pool") && !parameters.has("lease")) return storage;
  parameters.delete("pool");
  parameters.delete("lease");
  const base = storage.slice(0, storage.indexOf("?"));
  return parameters.size === 0 ? base : `${base}?${parameters.toString()}`;
}
