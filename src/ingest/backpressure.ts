import type { IncomingMessage } from "node:http";
import { RelayError } from "../error.ts";

/** More has come than the ledger takes in: nothing of the request was stored, and the sender may try again. */
export class Overloaded extends RelayError {
  override readonly name = "Overloaded";
  constructor() {
    super("overloaded", "too much is waiting to be stored");
  }
}

/** What a request takes besides its body, whatever its size. */
const REQUEST_BYTES = 4 * 1024;

/** Answers a request as `answer` does. Throws Overloaded where too much is open already. */
export type Backpressure = <T>(request: IncomingMessage, answer: () => Promise<T>) => Promise<T>;

/**
 * Bounds what is in memory without being acknowledged, however long the ledger takes. Bytes count as they arrive, not as they are announced:
 * a stranger who announces a lot and sends nothing keeps nobody out.
 */
export function createBackpressure(mostBytes: number): Backpressure {
  let open = 0;
  return async function underPressure(request, answer) {
    if (open >= mostBytes) throw new Overloaded();
    let mine = 0;
    const take = (bytes: number): void => {
      mine += bytes;
      open += bytes;
    };
    const takeChunk = (chunk: Buffer): void => take(chunk.length);
    take(REQUEST_BYTES);
    request.on("data", takeChunk);
    try {
      return await answer();
    } finally {
      request.off("data", takeChunk);
      take(-mine);
    }
  };
}
