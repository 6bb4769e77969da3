/** One promise of a sink, as a test: what is promised, and a run that rejects where the sink does something else. */
export interface SinkPromise {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** What a case fails with: the message says what is promised and what the sink did instead. */
class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

/** Fails a case unless `isKept`. */
export function expectKept(isKept: boolean, promise: string, instead: string): asserts isKept {
  if (!isKept) fail(promise, instead);
}

/** Fails a case for what was seen to be broken. */
export function fail(promise: string, instead: string): never {
  throw new BrokenPromise(`${promise}; ${instead}`);
}
