/** From here on people want to see that something happens. */
const PATIENCE_MS = 1_000;

/**
 * Says beforehand how many there are, and how far it is on a terminal where it takes more than a second. On stderr: standard output is for
 * the result. Call with 0 at first, and with the total at last.
 */
export function createProgress(sentence: (total: number) => string): (done: number, total: number) => void {
  const startedAt = performance.now();
  let isShown = false;
  return (done, total) => {
    if (done === 0) process.stderr.write(`${sentence(total)}\n`);
    else if (process.stderr.isTTY && (isShown || performance.now() - startedAt > PATIENCE_MS)) {
      isShown = true;
      process.stderr.write(`\r${done} of ${total}${done === total ? "\n" : ""}`);
    }
  };
}

/** `1 delivery`, `3 deliveries`. */
export function countedDeliveries(count: number): string {
  return `${count} ${count === 1 ? "delivery" : "deliveries"}`;
}
