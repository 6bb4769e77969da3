import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, fetch as undiciFetch, type RequestInit as UndiciRequestInit } from "undici";
import { ADDRESS_REFUSED, type SinkFetch } from "../sdk/index.ts";

export interface GuardedFetch {
  /** See `SinkFetch`. `deadline` aborts every request made with the returned function. */
  within(deadline: AbortSignal): SinkFetch;
  close(): Promise<void>;
}

type Allowance = boolean | readonly string[];

/**
 * The one way out to the network. The address is judged inside the connection's own look-up, so a name cannot resolve differently
 * between check and use; literals, which are never looked up, are judged before. Each allowance has an agent of its own, since a pooled
 * socket that one allowance opened must not serve another.
 */
export function createGuardedFetch(): GuardedFetch {
  const agents = new Map<string, Agent>();

  function agentFor(allowance: Allowance): Agent {
    const key = JSON.stringify(allowance);
    const agent = agents.get(key) ?? new Agent({ connect: { lookup: guardedLookup(allowance), timeout: 10_000 } });
    agents.set(key, agent);
    return agent;
  }

  return {
    within(deadline) {
      return async function guardedFetch(url, init = {}) {
        const { allowPrivateNetwork: allowance = false, ...rest } = init;
        const target = new URL(url);
        if (target.protocol !== "https:" && target.protocol !== "http:") throw addressRefused();
        const host = target.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
        if (isIP(host) !== 0 && !isAllowed(host, allowance)) throw addressRefused();
        const signal = rest.signal ? AbortSignal.any([deadline, rest.signal]) : deadline;
        const options = { ...rest, signal, redirect: "manual", dispatcher: agentFor(allowance) };
        try {
          // undici's fetch and the global one describe the same standard with types of their own.
          const response: unknown = await undiciFetch(target, options as UndiciRequestInit);
          return response as Response;
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          throw Object.assign(new TypeError("fetch failed", { cause: error }), { code: "FETCH_FAILED" });
        }
      };
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function guardedLookup(allowance: Allowance): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const allowed = error === null ? addresses.filter(({ address }) => isAllowed(address, allowance)) : [];
      const [first] = allowed;
      if (error !== null) callback(error, "", 0);
      else if (first === undefined) callback(addressRefused(), "", 0);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** `unicast` is what ipaddr.js calls a plain public address; everything special (private, loopback, metadata, mapped …) has another name. */
function isAllowed(address: string, allowance: Allowance): boolean {
  if (allowance === true) return true;
  const ip = ipaddr.process(address);
  if (ip.range() === "unicast") return true;
  if (allowance === false) return false;
  return allowance.some((entry) => {
    const [range, bits] = entry.includes("/") ? ipaddr.parseCIDR(entry) : [ipaddr.process(entry), null];
    if (range.kind() !== ip.kind()) return false;
    return ip.match([range, bits ?? (ip.kind() === "ipv4" ? 32 : 128)]);
  });
}

function addressRefused(): Error {
  return Object.assign(new Error("address refused"), { code: ADDRESS_REFUSED });
}
