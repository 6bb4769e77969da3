import { expect, test } from "vitest";
import { readAddress, secretsOf } from "../../src/ledger/address.ts";

test.each([
  ["sqlite:./data/relay.db", { kind: "sqlite", file: "./data/relay.db" }],
  ["sqlite:///var/lib/relay.db", { kind: "sqlite", file: "/var/lib/relay.db" }],
  ["postgres://u:p@db/relay", { kind: "postgres", url: "postgres://u:p@db/relay", pool: 10, leaseSeconds: 30 }],
  [
    "postgresql://u:p%2B@db:6432/relay?sslmode=verify-full&pool=4&lease=15s",
    { kind: "postgres", url: "postgresql://u:p%2B@db:6432/relay?sslmode=verify-full", pool: 4, leaseSeconds: 15 },
  ],
  ["postgres://db/relay?lease=10s", { kind: "postgres", url: "postgres://db/relay", pool: 10, leaseSeconds: 10 }],
])("reads %s", (storage, address) => {
  expect(readAddress(storage)).toEqual(address);
});

test.each([
  ["mysql://u:p@db/relay", /^expected sqlite:<path>/],
  ["postgres://", /^expected sqlite:<path>/],
  ["postgres://[broken/relay", /^expected sqlite:<path>/],
  ["sqlite:", /^expected sqlite:<path>/],
  ["postgres://db/relay?pool=1", /^pool: expected 2 to 500/],
  ["postgres://db/relay?pool=ten", /^pool: expected/],
  ["postgres://db/relay?lease=5s", /^lease: expected 10s to 300s/],
  ["postgres://db/relay?lease=30", /^lease: expected/],
])("says what is wrong with %s", (storage, message) => {
  expect(readAddress(storage)).toEqual({ kind: "problem", message: expect.stringMatching(message) as string });
});

test("knows the password as it is written and as it is meant", () => {
  expect(secretsOf("postgres://relay:pa%20ss@db/relay")).toEqual(["pa%20ss", "pa ss"]);
  expect(secretsOf("postgres://relay:100%25%@db/relay")).toEqual(["100%25%"]);
  expect(secretsOf("postgres://relay@db/relay")).toEqual([]);
  expect(secretsOf("sqlite:./relay.db")).toEqual([]);
  expect(secretsOf(null)).toEqual([]);
});
