import { request, type Dispatcher } from "undici";

export interface LightFetchOptions {
  readonly dispatcher: Dispatcher;
  /** Ends the request, and the reading of its answer. */
  readonly signal: AbortSignal;
}

const DEFAULTS = { accept: "*/*", "user-agent": "cal-relay" };
/** They never have a body, and `Response` takes none for them: https://fetch.spec.whatwg.org/#null-body-status */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** A request that HTTP does not allow: nothing was sent. */
export class InvalidRequest extends Error {
  override readonly name = "InvalidRequest";
}

/** undici's codes for the same. */
const INVALID = /^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/;

/**
 * What a sink needs of fetch: one request, an answer of any status as it is, its body as it comes. No redirect is followed and nothing is
 * kept. undici's own fetch copies each body in case it has to follow a redirect, and some 20 kB of every request outlived V8's quick collections
 * with it. Throws InvalidRequest, what undici throws, or the signal's reason.
 */
export async function lightFetch(
  target: URL,
  init: RequestInit,
  { dispatcher, signal }: LightFetchOptions,
): Promise<Response> {
  const prepared = await prepare(init).catch(invalid);
  const answer = await request(target, { ...prepared, dispatcher, signal }).catch((error: unknown) => {
    throw isInvalid(error) ? new InvalidRequest("undici refuses it", { cause: error }) : error;
  });
  const { statusCode: status } = answer;
  if (WITHOUT_BODY.has(status)) await answer.body.dump();
  const stream = WITHOUT_BODY.has(status) ? null : streamOf(answer.body, signal);
  return new Response(stream, { status, headers: headersOf(answer.headers) });
}

async function prepare(init: RequestInit): Promise<Pick<Dispatcher.RequestOptions, "method" | "headers" | "body">> {
  const { body, contentType } = await bodyOf(init.body);
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries({ ...DEFAULTS, ...contentType }))
    if (!headers.has(name)) headers.set(name, value);
  return { method: init.method ?? "GET", headers: [...headers].flat(), body };
}

function invalid(cause: unknown): never {
  throw new InvalidRequest("a header or the body cannot be read", { cause });
}

function isInvalid(error: unknown): boolean {
  return error instanceof Error && "code" in error && INVALID.test(String(error.code));
}

/** A body as undici sends it, and the type that fetch would give it. */
async function bodyOf(
  body: RequestInit["body"],
): Promise<{ body: string | Uint8Array | null; contentType: { "content-type"?: string } }> {
  if (body === null || body === undefined) return { body: null, contentType: {} };
  if (body instanceof Uint8Array) return { body, contentType: {} };
  // A form, a stream …: `Response` knows them all.
  const extracted = new Response(body);
  const type = extracted.headers.get("content-type");
  const contentType = type === null ? {} : { "content-type": type };
  return { body: typeof body === "string" ? body : await extracted.bytes(), contentType };
}

function streamOf(body: Dispatcher.ResponseData["body"], signal: AbortSignal): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          throw signal.aborted ? signal.reason : error;
        }
      },
      cancel() {
        body.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

function headersOf(headers: Record<string, string | string[] | undefined>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) for (const one of [value ?? []].flat()) all.append(name, one);
  return all;
}
