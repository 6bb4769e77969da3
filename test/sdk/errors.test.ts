import { expect, test } from "vitest";
import { isSinkFailure, Misconfigured, RateLimited, Rejected, SinkError, Unavailable } from "../../src/sdk/index.ts";

const four = [
  ["Rejected", new Rejected("no such channel"), "rejected"],
  ["Unavailable", new Unavailable("HTTP 502"), "unavailable"],
  ["RateLimited", new RateLimited("HTTP 429", { retryAfter: 7 }), "rate-limited"],
  ["Misconfigured", new Misconfigured("the token was revoked"), "misconfigured"],
] as const;

test.each(four)("%s has its name, its outcome and the brand", (name, failure, outcome) => {
  expect(failure).toMatchObject({ name, outcome });
  expect(failure).toBeInstanceOf(SinkError);
  expect(isSinkFailure(failure)).toBe(true);
});

test("keeps cause and answer, and has no cause where none is given", () => {
  const cause = new Error("reset");
  expect(new Rejected("no", { cause, answer: { status: 400 } })).toMatchObject({ cause, answer: { status: 400 } });
  expect(new Rejected("no")).not.toHaveProperty("cause");
});

test("is unambiguous and without a wait unless told", () => {
  expect(new Unavailable("down")).toMatchObject({ ambiguous: false, retryAfter: undefined });
  expect(new Unavailable("down", { ambiguous: true, retryAfter: 60 })).toMatchObject({
    ambiguous: true,
    retryAfter: 60,
  });
});

test("knows the failures of another copy of the SDK", async () => {
  const copy: object = await import(new URL("../../src/sdk/errors.ts?another-copy", import.meta.url).href);
  if (!("Rejected" in copy) || typeof copy.Rejected !== "function") throw new Error("the copy was not loaded");
  const failure: unknown = Reflect.construct(copy.Rejected, ["no"]);
  expect(failure).not.toBeInstanceOf(Rejected);
  expect(isSinkFailure(failure)).toBe(true);
});

test.each([
  ["an error", new Error("it failed")],
  ["something that looks like one", { outcome: "rejected", message: "no" }],
  ["an error with an outcome", Object.assign(new Error("no"), { outcome: "rejected" })],
  ["one of an outcome of its own", Object.assign(new Rejected("no"), { outcome: "postponed" })],
  ["nothing", undefined],
])("does not take %s for one of the four", (_what, error) => {
  expect(isSinkFailure(error)).toBe(false);
});
