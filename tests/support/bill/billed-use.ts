/** Millionths of a cent, whole, so that sums are exact. */
export type MicroCents = number;

/** Tokens of each kind that the provider bills apart. */
export interface BilledTokens {
  readonly uncachedInput: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
}

export type BilledTokenType = keyof BilledTokens;

/** The provider's names of the token types. */
export const tokenTypeNames: Readonly<Record<BilledTokenType, string>> = {
  uncachedInput: "uncached_input_tokens",
  cacheRead: "cache_read_input_tokens",
  cacheWrite5m: "cache_creation.ephemeral_5m_input_tokens",
  cacheWrite1h: "cache_creation.ephemeral_1h_input_tokens",
  output: "output_tokens",
};
export const billedTokenTypes = ["uncachedInput", "cacheRead", "cacheWrite5m", "cacheWrite1h", "output"] as const;
export const noTokens: BilledTokens = { uncachedInput: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };

/** Parts of an amount: each token type, and web searches. */
export const costParts = [...billedTokenTypes, "webSearch"] as const;
export type CostPart = (typeof costParts)[number];
export type Amounts = Readonly<Record<CostPart, MicroCents>>;

export interface UserActor {
  readonly type: "user";
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export type BilledActor =
  | UserActor
  | { readonly type: "service"; readonly id: string }
  | { readonly type: "key"; readonly id: string };

/** One fact of the bill: use of one kind within one hour. */
export interface BilledUse {
  /** Beginning of the UTC hour. */
  readonly hourMs: number;
  readonly actor: BilledActor;
  /** Null for requests of a login. */
  readonly apiKeyId: string | null;
  /** Null for the default workspace. */
  readonly workspaceId: string | null;
  readonly product: string;
  readonly model: string;
  readonly serviceTier: string;
  readonly contextWindow: string;
  readonly tokens: BilledTokens;
  readonly webSearches: number;
  readonly requests: number;
  /** At list price. */
  readonly listCents: Amounts;
  /** After discounts. */
  readonly cents: Amounts;
  /** By the provider's clock. A late row has a time long after its hour. */
  readonly availableFromMs: number;
}

export const microCentsPerUsd = 100_000_000;

/** USD of an amount. */
export function usd(amount: MicroCents): number {
  return amount / microCentsPerUsd;
}

/** Sum of an amount's parts. */
export function totalOf(amounts: Amounts): MicroCents {
  return costParts.reduce((sum, part) => sum + amounts[part], 0);
}

/** Sum of several uses' tokens. */
export function sumTokens(uses: readonly BilledUse[]): BilledTokens {
  const sum = (type: BilledTokenType) => uses.reduce((total, { tokens }) => total + tokens[type], 0);
  return {
    uncachedInput: sum("uncachedInput"),
    cacheRead: sum("cacheRead"),
    cacheWrite5m: sum("cacheWrite5m"),
    cacheWrite1h: sum("cacheWrite1h"),
    output: sum("output"),
  };
}

/** Cents as the provider writes them: a decimal string without needless zeros. */
export function centsText(amount: MicroCents): string {
  if (!Number.isSafeInteger(amount)) {
    throw new Error(`${amount} is no exact number of micro-cents`);
  }
  const digits = String(Math.abs(amount)).padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  return `${amount < 0 ? "-" : ""}${digits.slice(0, -6)}${fraction === "" ? "" : `.${fraction}`}`;
}

/**
 * Reads cents as the provider writes them.
 *
 * @throws Error if the text is no decimal number of at most six places
 */
export function microCents(text: string): MicroCents {
  const match = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) {
    throw new Error(`"${text}" is no number of cents; expected e.g. "12.5"`);
  }
  const amount = Number(`${match[2]!}${(match[3] ?? "").padEnd(6, "0")}`);
  return match[1] === "-" ? -amount : amount;
}
