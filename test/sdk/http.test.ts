import { expect, test } from "vitest";
import { httpFailure, networkFailure, parseRetryAfter, Rejected, retryAfterOf } from "../../src/sdk/index.ts";

const coded = (code: string, cause?: unknown): Error => Object.assign(new Error("it failed", { cause }), { code });
const named = (name: string): Error => new DOMException("it failed", name);

test.each(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT", "EPROTO"])(
  "takes %s for a message that was never sent",
  (code) => {
    expect(networkFailure(coded(code))).toMatchObject({ outcome: "unavailable", ambiguous: false, answer: { code } });
  },
);

test.each([
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "ERR_TLS_CERT_ALTNAME_INVALID",
])("tries again after the certificate problem %s, for which nothing was sent", (code) => {
  expect(networkFailure(coded(code))).toMatchObject({ outcome: "unavailable", ambiguous: false });
});

test.each(["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"])("knows %s", (code) => {
  expect(networkFailure(coded(code))).toMatchObject({ outcome: "unavailable", ambiguous: false });
});

test.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_BODY_TIMEOUT", "HPE_INVALID_CONSTANT"])(
  "takes %s for a message that may have arrived",
  (code) => {
    expect(networkFailure(coded(code))).toMatchObject({ outcome: "unavailable", ambiguous: true, answer: { code } });
  },
);

test.each(["TimeoutError", "AbortError"])("takes a %s for a message that may have arrived", (name) => {
  expect(networkFailure(named(name))).toMatchObject({ outcome: "unavailable", ambiguous: true });
});

test("tells an answer that is not HTTP by the name of undici's error, which has no code", () => {
  const garbled = Object.assign(new Error("it failed"), { name: "HTTPParserError" });
  const message = "the connection failed (HTTPParserError)";
  expect(networkFailure(coded("FETCH_FAILED", garbled))).toMatchObject({ ambiguous: true, message });
});

test("decides by the reason, however deep it lies", () => {
  const wrapped = coded("FETCH_FAILED", new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }));
  expect(networkFailure(wrapped)).toMatchObject({ ambiguous: false, message: "could not connect (ECONNREFUSED)" });
  const original = Object.assign(new Error("request error"), { code: "vendor_error", original: coded("EPIPE") });
  expect(networkFailure(original)).toMatchObject({ ambiguous: true, answer: { code: "EPIPE" } });
  expect(networkFailure(coded("FETCH_FAILED"))).toMatchObject({ ambiguous: true });
});

test("rejects for an address that may not be reached, and names the option", () => {
  const refused = networkFailure(coded("FETCH_FAILED", coded("ADDRESS_REFUSED")));
  expect(refused).toBeInstanceOf(Rejected);
  expect(refused?.message).toContain("allowPrivateNetwork");
});

test("keeps the error as the cause, and nothing of its text", () => {
  const error = Object.assign(new Error("to https://example.com/secret"), { code: "ECONNRESET" });
  const failure = networkFailure(error);
  expect(failure?.cause).toBe(error);
  expect(failure?.message).not.toContain("secret");
});

test.each([
  ["a mistake in a plugin", new TypeError("x is not a function")],
  ["a file system's error", coded("ENOENT")],
  ["a request that undici will not send", coded("UND_ERR_INVALID_ARG")],
  ["a code that is a number", Object.assign(new Error("it failed"), { code: 500 })],
  ["no error", "ECONNRESET"],
  ["nothing", undefined],
])("does not take %s for a network failure", (_what, error) => {
  expect(networkFailure(error)).toBeUndefined();
});

test.each(["ECONNRESET", "TimeoutError"])("never takes a reading that failed by %s for ambiguous", (code) => {
  expect(networkFailure(coded(code), { writes: false })).toMatchObject({ outcome: "unavailable", ambiguous: false });
});

test("survives a chain of causes that bites its tail", () => {
  const error: Error & { cause?: unknown } = new Error("round");
  error.cause = error;
  expect(networkFailure(error)).toBeUndefined();
});

const now = Date.parse("2026-03-02T09:00:00Z");

test.each([
  ["0", 0],
  ["7", 7],
  [" 120 ", 120],
  ["1.5", 1.5],
  ["Mon, 02 Mar 2026 09:01:00 GMT", 60],
  ["Mon, 02 Mar 2026 08:00:00 GMT", 0],
])("reads the Retry-After %j as %d seconds", (header, seconds) => {
  expect(parseRetryAfter(header, now)).toBe(seconds);
});

test("reads the Retry-After of any class of headers, and none from anything else", () => {
  expect(retryAfterOf(new Headers({ "retry-after": "7" }))).toBe(7);
  expect(retryAfterOf({ get: (name: string) => (name === "retry-after" ? "7" : null) })).toBe(7);
  expect([new Headers(), { "retry-after": "7" }, null, undefined].map(retryAfterOf)).toEqual(Array(4).fill(undefined));
});

test.each([null, undefined, "", "soon", "-5", "1e3", "NaN", "Infinity", "March", "9".repeat(400)])(
  "reads no wait from the Retry-After %j",
  (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  },
);

test.each([
  [301, "rejected"],
  [304, "rejected"],
  [308, "rejected"],
  [400, "rejected"],
  [401, "unavailable"],
  [403, "unavailable"],
  [404, "unavailable"],
  [405, "rejected"],
  [408, "unavailable"],
  [409, "unavailable"],
  [410, "rejected"],
  [413, "rejected"],
  [415, "rejected"],
  [422, "rejected"],
  [425, "unavailable"],
  [429, "rate-limited"],
  [500, "unavailable"],
  [501, "rejected"],
  [503, "unavailable"],
  [504, "unavailable"],
  [599, "unavailable"],
])("takes HTTP %i for %s", (status, outcome) => {
  expect(httpFailure(status)).toMatchObject({ outcome, answer: { status } });
});

test("knows which statuses leave open whether the message arrived", () => {
  const ambiguous = [401, 404, 408, 500, 502, 504].filter((status) => {
    const failure = httpFailure(status);
    return failure.outcome === "unavailable" && failure.ambiguous;
  });
  expect(ambiguous).toEqual([408, 500, 502, 504]);
});

test("waits as long as asked, whatever the status, but never for a redirect", () => {
  expect(httpFailure(429, { retryAfter: "7" })).toMatchObject({ outcome: "rate-limited", retryAfter: 7 });
  expect(httpFailure(503, { retryAfter: "7" })).toMatchObject({ outcome: "rate-limited", retryAfter: 7 });
  expect(httpFailure(429, { retryAfter: "soon" })).toMatchObject({ outcome: "rate-limited", retryAfter: 30 });
  expect(httpFailure(413, { retryAfter: "7" })).toMatchObject({ outcome: "rate-limited", retryAfter: 7 });
  expect(httpFailure(301, { retryAfter: "7" })).toMatchObject({ outcome: "rejected" });
});
