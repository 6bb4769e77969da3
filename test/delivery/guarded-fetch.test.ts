import type { LookupAddress } from "node:dns";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { createGuardedFetch, type Lookup } from "../../src/delivery/guarded-fetch.ts";
import { networkFailure, type SinkFetch } from "../../src/sdk/index.ts";
import { startStandIn, type StandIn } from "../../src/sdk/testing/stand-in.ts";

const REFUSED = { code: "ADDRESS_REFUSED" };

const patient = { signal: new AbortController().signal };

test("looks a name up as a request would, and judges its addresses", async () => {
  const network = createGuardedFetch({ lookup: answering("10.0.0.1") });
  await expect(network.resolve("crm.internal", patient)).rejects.toMatchObject(REFUSED);
  await expect(
    network.resolve("crm.internal", { ...patient, allowPrivateNetwork: ["10.0.0.0/8"] }),
  ).resolves.toBeUndefined();
  await expect(network.resolve("[::1]", patient)).rejects.toMatchObject(REFUSED);
  const silent = createGuardedFetch({ lookup: () => undefined });
  await expect(silent.resolve("example.com", { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
  const ending = new AbortController();
  const waiting = silent.resolve("example.com", { signal: ending.signal });
  ending.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});

test.each([
  ["loopback", "127.0.0.1"],
  ["all of loopback", "127.255.255.254"],
  ["decimal", "2130706433"],
  ["hexadecimal", "0x7f000001"],
  ["hexadecimal parts", "0x7f.0.0x0.1"],
  ["octal", "0177.0.0.1"],
  ["short", "127.1"],
  ["full-width digits", "１２７.0.0.1"],
  ["a trailing dot", "127.0.0.1."],
  ["user and password", "example.com:80@127.0.0.1"],
  ["this host", "0.0.0.0"],
  ["zero", "0"],
  ["private 10", "10.0.0.1"],
  ["private 172.16", "172.31.255.255"],
  ["private 192.168", "192.168.1.1"],
  ["carrier-grade NAT", "100.64.0.1"],
  ["link-local", "169.254.1.1"],
  ["cloud metadata", "169.254.169.254"],
  ["benchmarking", "198.18.0.1"],
  ["documentation", "203.0.113.7"],
  ["protocol assignments", "192.0.0.8"],
  ["6to4 relay", "192.88.99.1"],
  ["multicast", "224.0.0.1"],
  ["reserved", "240.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["IPv6 loopback", "[::1]"],
  ["IPv6 unspecified", "[::]"],
  ["IPv4-mapped", "[::ffff:127.0.0.1]"],
  ["IPv4-mapped in hexadecimal", "[::ffff:a9fe:a9fe]"],
  ["IPv4-compatible", "[::7f00:1]"],
  ["NAT64", "[64:ff9b::7f00:1]"],
  ["local NAT64", "[64:ff9b:1::7f00:1]"],
  ["6to4", "[2002:7f00:1::]"],
  ["Teredo", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]"],
  ["unique local", "[fd12:3456::1]"],
  ["AWS metadata", "[fd00:ec2::254]"],
  ["IPv6 link-local", "[fe80::1]"],
  ["site-local", "[fec0::1]"],
  ["IPv6 documentation", "[2001:db8::1]"],
  ["newer IPv6 documentation", "[3fff::1]"],
  ["segment routing", "[5f00::1]"],
  ["IPv6 discard", "[100::1]"],
  ["IPv6 multicast", "[ff02::1]"],
])("refuses %s before a connection is made: %s", async (_form, host) => {
  await expect(guarded()(`http://${host}/`)).rejects.toMatchObject(REFUSED);
});

test.each(["localhost", "localhost.", "LOCALHOST", "any.localhost"])(
  "refuses %s once it is looked up",
  async (name) => {
    const failure = guarded(answering("127.0.0.1", "::1"))(`http://${name}:1080/`).catch(networkFailure);
    expect(await failure).toMatchObject({
      outcome: "rejected",
      message: expect.stringContaining("allowPrivateNetwork"),
    });
  },
);

test.each(["::ffff:127.0.0.1", "fe80::1%lo", "64:ff9b::a00:1", "10.1.2.3"])(
  "refuses a name that is %s",
  async (address) => {
    const failure = guarded(answering(address))("http://service.example.org:1080/").catch(networkFailure);
    expect(await failure).toMatchObject({ outcome: "rejected" });
  },
);

test.each(["file:///etc/hostname", "data:text/plain,hello", "ftp://example.com/"])("refuses %s", async (url) => {
  await expect(guarded()(url)).rejects.toMatchObject(REFUSED);
});

test.each([
  ["everything", true, true],
  ["the address", ["127.0.0.1"], true],
  ["its range", ["10.0.0.0/8", "127.0.0.0/8"], true],
  ["the mapped address", ["::ffff:127.0.0.1"], true],
  ["another address", ["127.0.0.2"], false],
  ["another range", ["127.0.1.0/24"], false],
  ["the range of the other family", ["::/0"], false],
  ["nothing", [], false],
])("with %s allowed, reaches a private address or not", async (_what, allowPrivateNetwork, reached) => {
  const vendor = await standIn();
  const [literal, named] = await Promise.all([
    ended(guarded()(vendor.url, { allowPrivateNetwork })),
    ended(guarded(answering("127.0.0.1"))(byName(vendor), { allowPrivateNetwork })),
  ]);
  expect([literal, named]).toEqual(reached ? [200, 200] : ["rejected", "rejected"]);
  expect(vendor.requests).toHaveLength(reached ? 2 : 0);
});

test("refuses an allowance that is no address, when it is used", async () => {
  await expect(guarded()("http://example.com", { allowPrivateNetwork: ["localhost"] })).rejects.toThrow(/address/i);
});

test.each([
  ["a line break in a header", { headers: { "x-title": "one\ntwo" } }],
  ["a character that no header takes", { headers: { "x-title": "☎" } }],
  ["a method that is none", { method: "GET IT" }],
  ["a header that is not supported", { headers: { expect: "100-continue" } }],
  ["a length that is not the body's", { method: "POST", body: "one", headers: { "content-length": "5" } }],
])("a request with %s can never be made, and that is no outage", async (_what, init) => {
  const server = await startStandIn(() => ({ status: 200, body: "" }));
  onTestFinished(() => server.close());
  const fetch = createGuardedFetch().within(new AbortController().signal);
  const failure: unknown = await fetch(server.url, { ...init, allowPrivateNetwork: true }).catch(networkFailure);
  expect(failure).toMatchObject({ outcome: "rejected" });
  expect(server.requests).toEqual([]);
});

test("an answer that cannot be read leaves the outcome open", async () => {
  const server = await startStandIn(() => ({ status: 999, body: "" }));
  onTestFinished(() => server.close());
  const fetch = createGuardedFetch().within(new AbortController().signal);
  const failure: unknown = await fetch(server.url, { method: "POST", allowPrivateNetwork: true }).catch(networkFailure);
  expect(failure).toMatchObject({ outcome: "unavailable", ambiguous: true });
  expect(server.requests).toHaveLength(1);
});

test("gives a redirect back as it is", async () => {
  const vendor = await standIn();
  vendor.misbehave({ kind: "answer", status: 302, headers: { location: "/elsewhere" } });
  const response = await guarded()(vendor.url, { allowPrivateNetwork: true });
  expect(response.status).toBe(302);
  expect(vendor.requests).toHaveLength(1);
});

test("connects to the very address that was judged, however the name changes its mind", async () => {
  const permitted = await counting("127.0.0.1", 0);
  const answers = ["127.0.0.1", "127.0.0.2"];
  const lookup: Lookup = (_name, _options, callback) => callback(null, [addressOf(answers.shift() ?? "127.0.0.2")]);
  const fetch = guarded(lookup);
  const url = `http://service.example.org:${permitted.port}/`;
  const init = { allowPrivateNetwork: ["127.0.0.1"] };
  await expect(fetch(url, init)).resolves.toMatchObject({ status: 200 });
  const failure = await fetch(url, init).catch(networkFailure);
  expect(failure).toMatchObject({ outcome: "rejected" });
  expect(permitted.served()).toBe(1);
});

test.runIf(process.platform === "linux")("leaves out the private ones among the addresses of a name", async () => {
  const permitted = await counting("127.0.0.1", 0);
  const target = await counting("127.0.0.2", permitted.port);
  const fetch = guarded(answering("127.0.0.2", "127.0.0.1"));
  await fetch(`http://service.example.org:${permitted.port}/`, { allowPrivateNetwork: ["127.0.0.1"] });
  expect([permitted.served(), target.served()]).toEqual([1, 0]);
});

test("does not lend a connection of one allowance to another", async () => {
  const vendor = await standIn();
  const fetch = guarded(answering("127.0.0.1"));
  const response = await fetch(byName(vendor), { allowPrivateNetwork: true });
  await response.text();
  expect(await ended(fetch(byName(vendor)))).toBe("rejected");
  expect(vendor.requests).toHaveLength(1);
});

test.each(["hang", "stall"] as const)("ends with the deadline when the receiver plays %s", async (kind) => {
  const vendor = await standIn();
  vendor.misbehave({ kind });
  const fetch = guarded(undefined, AbortSignal.timeout(100));
  const body = fetch(vendor.url, { allowPrivateNetwork: true }).then((response) => response.text());
  await expect(body).rejects.toMatchObject({ name: "TimeoutError" });
});

test("ends with the caller's own signal, before the deadline", async () => {
  const vendor = await standIn();
  vendor.misbehave({ kind: "hang" });
  const abort = new AbortController();
  const answer = guarded()(vendor.url, { allowPrivateNetwork: true, signal: abort.signal });
  abort.abort();
  await expect(answer).rejects.toMatchObject({ name: "AbortError" });
});

function guarded(lookup?: Lookup, deadline: AbortSignal = AbortSignal.timeout(5_000)): SinkFetch {
  const network = createGuardedFetch(lookup === undefined ? {} : { lookup });
  onTestFinished(() => network.close());
  return network.within(deadline);
}

function answering(...addresses: string[]): Lookup {
  return (_name, _options, callback) => callback(null, addresses.map(addressOf));
}

function addressOf(address: string): LookupAddress {
  return { address, family: address.includes(":") ? 6 : 4 };
}

async function standIn(): Promise<StandIn> {
  const vendor = await startStandIn(() => ({ status: 200, body: '{"ok":true}' }));
  onTestFinished(() => vendor.close());
  return vendor;
}

function byName({ url }: StandIn): string {
  return url.replace("127.0.0.1", "service.example.org");
}

async function ended(response: Promise<Response>): Promise<number | string | undefined> {
  return response.then(
    ({ status }) => status,
    (error: unknown) => networkFailure(error)?.outcome,
  );
}

interface Counting {
  readonly port: number;
  served(): number;
}

/** A server that closes its connection after each answer. */
async function counting(address: string, port: number): Promise<Counting> {
  let served = 0;
  const server: Server = createServer((_request, response) => {
    served += 1;
    response.writeHead(200, { connection: "close" }).end("ok");
  });
  await once(server.listen(port, address), "listening");
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, served: () => served };
}

test.each([
  ["text", "hello", "text/plain;charset=UTF-8", "hello"],
  ["bytes", new TextEncoder().encode("hello"), undefined, "hello"],
  ["a form", new URLSearchParams({ text: "a b" }), "application/x-www-form-urlencoded;charset=UTF-8", "text=a+b"],
  ["a stream", new Blob(["hel", "lo"]).stream(), undefined, "hello"],
  ["nothing", undefined, undefined, ""],
])("sends %s as fetch does", async (_what, body, type, sent) => {
  const vendor = await standIn();
  const method = body === undefined ? "GET" : "POST";
  await guarded()(vendor.url, { allowPrivateNetwork: true, method, ...(body === undefined ? {} : { body }) });
  expect(vendor.requests).toMatchObject([{ method, body: sent }]);
  expect(vendor.requests[0]?.headers["content-type"]).toBe(type);
});

test("reads an answer that was compressed without being asked for", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(500, { "content-encoding": "gzip" }).end(gzipSync("why"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const response = await guarded()(`http://127.0.0.1:${port}`, { allowPrivateNetwork: true });
  expect([response.status, await response.text()]).toEqual([500, "why"]);
});
