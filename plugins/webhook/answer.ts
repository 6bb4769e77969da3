const READ_BYTES = 64 * 1024;
const READ_MS = 1_000;
const KEPT_CHARACTERS = 2_000;

/**
 * The beginning of a response's body as text, for the record. Reads at most 64 KiB for at most 1 s and never fails: the status has already
 * decided, so a body that stalls, breaks off or never ends changes nothing.
 */
export async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const giveUp = setTimeout(() => void reader.cancel().catch(() => undefined), READ_MS);
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    while (bytes < READ_BYTES) {
      const { done, value } = await reader.read();
      if (done) return text.slice(0, KEPT_CHARACTERS);
      bytes += value.length;
      if (text.length < KEPT_CHARACTERS) text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch {
    // The connection broke off: what has come is what there is.
  } finally {
    clearTimeout(giveUp);
  }
  return text.slice(0, KEPT_CHARACTERS);
}
