import { Unavailable, type SinkFetch } from "cal-relay/sdk";
import { classify } from "./classify.ts";
import type { ServiceAccount } from "./credentials.ts";
import type { Connection } from "./options.ts";

const SCOPE = "https://www.googleapis.com/auth/spreadsheets";

export type Google = Awaited<ReturnType<typeof loadGoogle>>;
export type Api = ReturnType<Google["api"]>;

/**
 * Loads Google's client: its Sheets module alone, since the whole package takes 650 ms and 145 MB to load. Every request, the token's too,
 * is made once and through the fetch that is given, so that it ends with that one's deadline.
 */
export async function loadGoogle(connection: Connection, account: ServiceAccount) {
  const { auth, sheets } = await import("googleapis/build/src/apis/sheets/index.js");
  let kept: InstanceType<typeof auth.JWT>["credentials"] | undefined;

  return {
    email: account.email,

    /** The access token, asked for when there is none or it is about to expire. Throws one of the four failures. */
    async token(fetch: SinkFetch): Promise<string> {
      const jwt = new auth.JWT({
        email: account.email,
        key: account.key,
        scopes: [SCOPE],
        // The client's own debug log would print the tokens.
        useAuthRequestParameters: false,
        transporterOptions: {
          fetchImplementation: through(fetch, connection.tokenUrl !== undefined, connection.tokenUrl),
          retryConfig: { retry: 0, noResponseRetries: 0 },
        },
      });
      if (kept !== undefined) jwt.setCredentials(kept);
      try {
        const { token } = await jwt.getAccessToken();
        if (typeof token !== "string") throw new Unavailable("Google answered with something else than a token");
        kept = jwt.credentials;
        return token;
      } catch (error) {
        throw classify(error, "token", account.email);
      }
    },

    /** The next `token` asks for a new one, unless that has happened already. */
    forget(token: string): void {
      if (kept?.access_token === token) kept = undefined;
    },

    api(fetch: SinkFetch, token: string) {
      return sheets({
        version: "v4",
        // Said, so that no variable of the environment moves the host.
        universeDomain: "googleapis.com",
        ...(connection.apiUrl !== undefined && { rootUrl: connection.apiUrl }),
        headers: { authorization: `Bearer ${token}` },
        fetchImplementation: through(fetch, connection.apiUrl !== undefined),
        retry: false,
      }).spreadsheets;
    },
  };
}

/**
 * Of what Google's client asks for besides the request (agents, proxies of the environment, redirects) a fetch knows nothing. `instead`
 * replaces the address: the client cannot be told the token's.
 */
function through(fetch: SinkFetch, allowPrivateNetwork: boolean, instead?: string): typeof globalThis.fetch {
  return (input, init) =>
    fetch(instead ?? (input instanceof Request ? input.url : input), { ...init, allowPrivateNetwork });
}
