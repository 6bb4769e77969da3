export { defineSink } from "./sink.ts";
export type {
  OpenSink,
  Place,
  Previewed,
  Receipt,
  ResolveOptions,
  SinkDelivery,
  SinkEvent,
  SinkFetch,
  SinkFetchInit,
  SinkHost,
  SinkLimits,
  SinkLog,
  SinkMemory,
  SinkPlugin,
} from "./sink.ts";
export { isSinkFailure, Misconfigured, RateLimited, Rejected, SinkError, Unavailable } from "./errors.ts";
export type { FailureOptions, SinkFailure, UnavailableOptions } from "./errors.ts";
export { didYouMean, suggest } from "./suggest.ts";
export {
  ADDRESS_REFUSED,
  httpFailure,
  networkFailure,
  parseRetryAfter,
  retryAfterOf,
  REQUEST_INVALID,
} from "./http.ts";
export { beginningOfBody } from "./response-body.ts";
export { cutText } from "./text.ts";
export { SDK_VERSION } from "./version.ts";
