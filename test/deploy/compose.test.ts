import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { builtInSinks } from "../../plugins/index.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { readAddress } from "../../src/ledger/address.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

const service = z.object({
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  environment: z.record(z.string(), z.string()).optional(),
  stop_grace_period: z.string(),
  restart: z.literal("unless-stopped"),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal("ALL")]),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]),
});
const compose = z
  .object({
    services: z.object({
      balancer: service,
      relay: service.extend({ deploy: z.object({ replicas: z.number() }) }),
      postgres: service,
    }),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read("compose.scale.yaml"), { merge: true }));
const { balancer, relay, postgres } = compose.services;
const databaseUrl = relay.environment?.["DATABASE_URL"]?.replace(/\$\{[^}]+\}/, "a-password") ?? "";

test("the balancer alone is reached from outside", () => {
  expect([balancer.ports, relay.ports, postgres.ports]).toEqual([["8080:8080"], undefined, undefined]);
  expect(read("deploy/haproxy.cfg")).toMatch(/^ +bind :8080$/m);
});

test("every file and volume that is mounted is there", () => {
  const sources = [balancer, relay, postgres].flatMap(({ volumes }) => volumes.map((one) => one.split(":")[0] ?? ""));
  const lost = sources.filter((one) =>
    one.startsWith("./") ? !existsSync(join(root, one)) : !(one in compose.volumes),
  );
  expect(lost).toEqual([]);
});

test("the balancer finds every relay where it listens", () => {
  const [, slots, host, port] = /server-template relay 1-(\d+) (\w+):(\d+)/.exec(read("deploy/haproxy.cfg")) ?? [];
  expect(Object.keys(compose.services)).toContain(host);
  expect(relay.environment?.["PORT"]).toBe(port);
  expect(Number(slots)).toBeGreaterThanOrEqual(relay.deploy.replicas);
});

test("a relay's storage is the database beside it", () => {
  const { hostname, username, pathname } = new URL(databaseUrl);
  expect(Object.keys(compose.services)).toContain(hostname);
  expect(postgres.environment).toMatchObject({ POSTGRES_USER: username, POSTGRES_DB: pathname.slice(1) });
  expect(readAddress(databaseUrl)).toMatchObject({ kind: "postgres" });
});

test("the configuration of this folder loads with it", async () => {
  const { config, problems } = await loadConfig({
    file: "relay.config.yaml",
    text: read("relay.config.yaml"),
    env: { DATABASE_URL: databaseUrl },
    readFile: () => "",
    plugins: builtInSinks,
    loadPlugin: () => Promise.reject(new Error("there is none")),
  });
  expect(problems.map(formatProblem)).toEqual([]);
  expect(config?.storage).toBe(databaseUrl);
  expect(Number.parseInt(relay.stop_grace_period, 10) * 1_000).toBeGreaterThan(
    config?.server.shutdownGraceMs ?? Infinity,
  );
});
