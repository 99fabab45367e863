import { cacheSavingsByType, type ListPrice, pricesByType, priceTable, type TokenType } from "../../telemetry/prices";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { amount, type AmountOptions, sumBy, type Window } from "./amount";

/** The model without the date of its snapshot and without the mark of a long context window. */
const pricedModel = "priced_model";

/** Tokens by model and type, with the model as the price table names it. */
function tokens(window: Window, options: AmountOptions): string {
  const byModelAndType = amount(signals.tokens, window, { ...options, by: [labels.model, labels.type] });
  return `label_replace(${byModelAndType}, "${pricedModel}", "$1", "${labels.model}", "(.+?)(-[0-9]{8})?([[]1m[]])?")`;
}

/** A price table as a vector, in USD per token. */
function prices(pick: (price: ListPrice) => Readonly<Partial<Record<TokenType, number>>>): string {
  const entries = Object.entries(priceTable.perMillionTokens).flatMap(([model, price]) =>
    Object.entries(pick(price)).map(
      ([type, usd]) =>
        `label_replace(label_replace(vector(${perToken(usd)}), "${pricedModel}", "${model}", "", ""), "${labels.type}", "${type}", "", "")`,
    ),
  );
  return `(${entries.join(" or ")})`;
}

/** Twelve digits, so that a price in binary is written as it was meant in decimals. */
function perToken(perMillion: number): string {
  return String(Number((perMillion / 1e6).toPrecision(12)));
}

function priced(window: Window, options: AmountOptions, vector: string, by: readonly string[]): string {
  return sumBy(by, `${tokens(window, options)} * on (${pricedModel}, ${labels.type}) group_left () ${vector}`);
}

/** Cost of a window's tokens by the price table, by model. Models without a price are left out. */
export function repricedCost(window: Window, options: AmountOptions = {}): string {
  return priced(window, options, prices(pricesByType), [labels.model]);
}

/** Tokens of models that the price table lacks, by model. */
export function unpricedTokens(window: Window, options: AmountOptions = {}): string {
  return sumBy(
    [labels.model],
    `${tokens(window, options)} unless on (${pricedModel}, ${labels.type}) ${prices(pricesByType)}`,
  );
}

/** USD at list price that the cache saved, its surcharge on writing subtracted. */
export function cacheSavings(window: Window, options: AmountOptions = {}): string {
  return priced(window, options, prices(cacheSavingsByType), []);
}
