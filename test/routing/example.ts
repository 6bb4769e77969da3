import type { Booking, Event, Person } from "../../src/event.ts";

export const organizer: Person = {
  name: "Olga Host",
  email: "olga@example.com",
  timeZone: "America/New_York",
  locale: "en",
  phone: null,
  hourCycle: 12,
};

export const attendee: Person = {
  name: "Ana Guest",
  email: "ana@example.org",
  timeZone: "Europe/Berlin",
  locale: "de",
  phone: null,
  hourCycle: 24,
};

export const booking: Booking = {
  key: "exampleUid",
  uid: "exampleUid",
  id: 7,
  status: "ACCEPTED",
  title: "Intro & demo",
  type: "30min",
  start: "2026-12-01T09:30:00Z",
  end: "2026-12-01T10:00:00Z",
  minutes: 30,
  location: null,
  meetingUrl: "https://meet.example.com/x?a=1&b=2",
  price: 4500,
  currency: "usd",
  sequence: 0,
  organizer,
  attendee,
  attendees: [attendee],
  guests: [],
  cancellation: { reason: null, by: null, requestReschedule: null },
  reschedule: { fromUid: null, fromStart: null, fromEnd: null, by: null, reason: null },
  rejection: { reason: null },
};

export function exampleEvent(overrides: Partial<Event> = {}): Event {
  return {
    id: "evt_1",
    source: "cal",
    receivedAt: "2026-11-20T08:00:01.000Z",
    trigger: "BOOKING_CREATED",
    createdAt: "2026-11-20T08:00:00.000Z",
    payload: {
      type: "30min",
      startTime: "2026-12-01T10:30:00+01:00",
      attendees: [{ email: "ana@example.org" }, { email: "ben@acme.com" }],
      tags: ["new", "vip"],
      price: null,
    },
    booking,
    recency: null,
    answers: { notes: "bring slides" },
    body: "{}",
    drift: [],
    ...overrides,
  };
}
