import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { everything, SPREADSHEET } from "../support/everything.ts";
import { startProgram, type RunningRelay } from "../support/program.ts";

const CYCLES = 50;
const CONNECTIONS = 4;
const MOST_ACKNOWLEDGED = 16;
const BOOKINGS = 8;

/** A booking moved for the n-th time: same uid, one more in its sequence. */
function moved(number: number): string {
  const uid = `killedBooking${number % BOOKINGS}00000000`;
  const start = new Date(Date.UTC(2026, 5, 1, 9) + number * 60_000);
  return JSON.stringify({
    triggerEvent: "BOOKING_RESCHEDULED",
    createdAt: new Date(Date.UTC(2026, 4, 1) + number * 1_000).toISOString(),
    payload: {
      uid,
      bookingId: 700 + (number % BOOKINGS),
      title: `Booking ${number % BOOKINGS}`,
      status: "ACCEPTED",
      startTime: start.toISOString(),
      endTime: new Date(start.getTime() + 1_800_000).toISOString(),
      iCalUID: `${uid}@Cal.com`,
      iCalSequence: number,
      organizer: { name: "Mara", email: "mara@example.com", timeZone: "Europe/Stockholm", language: { locale: "en" } },
      attendees: [{ name: "Ada", email: "ada@example.org", timeZone: "UTC", language: { locale: "en" } }],
    },
  });
}

/**
 * Posts without a pause from several connections, and kills the relay at a random moment: up to 30 ms after a random one of its
 * acknowledgements. Gives the ids of the events that were acknowledged.
 */
async function burst(relay: RunningRelay, next: () => number): Promise<string[]> {
  const acknowledged: string[] = [];
  const fatal = Math.ceil(Math.random() * MOST_ACKNOWLEDGED);
  const killed = Promise.withResolvers<unknown>();
  let isDoomed = false;

  async function postUntilCut(): Promise<void> {
    while (true) {
      const { status, body } = await relay.post(moved(next()));
      if (status === 202) acknowledged.push(String(body["event"]));
      if (isDoomed || acknowledged.length < fatal) continue;
      isDoomed = true;
      setTimeout(() => void relay.end("SIGKILL").then(killed.resolve, killed.reject), Math.random() * 30);
    }
  }

  // Each connection ends by being cut; the request that was under way was not acknowledged.
  await Promise.allSettled(Array.from({ length: CONNECTIONS }, postUntilCut));
  await killed.promise;
  return acknowledged;
}

test(
  "kill -9 at 50 random moments of a burst loses nothing acknowledged, and doubles nothing that is keyed",
  { timeout: 240_000 },
  async () => {
    const { folder, env, sheets, notion, receiver } = await everything();
    const acknowledged: string[] = [];
    let posted = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const relay = await startProgram({ cwd: folder, env });
      acknowledged.push(...(await burst(relay, () => (posted += 1))));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(CYCLES);

    const relay = await startProgram({ cwd: folder, env });
    await vi.waitFor(
      async () => {
        const { text } = await relay.get("/metrics");
        expect(text.match(/^cal_relay_deliveries\{[^}]*state="(waiting|running)"\} [1-9]/m)).toBeNull();
      },
      { timeout: 120_000, interval: 100 },
    );
    const lines = readFileSync(join(folder, "events.jsonl"), "utf8").trimEnd().split("\n");
    const archived = new Set(lines.map((line) => (JSON.parse(line) as { event: string }).event));
    const forwarded = new Set(receiver.received().map(({ body }) => (JSON.parse(body) as { event: string }).event));
    expect(acknowledged.filter((event) => !archived.has(event))).toEqual([]);
    expect(acknowledged.filter((event) => !forwarded.has(event))).toEqual([]);

    const [, ...rows] = sheets.rows(SPREADSHEET, "Bookings");
    expect(rows).toHaveLength(BOOKINGS);
    expect(new Set(rows.map(([key]) => key)).size).toBe(BOOKINGS);
    expect(notion.pages().filter(({ trashed }) => !trashed)).toHaveLength(BOOKINGS);
    expect((await relay.end("SIGTERM")).code).toBe(0);
  },
);
