const MASK = "***";
const SECRET_KEY = /key|secret|token|password/i;

export interface Mask {
  text(text: string): string;
  /** The same through every string of a JSON-like value; keys stay. */
  value(value: unknown): unknown;
  /** Covers these too; what was covered stays so, since what was begun with it may still speak of it. */
  add(secrets: readonly string[]): void;
}

/** Replaces every one of `secrets`, as they are and as JSON writes them. Secrets inside a secret that is JSON (a key file) count too. */
export function createMask(secrets: readonly string[]): Mask {
  const forms = new Set<string>();
  let longestFirst: readonly string[] = [];

  function add(more: readonly string[]): void {
    for (const form of more.flatMap((secret) => [secret, ...nested(secret)]).flatMap(spellings)) forms.add(form);
    longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  }

  function text(input: string): string {
    return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, MASK), input);
  }

  function value(input: unknown): unknown {
    if (typeof input === "string") return text(input);
    if (Array.isArray(input)) return input.map(value);
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(Object.entries(input).map(([key, inner]) => [key, value(inner)]));
  }

  add(secrets);
  return { text, value, add };
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
