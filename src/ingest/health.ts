import type { WorkLedger } from "../ledger/ledger.ts";
import type { Answer } from "./answers.ts";

export function healthz(): Answer {
  return { status: 200, headers: {}, body: { status: "ok" } };
}

/** Ready: the ledger answers and the relay is not stopping. */
export async function readyz(ledger: Pick<WorkLedger, "ping">, isStopping: boolean): Promise<Answer> {
  if (isStopping) return notReady("stopping");
  try {
    await ledger.ping();
  } catch {
    return notReady("the ledger does not answer");
  }
  return { status: 200, headers: {}, body: { status: "ready" } };
}

function notReady(reason: string): Answer {
  return { status: 503, headers: { "retry-after": "5" }, body: { status: "not ready", reason } };
}
