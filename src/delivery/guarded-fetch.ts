import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, interceptors, type Dispatcher } from "undici";
import { ADDRESS_REFUSED, REQUEST_INVALID, type SinkFetch, type SinkHost } from "../sdk/index.ts";
import { InvalidRequest, lightFetch } from "./light-fetch.ts";

export interface GuardedFetch {
  /** See `SinkFetch`. `deadline` aborts every request made with the returned function. */
  within(deadline: AbortSignal): SinkFetch;
  /** See `SinkHost`. */
  readonly resolve: SinkHost["resolve"];
  close(): Promise<void>;
}

type Allowance = boolean | readonly string[];

/** As `dns.lookup` with `all`. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** One allowance, and the connections that were opened under it. */
interface Way {
  permits(address: string): boolean;
  readonly dispatcher: Dispatcher;
}

/**
 * The one way out to the network. The address is judged inside the connection's own look-up, so a name cannot resolve differently
 * between check and use; literals, which are never looked up, are judged before. Each allowance has an agent of its own, since a pooled
 * socket that one allowance opened must not serve another.
 */
export function createGuardedFetch({ lookup = systemLookup }: { readonly lookup?: Lookup } = {}): GuardedFetch {
  const ways = new Map<string, Way>();

  function wayOf(allowance: Allowance): Way {
    const key = JSON.stringify(allowance);
    const known = ways.get(key);
    if (known !== undefined) return known;
    const permits = permission(allowance);
    const agent = new Agent({ connect: { lookup: guarded(lookup, permits), timeout: 10_000 } });
    const dispatcher = agent.compose(interceptors.decompress({ skipErrorResponses: false }));
    const way = { permits, dispatcher };
    ways.set(key, way);
    return way;
  }

  return {
    within(deadline) {
      return async function guardedFetch(url, init = {}) {
        const { allowPrivateNetwork = false, ...rest } = init;
        const way = wayOf(allowPrivateNetwork);
        const target = new URL(url);
        if (target.protocol !== "https:" && target.protocol !== "http:") throw addressRefused();
        const host = target.hostname.replace(/^\[|\]$/g, "");
        if (isIP(host) !== 0 && !way.permits(host)) throw addressRefused();
        const signal = rest.signal ? AbortSignal.any([deadline, rest.signal]) : deadline;
        try {
          return await lightFetch(target, rest, { signal, dispatcher: way.dispatcher });
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          const code = error instanceof InvalidRequest ? REQUEST_INVALID : "FETCH_FAILED";
          throw Object.assign(new TypeError("fetch failed", { cause: error }), { code });
        }
      };
    },
    async resolve(hostname, { allowPrivateNetwork = false, signal }) {
      signal.throwIfAborted();
      const permits = permission(allowPrivateNetwork);
      const host = hostname.replace(/^\[|\]$/g, "");
      if (isIP(host) !== 0 && !permits(host)) throw addressRefused();
      const found = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => found.reject(signal.reason), { once: true });
      guarded(lookup, permits)(host, {}, (error) => (error === null ? found.resolve() : found.reject(error)));
      await found.promise;
    },
    async close() {
      await Promise.all([...ways.values()].map(({ dispatcher }) => dispatcher.destroy()));
    },
  };
}

/** Looks a name up and passes on only the addresses that may be connected to. */
function guarded(lookup: Lookup, permits: Way["permits"]): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const permitted = error === null ? addresses.filter(({ address }) => permits(address)) : [];
      const [first] = permitted;
      if (error !== null) callback(error, "", 0);
      else if (first === undefined) callback(addressRefused(), "", 0);
      else if (options.all === true) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

/** All of IPv6 that has been given out as public: https://www.iana.org/assignments/ipv6-address-space. */
const PUBLIC_IPV6 = ipaddr.parseCIDR("2000::/3");

function permission(allowance: Allowance): Way["permits"] {
  if (allowance === true) return () => true;
  const ranges = allowance === false ? [] : allowance.map(rangeOf);
  return (address) => {
    const ip = ipaddr.process(address);
    return isPublic(ip) || ranges.some(([range, bits]) => range.kind() === ip.kind() && ip.match(range, bits));
  };
}

/** `unicast` is what ipaddr.js calls an address of no special kind: not private, loopback, metadata, mapped, translated … */
function isPublic(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return ip.range() === "unicast" && (ip.kind() === "ipv4" || ip.match(...PUBLIC_IPV6));
}

function rangeOf(entry: string): [range: ipaddr.IPv4 | ipaddr.IPv6, bits: number] {
  if (entry.includes("/")) return ipaddr.parseCIDR(entry);
  const ip = ipaddr.process(entry);
  return [ip, ip.kind() === "ipv4" ? 32 : 128];
}

function addressRefused(): Error {
  return Object.assign(new Error("address refused"), { code: ADDRESS_REFUSED });
}
