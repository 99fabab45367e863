/** Grafana's unit names. */
export const units = {
  usd: "currencyUSD",
  count: "short",
  share: "percentunit",
  seconds: "s",
  milliseconds: "ms",
  bytes: "bytes",
} as const;
