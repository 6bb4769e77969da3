import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "./temp.ts";
import { startVendors, type Vendors } from "./vendors.ts";

export const SPREADSHEET = "spreadsheet-of-bookings";

export interface Everything extends Vendors {
  /** Holds the configuration; the program's working directory. */
  readonly folder: string;
}

/** Every built-in sink, pointed at a stand-in of its vendor, and a route of every event to each of them. */
export async function everything(): Promise<Everything> {
  const vendors = await startVendors([{ id: "C0000000001", name: "bookings" }]);
  onTestFinished(() => vendors[Symbol.asyncDispose]());
  vendors.sheets.setRows(SPREADSHEET, "Bookings", []);
  const folder = tempFolder();
  writeFileSync(join(folder, "relay.config.yaml"), configuration(vendors));
  return { ...vendors, folder };
}

function configuration({ sinks, notion }: Vendors): string {
  return `
server: { host: 127.0.0.1, port: 0, shutdownGrace: 5s }
storage: sqlite:./relay.db
defaults: { retry: { first: 50ms, max: 500ms, for: 1h } }
sources:
  cal: { secret: "\${CAL_WEBHOOK_SECRET}" }
sinks:
  archive: { type: file, path: ./events.jsonl }
${Object.values(sinks).join("\n")}
routes:
  - name: everything
    on: "*"
    to:
      - sink: slack
        channel: "#bookings"
        onUpdate: thread
        text: "*{{ booking.title | default: trigger }}* {{ booking.status }} {{ booking.start | local: booking.organizer }}"
      - sink: sheet
        spreadsheet: ${SPREADSHEET}
        sheet: Bookings
        key: Booking
        row: { Booking: "{{ booking.key }}", Status: "{{ booking.status }}", Start: "{{ booking.start }}", Guest: "{{ booking.attendee.email }}" }
      - sink: notion
        database: ${notion.database.bookings}
        key: Booking
        properties: { Name: "{{ booking.title | default: trigger }}", Booking: "{{ booking.key }}", Start: "{{ booking.start }}", Guest: "{{ booking.attendee.email }}" }
      - sink: webhook
        body: { trigger: "{{ trigger }}", event: "{{ event.id }}", booking: "{{ booking }}" }
      - sink: archive
        line: { event: "{{ event.id }}", trigger: "{{ trigger }}" }
`;
}
