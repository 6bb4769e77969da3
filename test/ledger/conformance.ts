import { describe } from "vitest";
import { acceptingCases } from "./conformance/accepting.ts";
import { bookingCases } from "./conformance/bookings.ts";
import { claimingCases } from "./conformance/claiming.ts";
import { closingCases } from "./conformance/closing.ts";
import { duplicateCases } from "./conformance/duplicates.ts";
import { holdCases } from "./conformance/holds.ts";
import { orderCases } from "./conformance/order.ts";
import { recordCases } from "./conformance/record.ts";
import { retryCases } from "./conformance/retrying.ts";
import { settlingCases } from "./conformance/settling.ts";
import { sweepingCases } from "./conformance/sweeping.ts";
import { workCases } from "./conformance/work.ts";
import type { OpenLedger } from "./scene.ts";

/** Every promise of src/ledger/ledger.ts as a case, for any implementation: a new promise is a new case here. */
export function ledgerConformance(name: string, open: OpenLedger): void {
  describe(name, () => {
    describe("accepting", () => acceptingCases(open));
    describe("duplicates", () => duplicateCases(open));
    describe("bookings", () => bookingCases(open));
    describe("claiming", () => claimingCases(open));
    describe("settling", () => settlingCases(open));
    describe("retrying", () => retryCases(open));
    describe("order", () => orderCases(open));
    describe("telling of work", () => workCases(open));
    describe("the record", () => recordCases(open));
    describe("sweeping", () => sweepingCases(open));
    describe("holds and secrets", () => holdCases(open));
    describe("closing", () => closingCases(open));
  });
}
