import { request, type Dispatcher } from "undici";

export interface LightFetchOptions {
  readonly dispatcher: Dispatcher;
  /** Ends the request, and the reading of its answer. */
  readonly signal: AbortSignal;
}

const DEFAULTS = { accept: "*/*", "user-agent": "cal-relay" };
/** They never have a body, and `Response` takes none for them: https://fetch.spec.whatwg.org/#null-body-status */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * What a sink needs of fetch: one request, an answer of any status as it is, its body as it comes. No redirect is followed and nothing is
 * kept. undici's own fetch copies each body in case it has to follow a redirect, and some 20 kB of every request outlived V8's quick collections
 * with it. Throws what undici throws, or the signal's reason.
 */
export async function lightFetch(
  target: URL,
  init: RequestInit,
  { dispatcher, signal }: LightFetchOptions,
): Promise<Response> {
  const { body, contentType } = await bodyOf(init.body);
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries({ ...DEFAULTS, ...contentType }))
    if (!headers.has(name)) headers.set(name, value);
  const method = init.method ?? "GET";
  const answer = await request(target, { method, headers: [...headers].flat(), body, dispatcher, signal });
  const { statusCode: status } = answer;
  if (WITHOUT_BODY.has(status)) await answer.body.dump();
  const stream = WITHOUT_BODY.has(status) ? null : streamOf(answer.body, signal);
  return new Response(stream, { status, headers: headersOf(answer.headers) });
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
