import { listPricesOnly, type OwnPrice, type OwnPrices, pricesByType, priceTable } from "../telemetry/prices";
import type { ChargedTokens } from "./provider/day-bill";

/** USD per million tokens of each kind. */
export type Rates = ChargedTokens;

const listed: Readonly<Record<string, Parameters<typeof pricesByType>[0]>> = priceTable.perMillionTokens;

/** Returns a model's rates of plain requests; undefined where it has no price. */
export function ratesOf(model: string, { multiplier, models }: OwnPrices = listPricesOnly): Rates | undefined {
  const own = models[model];
  const list = listed[model];
  const rates = own === undefined ? list && listRates(list) : ownRates(own);
  return (
    rates && {
      input: rates.input * multiplier,
      output: rates.output * multiplier,
      cacheRead: rates.cacheRead * multiplier,
      cacheWrite: rates.cacheWrite * multiplier,
      cacheWriteLong: rates.cacheWriteLong * multiplier,
    }
  );
}

function listRates(price: Parameters<typeof pricesByType>[0]): Rates {
  const { cacheCreation: cacheWrite, ...others } = pricesByType(price);
  return { ...others, cacheWrite, cacheWriteLong: price.input * 2 };
}

function ownRates({ cacheWriteLong, ...price }: OwnPrice): Rates {
  return { ...price, cacheWriteLong: cacheWriteLong ?? price.cacheWrite };
}
