import { allBut, comparable, objects } from "./alerting-properties";
import { type Properties, type ResourceKind, written } from "./resource-kind";

const path = "/api/v1/provisioning/mute-timings";

interface StoredMuteTiming {
  readonly name: string;
  readonly time_intervals: readonly Properties[];
}

/** `grafana:alerting/muteTiming:MuteTiming` */
export const muteTiming: ResourceKind = {
  get unsupported() {
    return allBut("grafana:alerting/muteTiming:MuteTiming", ["name", "intervals"]);
  },
  defaults: {},
  computed: [],
  problems: (inputs): Record<string, string> =>
    "name" in inputs ? {} : { name: "missing (the real plugin would invent one)" },
  canonical: (_property, value) => comparable(value),
  ignores: () => false,
  replaces: (property) => property === "name",
  uniqueName: undefined,
  create: async (api, inputs) => {
    return written(await api.send<StoredMuteTiming>("POST", path, requestBody(inputs)), "a mute timing").name;
  },
  read: async (api, name) => {
    const found = await api.send<StoredMuteTiming>("GET", muteTiming.path(name));
    return found && { name, intervals: found.time_intervals.map(interval) };
  },
  update: async (api, name, inputs) => {
    written(await api.send<object>("PUT", muteTiming.path(name), requestBody(inputs)), `mute timing ${name}`);
  },
  path: (name) => `${path}/${encodeURIComponent(name)}`,
};

function requestBody(inputs: Properties): object {
  const intervals = objects(inputs["intervals"]).map(({ times, ...rest }) => ({
    ...rest,
    times: objects(times).map(({ start, end }) => ({ start_time: start, end_time: end })),
  }));
  return { name: inputs["name"], time_intervals: intervals };
}

function interval({ times, ...rest }: Properties): Properties {
  return { ...rest, times: objects(times).map((time) => ({ start: time["start_time"], end: time["end_time"] })) };
}
