const MASK = "***";
const SECRET_KEY = /key|secret|token|password/i;

export interface Mask {
  text(text: string): string;
  /** The same through every string of a JSON-like value; keys stay. */
  value(value: unknown): unknown;
}

/** Replaces every one of `secrets`, as they are and as JSON writes them. Secrets inside a secret that is JSON (a key file) count too. */
export function createMask(secrets: readonly string[]): Mask {
  const forms = new Set(secrets.flatMap((secret) => [secret, ...nested(secret)]).flatMap(spellings));
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);

  function text(input: string): string {
    return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, MASK), input);
  }

  function value(input: unknown): unknown {
    if (typeof input === "string") return text(input);
    if (Array.isArray(input)) return input.map(value);
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(Object.entries(input).map(([key, inner]) => [key, value(inner)]));
  }

  return { text, value };
}

/** Too short a secret would mask half of every line. */
function spellings(secret: string): string[] {
  return secret.length < 4 ? [] : [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

function nested(secret: string): string[] {
  if (!secret.trimStart().startsWith("{")) return [];
  try {
    const parsed: unknown = JSON.parse(secret);
    return typeof parsed === "object" && parsed !== null
      ? Object.entries(parsed).flatMap(([key, inner]) =>
          SECRET_KEY.test(key) && typeof inner === "string" ? [inner] : [],
        )
      : [];
  } catch {
    return [];
  }
}
