import { describe } from "vitest";
import { acceptingCases } from "./conformance/accepting.ts";
import { bookingCases } from "./conformance/bookings.ts";
import { claimingCases } from "./conformance/claiming.ts";
import { closingCases } from "./conformance/closing.ts";
import { duplicateCases } from "./conformance/duplicates.ts";
import { holdCases } from "./conformance/holds.ts";
import { orderCases } from "./conformance/order.ts";
import { recordCases } from "./conformance/record.ts";
import { replayCases } from "./conformance/replaying.ts";
import { retryCases } from "./conformance/retrying.ts";
import { settlingCases } from "./conformance/settling.ts";
import { sweepingCases } from "./conformance/sweeping.ts";
import { unitingCases } from "./conformance/uniting.ts";
import { unitingQueueCases } from "./conformance/uniting-queues.ts";
import { workCases } from "./conformance/work.ts";
import type { OpenLedger } from "./scene.ts";

/** Every promise of src/ledger/ledger.ts as a case, for any implementation: a new promise is a new case here. */
export function ledgerConformance(name: string, open: OpenLedger): void {
  describe(`${name}: accepting`, () => {
    acceptingCases(open);
  });
  describe(`${name}: duplicates`, () => {
    duplicateCases(open);
  });
  describe(`${name}: bookings`, () => {
    bookingCases(open);
  });
  describe(`${name}: uniting bookings`, () => {
    unitingCases(open);
    unitingQueueCases(open);
  });
  describe(`${name}: claiming`, () => {
    claimingCases(open);
  });
  describe(`${name}: settling`, () => {
    settlingCases(open);
  });
  describe(`${name}: retrying`, () => {
    retryCases(open);
  });
  describe(`${name}: replaying`, () => {
    replayCases(open);
  });
  describe(`${name}: order`, () => {
    orderCases(open);
  });
  describe(`${name}: telling of work`, () => {
    workCases(open);
  });
  describe(`${name}: the record`, () => {
    recordCases(open);
  });
  describe(`${name}: sweeping`, () => {
    sweepingCases(open);
  });
  describe(`${name}: holds and secrets`, () => {
    holdCases(open);
  });
  describe(`${name}: closing`, () => {
    closingCases(open);
  });
}
