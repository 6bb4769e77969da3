import type { z } from "zod";
import { markVersion } from "./version.ts";

/** What a delivery is about. The same data that templates see. */
export interface SinkEvent {
  /** `evt_…` */
  readonly id: string;
  /** The source's name in the YAML. */
  readonly source: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** `BOOKING_CREATED`; null for a body that names none. */
  readonly trigger: string | null;
  /** When Cal.com sent it: ISO 8601 in UTC. */
  readonly createdAt: string;
  /** As Cal.com sent it. */
  readonly payload: unknown;
  /** The normalised view, of one shape for every trigger; see the project's README, "Templates". */
  readonly booking: Readonly<Record<string, unknown>>;
  /** What the guest answered: question's slug → plain value. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** The whole body as received. */
  readonly body: string;
}

/**
 * A small JSON value kept per target and booking: a message's id, a page's id. Written in the commit that settles the try, whatever its
 * outcome, and lost with a try that a crash cut short.
 */
export interface SinkMemory {
  /** What was set last, by this try or by an earlier one of this booking to this target; undefined at first. Check its shape. */
  get(): unknown;
  /** Replaces it. */
  set(value: unknown): void;
}

/** What `fetch` takes, and what it may reach. */
export interface SinkFetchInit extends RequestInit {
  /** True, or the addresses and CIDR ranges that may be reached although they are private, loopback or link-local. */
  readonly allowPrivateNetwork?: boolean | readonly string[];
}

/**
 * WHATWG fetch as the relay wants it: ends with the delivery's deadline, never follows a redirect (a 3xx is returned as it is), connects
 * only to public addresses unless told otherwise (checked on the very address it connects to), uses no environment proxy.
 * A refused address rejects with `code: "ADDRESS_REFUSED"` in the cause chain; `networkFailure` knows it.
 */
export type SinkFetch = (url: string | URL, init?: SinkFetchInit) => Promise<Response>;

export interface ResolveOptions extends Pick<SinkFetchInit, "allowPrivateNetwork"> {
  readonly signal: AbortSignal;
}

/** Structured log lines; secrets of the connection are masked. Keep payload and addresses out of them. */
export interface SinkLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** One try at bringing one event to one target. */
export interface SinkDelivery {
  /** `dlv_…`, the same on every try: the idempotency key. */
  readonly id: string;
  /** 1 on the first try. */
  readonly attempt: number;
  /** True when an earlier try may have arrived: look before writing, where the sink can look. */
  readonly maybeDelivered: boolean;
  /** Aborts at the sink's `timeout` and at a forced stop. Pass it on, or use `fetch`, which already honours it. */
  readonly signal: AbortSignal;
  /** What it is about; usually the message says all that is needed. */
  readonly event: SinkEvent;
  /** What survives reschedules; an event without a booking has its own id. Deliveries that share it come one at a time, in order. */
  readonly bookingKey: string;
  /** What earlier deliveries of the same booking to the same target have kept. */
  readonly memory: SinkMemory;
  /** The way to the network; ends with `signal`. */
  readonly fetch: SinkFetch;
  readonly log: SinkLog;
}

/** What a successful try tells about itself; kept with the attempt and shown by `deliveries show`. */
export interface Receipt {
  /** The vendor's id of what was written. */
  readonly id?: string | undefined;
  /** Where a person can see it. */
  readonly url?: string | undefined;
  /** What came back, short: `{ status: 200, body: "ok" }`. */
  readonly answer?: unknown;
  /** What people should know though it worked: "text cut at 4,000 characters". */
  readonly note?: string | undefined;
}

