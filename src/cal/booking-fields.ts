type Step = string | number | symbol;

/** Fields of payloads, and where the normalised booking has the same. `cancellationReason` is none: after a reschedule it is that one's reason. */
const SAME: Readonly<Record<string, string>> = {
  uid: "uid",
  bookingUid: "uid",
  bookingId: "id",
  status: "status",
  title: "title",
  type: "type",
  startTime: "start",
  endTime: "end",
  length: "minutes",
  location: "location",
  price: "price",
  currency: "currency",
  iCalSequence: "sequence",
  cancelledBy: "cancellation.by",
  requestReschedule: "cancellation.requestReschedule",
  rescheduleUid: "reschedule.fromUid",
  rescheduleStartTime: "reschedule.fromStart",
  rescheduleEndTime: "reschedule.fromEnd",
  rescheduledBy: "reschedule.by",
  rejectionReason: "rejection.reason",
};
const PEOPLE = new Set(["name", "email", "timeZone"]);

/** The field of `booking` that tells the same as one of a payload: `["payload", "startTime"]` → `booking.start`; null where there is none. */
export function sameInBooking([root, ...rest]: readonly Step[]): string | null {
  if (root !== "payload") return null;
  const [first, second] = rest;
  if (first === "organizer" && rest.length === 2 && typeof second === "string" && PEOPLE.has(second))
    return `booking.organizer.${second}`;
  const same = rest.length === 1 && typeof first === "string" && Object.hasOwn(SAME, first) ? SAME[first] : undefined;
  return same === undefined ? null : `booking.${same}`;
}
