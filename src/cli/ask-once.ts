import type { SinkFetch } from "../sdk/index.ts";

/**
 * A fetch for checks, which only look: a request that is the same as one before it gets that one's answer, or its failure. The targets of a
 * sink, and the samples of a target, mostly need the same token, channel or sheet.
 */
export function askOnce(fetch: SinkFetch): SinkFetch {
  const answers = new Map<string, Promise<Kept>>();

  async function ask(...request: Parameters<SinkFetch>): Promise<Kept> {
    const response = await fetch(...request);
    const { status, headers } = response;
    return { status, headers: [...headers], body: await response.text() };
  }

  return async function fetchOnce(url, init = {}) {
    const { method = "GET", headers, body, allowPrivateNetwork } = init;
    if (body !== undefined && body !== null && typeof body !== "string" && !(body instanceof URLSearchParams))
      return fetch(url, init);
    const key = JSON.stringify([String(url), method, [...new Headers(headers)], String(body), allowPrivateNetwork]);
    const known = answers.get(key) ?? ask(url, init);
    answers.set(key, known);
    const { status, headers: kept, body: text } = await known;
    return new Response(text === "" ? null : text, { status, headers: kept });
  };
}

interface Kept {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: string;
}
