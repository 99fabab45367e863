import * as value from "./values";

export const title = "Clients";

export const schema = {
  client: value.group({
    metricsInterval: value.duration.prefault("60s").describe("How often clients export metrics"),
    logsInterval: value.duration.prefault("30s").describe("How often clients export events and spans"),
  }),
};

export type Client = value.ValuesOf<typeof schema>;
