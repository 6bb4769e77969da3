import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { builtInSinks } from "../../plugins/index.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { problemsOf } from "./manifest.ts";

const text = readFileSync(fileURLToPath(new URL("../../deploy/kubernetes.yaml", import.meta.url)), "utf8");
const manifests = parseAllDocuments(text).map((document) => z.looseObject({ kind: z.string() }).parse(document.toJS()));

const labels = z.record(z.string(), z.string());
const deployment = one(
  "Deployment",
  z.object({
    spec: z.object({
      replicas: z.number(),
      selector: z.object({ matchLabels: labels }),
      template: z.object({
        metadata: z.object({ labels }),
        spec: z.object({
          terminationGracePeriodSeconds: z.number(),
          containers: z.tuple([
            z.object({
              env: z.array(z.object({ name: z.string(), value: z.string() })),
              ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
              lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
              volumeMounts: z.array(z.object({ mountPath: z.string() })),
            }),
          ]),
        }),
      }),
    }),
  }),
);
const pod = deployment.spec.template;
const [container] = pod.spec.containers;
const config = one("ConfigMap", z.object({ data: z.object({ "relay.config.yaml": z.string() }) }));
const secret = one("Secret", z.object({ stringData: z.record(z.string(), z.string()) }));

test("Kubernetes takes every object", () => {
  expect(manifests.map(({ kind }) => kind)).toEqual([
    "ConfigMap",
    "Secret",
    "Deployment",
    "Service",
    "PodDisruptionBudget",
  ]);
  expect(manifests.flatMap(problemsOf)).toEqual([]);
});

test("Kubernetes takes the Ingress that is written as a comment", () => {
  const [, comment = ""] = text.split("\n# ---\n");
  expect(problemsOf(parse(comment.replaceAll(/^# /gm, "")))).toEqual([]);
});

test.for([
  ["replicas: 3", 'replicas: "3"', "/spec/replicas must be integer"],
  ["memory: 768Mi", "memory: 768MiB", "/limits/memory"],
  ["maxUnavailable: 0", "maxUnavailble: 0", "rollingUpdate.maxUnavailble: unknown key"],
  ["runAsNonRoot: true", "runAsNoRoot: true", "securityContext.runAsNoRoot: unknown key"],
  ["  selector: { matchLabels: { app.kubernetes.io/name: cal-relay } }\n  strategy", "  strategy", "selector"],
] as const)("Kubernetes would refuse, for %s, %s", ([right, wrong, problem]) => {
  const bad = parseAllDocuments(text.replace(right, wrong)).map((document): unknown => document.toJS());
  expect(bad.flatMap(problemsOf).join("\n")).toContain(problem);
});

test("the configuration in the ConfigMap loads with what the Secret gives, and with nothing less", async () => {
  expect(await problemsWith(secret.stringData)).toEqual([]);
  for (const name of Object.keys(secret.stringData))
    expect((await problemsWith({ ...secret.stringData, [name]: undefined })).join("\n")).toContain(name);
});

test("a relay is given more time than it takes to stop", () => {
  const { shutdownGrace } = settings().server;
  const seconds = Number(shutdownGrace.replace(/s$/, "")) + container.lifecycle.preStop.sleep.seconds;
  expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds);
});

test("the relay reads the file that is mounted, and listens where it is asked", () => {
  const [{ value: file } = { value: "" }] = container.env.filter(({ name }) => name === "CAL_RELAY_CONFIG");
  expect(container.volumeMounts.map(({ mountPath }) => `${mountPath}/relay.config.yaml`)).toContain(file);
  expect(container.ports).toEqual([{ name: "http", containerPort: settings().server.port }]);
});

test("the Service and the budget are about the relays, and the budget lets one of them go", () => {
  const service = one("Service", z.object({ spec: z.object({ selector: labels }) }));
  const budget = one(
    "PodDisruptionBudget",
    z.object({ spec: z.object({ minAvailable: z.number(), selector: z.object({ matchLabels: labels }) }) }),
  );
  expect(deployment.spec.selector.matchLabels).toEqual(pod.metadata.labels);
  expect(service.spec.selector).toEqual(pod.metadata.labels);
  expect(budget.spec.selector.matchLabels).toEqual(pod.metadata.labels);
  expect(budget.spec.minAvailable).toBe(deployment.spec.replicas - 1);
});

function settings(): { server: { port: number; shutdownGrace: string } } {
  const shape = z.object({ server: z.object({ port: z.number(), shutdownGrace: z.string() }) });
  return shape.parse(parse(config.data["relay.config.yaml"]));
}

async function problemsWith(env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const { problems } = await loadConfig({
    file: "relay.config.yaml",
    text: config.data["relay.config.yaml"],
    env,
    readFile: () => "",
    plugins: builtInSinks,
    loadPlugin: () => Promise.reject(new Error("there is none")),
  });
  return problems.map(formatProblem);
}

function one<T>(kind: string, schema: z.ZodType<T>): T {
  return schema.parse(manifests.find((manifest) => manifest.kind === kind));
}
