import { afterEach, expect, test, vi } from "vitest";
import { countedDeliveries, createProgress } from "../../src/cli/progress.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is written to stderr, a terminal or not, by a progress that is told of these, each with the milliseconds since its start. */
function shown(isTerminal: boolean, ...steps: readonly (readonly [ms: number, done: number])[]): string {
  let written = "";
  let now = 5_000;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written += String(text);
    return true;
  });
  vi.spyOn(process, "stderr", "get").mockReturnValue(
    Object.assign(Object.create(process.stderr), { isTTY: isTerminal }),
  );
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const progress = createProgress((total) => `putting back ${countedDeliveries(total)}`);
  for (const [ms, done] of steps) {
    now = 5_000 + ms;
    progress(done, 600);
  }
  return written;
}

test("says beforehand how many there are, and no more where it is quick", () => {
  expect(shown(true, [0, 0], [400, 250], [800, 500], [900, 600])).toBe("putting back 600 deliveries\n");
});

test("says how far it is from the first second on, and ends its line", () => {
  expect(shown(true, [0, 0], [900, 250], [1_100, 500], [1_200, 600])).toBe(
    "putting back 600 deliveries\n\r500 of 600\r600 of 600\n",
  );
});

test("draws nothing over itself where nobody watches", () => {
  expect(shown(false, [0, 0], [5_000, 250], [9_000, 600])).toBe("putting back 600 deliveries\n");
});

test("counts one as one", () => {
  expect([countedDeliveries(0), countedDeliveries(1), countedDeliveries(2)]).toEqual([
    "0 deliveries",
    "1 delivery",
    "2 deliveries",
  ]);
});