/** What the relay gives an opened sink for its whole life. */
export interface SinkHost {
  /** The sink's name in the YAML. */
  readonly name: string;
  readonly log: SinkLog;
  /** Like `delivery.fetch`, without a delivery's deadline: pass a signal. For tokens and checks. */
  readonly fetch: SinkFetch;
  /**
   * Looks a host's name up as `fetch` does, and connects to nothing. Rejects where the name is not known (`code` ENOTFOUND and its like), or
   * has only addresses that `fetch` would refuse (`code: ADDRESS_REFUSED`). For checks.
   */
  readonly resolve: (hostname: string, options: ResolveOptions) => Promise<void>;
  /**
   * Runs one at a time what shares a key, across all sinks of this type in the process: a spreadsheet, an upsert key. A turn whose signal
   * aborts while it waits rejects with Unavailable, and not an ambiguous one, for nothing of it was done.
   */
  serially<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** A sink that is open: what `open` resolves with. It serves many deliveries, several at once. */
export interface OpenSink<Message> {
  /**
   * One try, no retries of its own. Resolves once the vendor has taken the message; throws one of the four failures otherwise. Anything
   * else that is thrown counts as a defect of the plugin: it is logged, and tried again as after Unavailable.
   */
  deliver(message: Message, delivery: SinkDelivery): Promise<Receipt | undefined>;
  /**
   * For `check --online`: asks the vendor, changes nothing, and says what to mend, a sentence each; null asks about the connection alone.
   * One of the four failures, thrown, counts as such a sentence.
   */
  check?(message: Message | null, signal: AbortSignal): Promise<readonly string[]>;
  /** Called once, after the last delivery has ended. */
  close?(): Promise<void>;
}

/** Where a rendered value lands inside a target, for `escape`. */
export interface Place {
  /** From the target's root: `["blocks", 0, "text", "text"]`. */
  readonly path: readonly (string | number)[];
  /** The object or array in the configuration that holds the string; undefined at the root. */
  readonly parent: unknown;
  /** The whole target in the configuration, for an escape that depends on another field. */
  readonly root: unknown;
  /** The template's own text. */
  readonly template: string;
}

/** What a sink bears where the YAML does not say otherwise. */
export interface SinkLimits {
  /** How many deliveries of this sink run at once. */
  readonly concurrency?: number;
  /** Such as `1/s` or `50/min`. */
  readonly rate?: string;
}

/** The keys of a known shape; any string where the shape is not known, so that every plugin is a `SinkPlugin`. */
type KeyOf<Shape> = unknown extends Shape ? string : keyof Shape & string;

/** A kind of sink, as `defineSink` takes and returns it. */
export interface SinkPlugin<Connection extends z.ZodType = z.ZodType, Message extends z.ZodType = z.ZodType> {
  /** The name after `type:` in the YAML: `[a-z0-9-]+`. */
  readonly type: string;
  /** For people: "Slack message". */
  readonly title: string;
  /** What stands under `sinks.<name>`, besides the relay's own keys. A strict object. */
  readonly connection: Connection;
  /** What a target renders to, besides `sink`. A strict object. */
  readonly message: Message;
  /** Keys of the connection whose values are masked in every log line, error and page. */
  readonly secrets: readonly KeyOf<z.output<Connection>>[];
  /** Defaults for the sink's `concurrency` and `rate`; without them 4 at once, and no rate. */
  readonly limits?: SinkLimits;
  /** What `limits.rate` counts apart, such as a channel; without it the whole sink counts together. */
  lane?(message: z.output<Message>): string;
  /**
   * What this message keeps in step with its booking, such as a row that is updated in place, by any text that names it; null where it makes
   * something new. The relay skips a delivery whose view of the booking is older than the one it last delivered to the same thing.
   * Without it, every message is delivered.
   */
  keepsInStep?(message: z.output<Message>): string | null;
  /**
   * Makes a text that a template puts out (`{{ }}`, not the author's own words) harmless where it lands. Throws Rejected for a text that
   * cannot be made so, with advice that does not quote it.
   */
  escape?(text: string, place: Place): string;
  /**
   * For `cal-relay preview`: the message as people would see it at the vendor, in lines of text; without it, it is shown as YAML. Secrets of the
   * connection are masked in what it returns.
   */
  preview?(message: z.output<Message>, about: Previewed<z.output<Connection>>): string;
  /**
   * Called before the first delivery, and again before the next one where it threw: Misconfigured, say, for a key file that cannot be
   * read. Load a vendor's SDK here with `await import()`.
   */
  open(connection: z.output<Connection>, host: SinkHost): Promise<OpenSink<z.output<Message>>>;
}

/** What a message is shown with, for `preview`. */
export interface Previewed<Connection> {
  /** Null where the sink runs dry, for want of a variable. */
  readonly connection: Connection | null;
  readonly event: SinkEvent;
}

/**
 * Describes a sink: the one default export of a plugin file. Gives the types of `open` and `deliver` from the two schemas, and marks the
 * plugin with the SDK's version.
 */
export function defineSink<Connection extends z.ZodType, Message extends z.ZodType>(
  plugin: SinkPlugin<Connection, Message>,
): SinkPlugin<Connection, Message> {
  markVersion(plugin);
  return plugin;
}
