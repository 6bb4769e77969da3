import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Secret } from "kubernetes-models/v1/Secret";
import { Service } from "kubernetes-models/v1/Service";
import { validate as readDeployment } from "kubernetes-models/_schemas/IoK8sApiAppsV1Deployment";
import { validate as readConfigMap } from "kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap";
import { validate as readSecret } from "kubernetes-models/_schemas/IoK8sApiCoreV1Secret";
import { validate as readService } from "kubernetes-models/_schemas/IoK8sApiCoreV1Service";
import { validate as readIngress } from "kubernetes-models/_schemas/IoK8sApiNetworkingV1Ingress";
import { validate as readBudget } from "kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget";
import { z } from "zod";

interface Kind {
  /** Throws what does not fit. */
  readonly expect: (data: never) => void;
  /** Looks at every key that the schema knows. */
  readonly read: (data: unknown) => boolean;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "apps/v1 Deployment": { expect: (data) => new Deployment(data).validate(), read: readDeployment },
  "networking.k8s.io/v1 Ingress": { expect: (data) => new Ingress(data).validate(), read: readIngress },
  "policy/v1 PodDisruptionBudget": { expect: (data) => new PodDisruptionBudget(data).validate(), read: readBudget },
  "v1 ConfigMap": { expect: (data) => new ConfigMap(data).validate(), read: readConfigMap },
  "v1 Secret": { expect: (data) => new Secret(data).validate(), read: readSecret },
  "v1 Service": { expect: (data) => new Service(data).validate(), read: readService },
};

const head = z.object({ apiVersion: z.string(), kind: z.string() });

/** What Kubernetes would refuse, by its own schemas. They let unknown keys pass, its API server does not: those are what no schema reads. */
export function problemsOf(manifest: unknown): string[] {
  const { apiVersion, kind } = head.parse(manifest);
  const known = KINDS[`${apiVersion} ${kind}`];
  if (known === undefined) return [`${apiVersion} ${kind}: not a kind that is used here`];
  const unread = new Set<string>();
  known.read(tracked(manifest, kind, unread));
  return [...misfits(() => known.expect(manifest as never)), ...[...unread].map((path) => `${path}: unknown key`)];
}

function misfits(expectFit: () => void): string[] {
  try {
    expectFit();
    return [];
  } catch (error) {
    return [String(error)];
  }
}

/** A copy whose keys are in `unread` until someone reads them. */
function tracked(value: unknown, path: string, unread: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item, index) => tracked(item, `${path}[${index}]`, unread));
  if (typeof value !== "object" || value === null) return value;
  const copy = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = `${path}.${key}`;
    const child = tracked(inner, name, unread);
    unread.add(name);
    Object.defineProperty(copy, key, {
      enumerable: true,
      get() {
        unread.delete(name);
        return child;
      },
    });
  }
  return copy;
}
