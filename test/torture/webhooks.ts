export const BOOKINGS = 24;

/** How a number's webhook names its booking. */
export function uidOf(number: number): string {
  return `torturedBooking${number % BOOKINGS}000000`;
}

/** A booking moved once more: its uid is one of a few, and its sequence grows with the number. */
export function moved(number: number): string {
  const uid = uidOf(number);
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
