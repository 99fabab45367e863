import { MetricKey, Recording } from "./client-metrics";

/** Integer amounts by metric, and by its `type` where it has one: `cost`, `tokens|input`, `lines|added`, … */
export type Amounts = Readonly<Record<string, number>>;

/** Amounts by user. */
export type Ledger = ReadonlyMap<string, Amounts>;

/** Adds up what was counted, before any export is made of it. */
export class LedgerBook {
  private readonly users = new Map<string, Record<string, number>>();

  /** Adds what one user's client counted. */
  add(user: string, recordings: readonly Recording[]): void {
    const amounts = this.users.get(user) ?? {};
    this.users.set(user, amounts);
    for (const { metric, attributes, units } of recordings) {
      increase(amounts, amountName(metric, attributes["type"]), units);
    }
  }

  get ledger(): Ledger {
    return this.users;
  }
}

/** All users together. */
export function total(ledger: Ledger): Amounts {
  const sum: Record<string, number> = {};
  for (const amounts of ledger.values()) {
    for (const [name, units] of Object.entries(amounts)) {
      increase(sum, name, units);
    }
  }
  return sum;
}

function amountName(metric: MetricKey, type: string | boolean | undefined): string {
  return typeof type === "string" ? `${metric}|${type}` : metric;
}

function increase(amounts: Record<string, number>, name: string, by: number): void {
  amounts[name] = (amounts[name] ?? 0) + by;
}
