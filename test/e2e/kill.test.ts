import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { everything, SPREADSHEET } from "../support/everything.ts";
import { startProgram, type RunningRelay } from "../support/program.ts";

const CYCLES = 50;
const BURST = 12;
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

/** Posts a burst and kills the relay `afterMs` into it. Gives the ids of the events that were acknowledged. */
async function burst(relay: RunningRelay, from: number, afterMs: number): Promise<string[]> {
  const acknowledged: string[] = [];
  const posts = Array.from({ length: BURST }, async (_, index) => {
    const { status, body } = await relay.post(moved(from + index));
    if (status === 202) acknowledged.push(String(body["event"]));
  });
  const killed = Promise.withResolvers<void>();
  setTimeout(() => void relay.end("SIGKILL").then(() => killed.resolve(), killed.reject), afterMs);
  // A request that the kill cut off was not acknowledged; that is what is being tried.
  await Promise.allSettled(posts);
  await killed.promise;
  return acknowledged;
}

test(
  "kill -9 at 50 random moments of a burst loses nothing acknowledged, and doubles nothing that is keyed",
  { timeout: 240_000 },
  async () => {
    const { folder, env, sheets, notion, receiver } = await everything();
    const acknowledged: string[] = [];
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const relay = await startProgram({ cwd: folder, env });
      acknowledged.push(...(await burst(relay, cycle * BURST, Math.random() * 120)));
    }
    expect(acknowledged.length).toBeGreaterThan(CYCLES);

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
