import { sample } from "../../src/cal/samples.ts";
import { sign } from "../../src/cal/signature.ts";

export const SECRET = "bench-secret";

/** Two kilobytes: a booking as older versions of Cal.com send it. */
const booking = sample("BOOKING_CREATED.old").split("bM3jWs7NfKx5RqVd2TzC8y");
const noShow = sample("BOOKING_NO_SHOW_UPDATED").split("wN5xJt8KbMz3PqHd6RfY2s");

/** A body that no other number has, about a booking of its own. */
export function webhook(number: number): string {
  return booking.join(uidOf(number));
}

/** The same in a quarter of a kilobyte. */
export function shortWebhook(number: number): string {
  return noShow.join(uidOf(number));
}

/** How a number's body names its booking. */
export function uidOf(number: number): string {
  return `bench-uid-${String(number).padStart(12, "0")}`;
}

/** The number of a body. */
export function numberOf(body: string): number {
  return Number(/bench-uid-(\d+)/.exec(body)?.[1]);
}

/** The headers of a body, as Cal.com sends them. */
export function signed(body: string): Record<string, string> {
  return { "content-type": "application/json", "x-cal-signature-256": sign(body, SECRET) };
}
