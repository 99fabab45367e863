import { type BillReason, billReasons, claudeCodeProduct } from "../../../telemetry/bill";
import { type MicroCents, totalOf } from "./billed-use";
import { hourMs } from "../../../units";
import type { Machine, Person } from "./company-people";
import type { PricedRequest } from "./company-requests";
import { floorTo } from "./provider-query";

/** A part of charged minus reported, whose reason is known since each request's story is. */
export interface Difference {
  readonly day: string;
  /** E-mail address; undefined for machines. */
  readonly user: string | undefined;
  readonly team: string | undefined;
  readonly reason: BillReason;
  readonly amount: MicroCents;
}

/** Differences of a person's day, request by request. */
export function personDifferences(
  { actor, team }: Person,
  day: string,
  requests: readonly PricedRequest[],
  refreshedAtMs: number,
  isSettled: boolean,
): Difference[] {
  const metered = requests.filter(({ reportedAs }) => reportedAs !== "seat");
  const isReporting = metered.some((one) => one.reportedAs === "metered" && isComplete(one, refreshedAtMs));
  const part = (reason: BillReason, amount: MicroCents) => ({ day, user: actor.email, team, reason, amount });
  return metered.flatMap((one) => {
    const [list, charged] = [totalOf(one.list), totalOf(one.cents)];
    const isReported = one.reportedAs === "metered";
    if (!isComplete(one, refreshedAtMs)) {
      return isReported ? [part(billReasons.delay, -list)] : [];
    }
    if (!one.isCharged && !isReported) {
      return [];
    }
    if (!one.isCharged) {
      return [part(isSettled ? billReasons.neverCharged : billReasons.provisional, -list)];
    }
    if (!isReporting) {
      return [part(billReasons.notReporting, charged)];
    }
    const price = part(billReasons.price, charged - list);
    return isReported ? [price] : [price, part(isSettled ? billReasons.unexplained : billReasons.provisional, list)];
  });
}

/** Differences of a machine's day: everything that is charged to it. */
export function machineDifferences(
  { product }: Machine,
  day: string,
  requests: readonly PricedRequest[],
  refreshedAtMs: number,
): Difference[] {
  const reason = product === claudeCodeProduct ? billReasons.unmatched : billReasons.otherProducts;
  return requests
    .filter((one) => isComplete(one, refreshedAtMs))
    .map((one) => ({ day, user: undefined, team: undefined, reason, amount: totalOf(one.cents) }));
}

/** True if the provider's figures have the request's hour. */
function isComplete({ timeMs }: PricedRequest, refreshedAtMs: number): boolean {
  return floorTo(timeMs, hourMs) + hourMs <= refreshedAtMs;
}

export type ByReason = Readonly<Record<BillReason, MicroCents>>;

/** Sums by reason, of all reasons. */
export function byReason(differences: readonly Difference[]): ByReason {
  const sum = (reason: BillReason) =>
    differences.reduce((total, one) => (one.reason === reason ? total + one.amount : total), 0);
  return {
    other_products: sum("other_products"),
    unmatched: sum("unmatched"),
    not_reporting: sum("not_reporting"),
    price: sum("price"),
    unexplained: sum("unexplained"),
    never_charged: sum("never_charged"),
    provisional: sum("provisional"),
    delay: sum("delay"),
  };
}

/** The same by day. */
export function byDay(differences: readonly Difference[]): ReadonlyMap<string, ByReason> {
  const days = new Set(differences.map(({ day }) => day));
  return new Map([...days].map((day) => [day, byReason(differences.filter((one) => one.day === day))]));
}
