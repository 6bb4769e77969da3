const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const RANDOM = 16;
/** Drawn at once: asking the system for 16 bytes costs as much as for a thousand. */
const POOL = 64 * RANDOM;

/**
 * Makes ids of events by the millisecond of receipt: `evt_` and 26 characters, 10 of time, so that ids sort by receipt, and 16 of randomness
 * (the ULID layout, in lower case).
 */
export function createEventIds(randomBytes: (size: number) => Uint8Array): (nowMs: number) => string {
  let pool: Uint8Array = new Uint8Array();
  return function newEventId(nowMs) {
    if (pool.length < RANDOM) pool = randomBytes(POOL);
    const random = pool.subarray(0, RANDOM);
    pool = pool.subarray(RANDOM);
    let id = "";
    for (let rest = nowMs, digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) id = at(rest % 32) + id;
    for (const byte of random) id += at(byte % 32);
    return `evt_${id}`;
  };
}

function at(index: number): string {
  return ALPHABET.charAt(index);
}
