import { Slots } from "../slots.ts";
import type { MessagePort, Worker } from "node:worker_threads";

/** What one thread offers another: functions by name, whose arguments and results can be cloned. */
export type Offer = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Everything that has come up in one turn of the event loop: a message a call would cost more than most calls. */
interface Parcel {
  readonly calls: readonly (readonly [id: number, name: string, args: readonly unknown[]])[];
  readonly answers: readonly (readonly [id: number, isError: boolean, value: unknown])[];
}

export interface Calls {
  /** Rejects with what the other thread's function threw, as `revive` makes it, and for all that is open when it ends. */
  call(name: string, args: readonly unknown[]): Promise<unknown>;
  /** Rejects everything that is open, and all that comes. */
  end(reason: Error): void;
}

export interface CallsOptions {
  readonly port: Pick<MessagePort | Worker, "on" | "postMessage">;
  /** What the other thread may call. */
  readonly offer: Offer;
  /** An error loses its class on the way: this is how it travels, and what it is made of on arrival. */
  readonly flatten: (error: unknown) => unknown;
  readonly revive: (flat: unknown) => Error;
}

/** Calls between two threads. Both ends of a port run one of these; what it is given to call with is the other's `offer`. */
export function createCalls({ port, offer, flatten, revive }: CallsOptions): Calls {
  const open = new Slots<PromiseWithResolvers<unknown>>();
  let calls: Parcel["calls"][number][] = [];
  let answers: Parcel["answers"][number][] = [];
  let scheduled = false;
  let ended: Error | undefined;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(send);
  }

  function send(): void {
    scheduled = false;
    const parcel: Parcel = { calls, answers };
    [calls, answers] = [[], []];
    if (ended === undefined) port.postMessage(parcel);
  }

  async function serve(id: number, name: string, args: readonly unknown[]): Promise<void> {
    const answer = await attend(name, args);
    answers.push([id, ...answer]);
    schedule();
  }

  async function attend(name: string, args: readonly unknown[]): Promise<[isError: boolean, value: unknown]> {
    try {
      // The two ends are of one program: `name` and `args` are what the types on the calling side allowed.
      return [false, await offer[name]?.(...(args as never[]))];
    } catch (error) {
      return [true, flatten(error)];
    }
  }

  port.on("message", (parcel: Parcel) => {
    for (const [id, name, args] of parcel.calls) void serve(id, name, args);
    for (const [id, isError, value] of parcel.answers) {
      const call = open.take(id);
      if (isError) call?.reject(revive(value));
      else call?.resolve(value);
    }
  });

  return {
    call(name, args) {
      if (ended !== undefined) return Promise.reject(ended);
      const call = Promise.withResolvers<unknown>();
      calls.push([open.put(call), name, args]);
      schedule();
      return call.promise;
    },
    end(reason) {
      ended = reason;
      for (const { reject } of open) reject(reason);
    },
  };
}
