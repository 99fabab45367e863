import { type BillReason, billReasons } from "../telemetry/bill";
import type { OwnPrices } from "../telemetry/prices";
import type { ChargedTokens } from "./provider/day-bill";
import { type Rates, ratesOf } from "./rates";
import { add, type PersonReports, total } from "./reported";

/** Claude Code's charges to one person on a day. */
export interface PersonCharges {
  /** By model. */
  readonly usd: ReadonlyMap<string, number>;
  /** By model. */
  readonly tokens: ReadonlyMap<string, ChargedTokens>;
}

/** Amounts by reason; those that are 0 are left out. */
export type Differences = ReadonlyMap<BillReason, number>;

const noTokens: ChargedTokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };

/**
 * Splits the difference between what a person was charged and what their clients reported by its reasons.
 *
 * @param settled false while the provider may still change the day
 */
export function differencesOf(
  charges: PersonCharges | undefined,
  reports: PersonReports | undefined,
  { settled, ownPrices }: { readonly settled: boolean; readonly ownPrices?: OwnPrices },
): Differences {
  const found = new Map<BillReason, number>();
  const charged = total(charges?.usd);
  const reported = total(reports?.usd);
  if (reports === undefined || (reported === 0 && reports.tokens.size === 0)) {
    add(found, billReasons.notReporting, charged);
  } else if (charges === undefined || charges.usd.size === 0) {
    add(found, billReasons.neverCharged, -reported);
  } else {
    for (const model of new Set([...charges.usd.keys(), ...reports.usd.keys()])) {
      const difference = (charges.usd.get(model) ?? 0) - (reports.usd.get(model) ?? 0);
      const gap = useGap(model, charges, reports, ownPrices, difference);
      add(found, gap > 0 ? billReasons.unexplained : billReasons.neverCharged, gap);
      add(found, billReasons.price, difference - gap);
    }
  }
  if (!settled) {
    for (const reason of [billReasons.unexplained, billReasons.neverCharged]) {
      add(found, billReasons.provisional, found.get(reason) ?? 0);
      found.delete(reason);
    }
  }
  add(found, billReasons.delay, -(reports?.usdAfter ?? 0));
  return new Map([...found].filter(([, usd]) => Math.abs(usd) > 1e-9));
}

/**
 * Tokens that one side has and the other lacks, at the model's rates. A seat's tokens are taken off by their value.
 * Without rates, all of the difference.
 */
function useGap(
  model: string,
  charges: PersonCharges,
  reports: PersonReports,
  ownPrices: OwnPrices | undefined,
  difference: number,
): number {
  const charged = charges.tokens.get(model) ?? noTokens;
  const reported = reports.tokens.get(model) ?? {};
  const missing = {
    input: charged.input - (reported.input ?? 0),
    output: charged.output - (reported.output ?? 0),
    cacheRead: charged.cacheRead - (reported.cacheRead ?? 0),
    cacheCreation: charged.cacheWrite + charged.cacheWriteLong - (reported.cacheCreation ?? 0),
  };
  const seatUsd = reports.seatUsd.get(model) ?? 0;
  if (seatUsd === 0 && Object.values(missing).every((tokens) => tokens === 0)) {
    return 0;
  }
  const rates = ratesOf(model, ownPrices);
  return rates === undefined
    ? difference
    : seatUsd +
        (missing.input * rates.input +
          missing.output * rates.output +
          missing.cacheRead * rates.cacheRead +
          missing.cacheCreation * writeRate(charged, rates)) /
          1e6;
}

/** Clients' metrics do not tell a write for an hour from one for five minutes; the bill does. */
function writeRate({ cacheWrite, cacheWriteLong }: ChargedTokens, rates: Rates): number {
  const writes = cacheWrite + cacheWriteLong;
  return writes === 0
    ? rates.cacheWrite
    : (cacheWrite * rates.cacheWrite + cacheWriteLong * rates.cacheWriteLong) / writes;
}
