/** Recipient of a charge, as the provider names it. */
export type Actor =
  | { readonly kind: "person"; readonly id: string; readonly email?: string }
  | { readonly kind: "key" | "service"; readonly id: string }
  | { readonly kind: "nobody" };

/** The one who is nobody. */
export const nobody: Actor = { kind: "nobody" };

/** Terms of a charge and of a use. */
interface Charged {
  readonly actor: Actor;
  readonly product: string;
  /** Empty for the default workspace. */
  readonly workspace: string;
  /** As the provider spells it; empty where there is none. */
  readonly model: string;
}

/** An amount that was charged. */
export interface Charge extends Charged {
  readonly usd: number;
  /** At list price. Undefined where the provider does not say. */
  readonly listUsd?: number;
}

/** Tokens that the provider counts apart. */
export interface ChargedTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWriteLong: number;
}

/** The same, as the provider writes them in every report. */
export interface WireTokens {
  readonly uncached_input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens?: number | null;
    readonly ephemeral_1h_input_tokens?: number | null;
  } | null;
}

/** Reads tokens. @throws Error for text in the place of a number */
export function tokensOf(wire: WireTokens): ChargedTokens {
  return {
    input: count(wire.uncached_input_tokens),
    output: count(wire.output_tokens),
    cacheRead: count(wire.cache_read_input_tokens),
    cacheWrite: count(wire.cache_creation?.ephemeral_5m_input_tokens),
    cacheWriteLong: count(wire.cache_creation?.ephemeral_1h_input_tokens),
  };
}

/** Tokens that were charged. */
export interface Use extends Charged {
  readonly tokens: ChargedTokens;
}

/** The provider's figures of a day, or of its part before the watermark. */
export interface DayBill {
  readonly charges: readonly Charge[];
  readonly uses: readonly Use[];
}

/** Figures of a day that the provider has not got to yet. */
export const noBill: DayBill = { charges: [], uses: [] };

/** Part of a day, in milliseconds since 1970; the end is not within. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One generation of the provider's API. */
export interface BillSource {
  /** Reads up to when figures are complete, in milliseconds since 1970; undefined where there are none yet. */
  completeUntil(): Promise<number | undefined>;
  read(span: Span): Promise<DayBill>;
}

/** An amount as the provider writes it: cents, which may have fractions. */
export interface Money {
  readonly amount: string;
  /** Default: USD. */
  readonly currency?: string | null;
}

/**
 * USD of an amount.
 *
 * @throws Error for other text and other currencies: a wrong figure is worse than none
 */
export function usdOf({ amount, currency }: Money): number {
  if (!/^-?\d+(\.\d+)?$/.test(amount) || (currency ?? "USD") !== "USD") {
    throw new Error(`the provider's amount: found "${amount}" in ${currency ?? "USD"}; expected cents in USD`);
  }
  return Number(amount) / 100;
}

/**
 * A count, which may be missing.
 *
 * @throws Error for text in the place of a number
 */
export function count(value: number | null | undefined): number {
  const found = value ?? 0;
  if (!Number.isFinite(found)) {
    throw new TypeError(`the provider's count: found ${JSON.stringify(value)}; expected a number`);
  }
  return found;
}

/** A time in the form that the API takes. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
