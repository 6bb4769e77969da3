import { cutText } from "./text.ts";

const READ_BYTES = 64 * 1024;
const READ_MS = 1_000;
const KEPT_CHARACTERS = 2_000;

/**
 * The first 2,000 characters of a response's body, for `answer`. Reads at most 64 KiB for at most 1 s and never fails: for a sink to which
 * the status tells all, a body that stalls, breaks off or never ends changes nothing.
 */
export async function beginningOfBody(response: Response): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const giveUp = setTimeout(() => void reader.cancel().catch(() => undefined), READ_MS);
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    while (bytes < READ_BYTES) {
      const { done, value } = await reader.read();
      if (done) return cutText(text, KEPT_CHARACTERS);
      bytes += value.length;
      if (text.length < KEPT_CHARACTERS) text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch {
    // The connection broke off: what has come is what there is.
  } finally {
    clearTimeout(giveUp);
  }
  return cutText(text, KEPT_CHARACTERS);
}
