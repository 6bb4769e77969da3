/**
 * Base of the relay's own errors. The message is safe to show and to log: it holds no secret, no header and no payload.
 * `code` is stable and is what programs decide by.
 */
export class RelayError extends Error {
  override readonly name: string = "RelayError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
