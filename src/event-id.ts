const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** `evt_` and 26 characters: 10 of time, so that ids sort by receipt, and 16 of randomness (the ULID layout, in lower case). */
export function eventId(nowMs: number, random: Uint8Array): string {
  let time = "";
  for (let rest = nowMs, digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) time = at(rest % 32) + time;
  return `evt_${time}${[...random.subarray(0, 16)].map((byte) => at(byte % 32)).join("")}`;
}

function at(index: number): string {
  return ALPHABET.charAt(index);
}
