import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, untilReady, type Launched, type RunningRelay } from "../support/process.ts";
import { startVendors, type Vendors } from "../support/vendors.ts";

export const SPREADSHEET = "spreadsheet-of-bookings";
export const CHANNELS = { message: "C0000000001", thread: "C0000000002", edit: "C0000000003" } as const;
const ownSink = fileURLToPath(new URL("own-sink.ts", import.meta.url));

/** `full`: every kind of target. `light`: without the vendors' SDKs, which take a relay as long to load as all the rest. */
export type Equipment = "full" | "light";

export interface Arena extends AsyncDisposable {
  readonly equipment: Equipment;
  readonly vendors: Vendors;
  readonly ledgerFile: string;
  /** Where the sink `file` writes, and the test's own one. */
  readonly lines: { readonly file: string; readonly own: string };
  /** While this file is there, the next line of the test's own sink ends the relay. */
  readonly trigger: string;
  /** Starts a relay on the one ledger. Where that is a file, the relay before has to be over. */
  start(): Promise<RunningRelay>;
}

const OWN_LEDGER = "sqlite:./relay.db";

/** Relays with their targets, and the stand-ins that outlive them. Nothing is left of them however the process ends. */
export async function openArena(equipment: Equipment, storage = OWN_LEDGER): Promise<Arena> {
  const vendors = await startVendors(Object.entries(CHANNELS).map(([name, id]) => ({ id, name })));
  for (const sheet of ["Keyed", "Log"]) vendors.sheets.setRows(SPREADSHEET, sheet, []);
  const folder = mkdtempSync(join(tmpdir(), "cal-relay-torture-"));
  writeFileSync(join(folder, "relay.config.yaml"), configuration(equipment, storage, vendors));
  const running = new Set<Launched>();

  function remove(): void {
    for (const { child } of running) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  process.once("exit", remove);

  return {
    equipment,
    vendors,
    ledgerFile: join(folder, "relay.db"),
    lines: { file: join(folder, "file.jsonl"), own: join(folder, "own.jsonl") },
    trigger: join(folder, "kill"),
    start() {
      const launched = launch(["start"], { cwd: folder, env: vendors.env });
      running.add(launched);
      void launched.over.then(() => running.delete(launched));
      return untilReady(launched);
    },
    async [Symbol.asyncDispose]() {
      const over = [...running].map(({ child, over: end }) => {
        child.kill("SIGKILL");
        return end;
      });
      await Promise.all(over);
      await vendors[Symbol.asyncDispose]();
      process.off("exit", remove);
      remove();
    },
  };
}

function configuration(equipment: Equipment, storage: string, vendors: Vendors): string {
  const { webhook, ...others } = vendors.sinks;
  const sinks = equipment === "full" ? [webhook, ...Object.values(others)] : [webhook];
  return `
server: { host: 127.0.0.1, port: 0 }
storage: ${storage}
defaults: { retry: { first: 50ms, max: 500ms, for: 1h } }
plugins: ["${ownSink}"]
sources:
  cal: { secret: "\${CAL_WEBHOOK_SECRET}" }
sinks:
  file: { type: file, path: ./file.jsonl }
  own: { type: own, path: ./own.jsonl, trigger: ./kill }
${sinks.join("\n")}
routes:
  - name: everything
    on: "*"
    to:
      - { sink: file, line: { event: "{{ event.id }}" } }
      - { sink: own, event: "{{ event.id }}" }
      - { sink: webhook, body: { event: "{{ event.id }}" } }
${equipment === "full" ? vendorTargets(vendors) : ""}`;
}

function vendorTargets({ notion }: Vendors): string {
  return `
      - sink: sheet
        spreadsheet: ${SPREADSHEET}
        sheet: Keyed
        key: Booking
        row: { Booking: "{{ booking.key }}", Sequence: "{{ booking.sequence }}" }
      - { sink: sheet, spreadsheet: ${SPREADSHEET}, sheet: Log, row: { Event: "{{ event.id }}" } }
      - sink: notion
        dataSource: ${notion.dataSource.bookings}
        key: Booking
        properties: { Name: "{{ event.id }}", Booking: "{{ booking.key }}", Minutes: "{{ booking.sequence }}" }
      - { sink: notion, dataSource: ${notion.dataSource.rooms}, properties: { Name: "{{ event.id }}" } }
      - { sink: slack, channel: ${CHANNELS.message}, text: "{{ event.id }}" }
      - { sink: slack, channel: ${CHANNELS.thread}, onUpdate: thread, text: "{{ event.id }} {{ booking.key }}" }
      - { sink: slack, channel: ${CHANNELS.edit}, onUpdate: edit, text: "{{ booking.key }} {{ booking.sequence }}" }
`;
}
