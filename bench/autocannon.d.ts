// As much of autocannon 9 as the benches use; it ships no types.
declare module "autocannon" {
  export interface Request {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    /** Called before each request is sent. */
    setupRequest?(request: Request): Request;
  }

  export interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration?: number;
    /** How many requests, whatever the duration. */
    readonly amount?: number;
    readonly requests: readonly Request[];
  }

  export interface Result {
    readonly errors: number;
    readonly timeouts: number;
  }

  export interface Instance extends PromiseLike<Result> {
    on(
      event: "response",
      listener: (client: unknown, statusCode: number, bytes: number, latencyMs: number) => void,
    ): void;
  }

  export default function autocannon(options: Options): Instance;
}
