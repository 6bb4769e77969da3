import { acting, type Acting } from "./acting.ts";
import { emptyShelves, memorySinks } from "./memory-sinks.ts";
import { FAULTS, plans } from "./plan.ts";
import { play, type Stage } from "./stage.ts";
import { SINKS } from "./standing.ts";
import { startWorld, type OpenLedgers } from "./world.ts";

export const memoryPlans = plans({ sinks: SINKS.length, faults: FAULTS, bookings: 3, steps: 8 });

const row = `key: "{{ booking.key }}", status: "{{ booking.status }}", start: "{{ booking.start }}", location: "{{ booking.location }}", absent: "{{ payload.attendees[0].noShow }}"`;
const yaml = `
defaults: { retry: { first: 1ms, max: 2ms, for: 30d } }
sources: { cal: { signature: off } }
sinks:
${SINKS.map((name) => `  ${name}: { type: model-${name}, timeout: 10ms, breaker: { after: 6 } }`).join("\n")}
routes:
  - name: all
    on: "*"
    to:
      - { sink: rows, ${row} }
      - { sink: pages, ${row} }
      - { sink: threads, text: "{{ event.id }}" }
      - { sink: edited, text: "{{ booking.status }} {{ booking.start }} {{ booking.location }}" }
      - { sink: lines, text: "{{ event.id }}" }
`;

/** So that the file stays small. */
const SWEPT_EVERY = 100;

/** Five sinks in memory behind a real ledger and workers: fast, and failing in every way. */
export async function openMemoryStage(ledgers?: OpenLedgers): Promise<Stage> {
  let shelves = emptyShelves();
  let actors: Acting | undefined;
  let count = 0;
  const plugins = memorySinks(
    () => shelves,
    async (...given) => actors?.act(...given),
  );
  const world = await startWorld(yaml, plugins, {}, ledgers);

  return {
    async run(plan) {
      const standing = (shelves = emptyShelves());
      const { tries, overlaps, failed } = (actors = acting(plan));
      world.next();
      const played = await play(world, plan, `sequence${(count += 1)}`);
      if (count % SWEPT_EVERY === 0) await world.ledger.sweep(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
      return { ...played, standing, tries, overlaps, injected: failed.length };
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
