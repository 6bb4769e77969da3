import { expect, test } from "vitest";
import type { BookingIdentity, Json } from "../../../src/event.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { arrival, sampleEvent } from "../samples.ts";
import { scene, type OpenLedger } from "../scene.ts";

export function bookingCases(open: OpenLedger): void {
  test("keys an event without a booking by its own id", async () => {
    const { ledger } = await scene(open);
    expect(await keyOf(ledger, "form", null)).toBe("evt_form");
  });

  test("keys a booking met for the first time by its root, else its previous uid, else its uid", async () => {
    const { ledger } = await scene(open);
    expect(await keyOf(ledger, "1", { uid: "c1", previousUid: "b1", rootUid: "a1" })).toBe("a1");
    expect(await keyOf(ledger, "2", { uid: "c2", previousUid: "b2" })).toBe("b2");
    expect(await keyOf(ledger, "3", { uid: "c3" })).toBe("c3");
  });

  test("keeps the key over a chain of reschedules", async () => {
    const { ledger } = await scene(open);
    expect(await keyOf(ledger, "1", { uid: "a" })).toBe("a");
    expect(await keyOf(ledger, "2", { uid: "b", previousUid: "a" })).toBe("a");
    expect(await keyOf(ledger, "3", { uid: "c", previousUid: "b" })).toBe("a");
    expect(await keyOf(ledger, "4", { uid: "c" })).toBe("a");
  });

  test("trusts a uid it has met over the root that an event tells", async () => {
    const { ledger } = await scene(open);
    await keyOf(ledger, "1", { uid: "b", previousUid: "a" });
    expect(await keyOf(ledger, "2", { uid: "b", rootUid: "z" })).toBe("a");
    expect(await keyOf(ledger, "3", { uid: "c", previousUid: "b", rootUid: "z" })).toBe("a");
  });

  test("knows the root that an event told of when its own event comes late", async () => {
    const { ledger } = await scene(open);
    expect(await keyOf(ledger, "1", { uid: "c", previousUid: "b" })).toBe("b");
    expect(await keyOf(ledger, "2", { uid: "c", rootUid: "a" })).toBe("b");
    expect(await keyOf(ledger, "3", { uid: "a" })).toBe("b");
  });

  test("knows the previous uid when its own event comes late", async () => {
    const { ledger } = await scene(open);
    await keyOf(ledger, "1", { uid: "c", previousUid: "b", rootUid: "a" });
    expect(await keyOf(ledger, "2", { uid: "b" })).toBe("a");
  });

  test("follows a reschedule that arrives in the same moment as what it moved", async () => {
    const { ledger } = await scene(open);
    const keys = await Promise.all([
      keyOf(ledger, "1", { uid: "a" }),
      keyOf(ledger, "2", { uid: "b", previousUid: "a" }),
      keyOf(ledger, "3", { uid: "c", previousUid: "b" }),
    ]);
    expect(keys).toEqual(["a", "a", "a"]);
  });

  test("gives the known view of a booking to its next event, and null where nothing is known", async () => {
    const { ledger } = await scene(open);
    expect(await exchange(ledger, "1", "visit", { title: "Visit" })).toBeNull();
    expect(await exchange(ledger, "2", "visit", { title: "Visit", minutes: 30 })).toEqual({ title: "Visit" });
    expect(await exchange(ledger, "3", "visit", null)).toEqual({ title: "Visit", minutes: 30 });
    expect(await exchange(ledger, "4", "other", null)).toBeNull();
  });

  test("leaves the known view as it is where a decision has none", async () => {
    const { ledger } = await scene(open);
    await exchange(ledger, "1", "visit", { title: "Visit" });
    await exchange(ledger, "2", "visit", null);
    expect(await exchange(ledger, "3", "visit", null)).toEqual({ title: "Visit" });
  });

  test("shows two events of one booking that arrive together to each other", async () => {
    const { ledger } = await scene(open);
    const seen = await Promise.all(["1", "2", "3"].map((id) => exchange(ledger, id, "visit", id)));
    expect(seen.filter((known) => known === null)).toHaveLength(1);
    expect(new Set(seen).size).toBe(3);
  });

  test("keeps keys and known views over a restart", async () => {
    const { ledger, restart } = await scene(open);
    await keyOf(ledger, "1", { uid: "b", previousUid: "a" });
    await exchange(ledger, "2", "b", { title: "Visit" });
    const reopened = await restart();
    expect(await keyOf(reopened, "3", { uid: "b" })).toBe("a");
    expect(await exchange(reopened, "4", "a", null)).toEqual({ title: "Visit" });
  });
}

/** Accepts an event of that booking, and says which key it was given. */
export async function keyOf(ledger: Ledger, id: string, booking: Partial<BookingIdentity> | null): Promise<string> {
  await ledger.accept(arrival({ id, booking }));
  const stored = await ledger.event(`evt_${id}`);
  return stored?.bookingKey ?? "not stored";
}

/** Accepts an event that leaves `known`, and says what it was given. */
export async function exchange(
  ledger: Ledger,
  id: string,
  booking: string | Partial<BookingIdentity>,
  known: Json,
): Promise<Json> {
  let seen: Json = "never asked";
  await ledger.accept(
    arrival({
      id,
      booking,
      decide(bookingKey, before) {
        seen = before;
        return { event: sampleEvent(`evt_${id}`, bookingKey), verdicts: [], deliveries: [], known };
      },
    }),
  );
  return seen;
}
