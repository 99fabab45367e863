import type { CollectorArgs } from "../components/collector/collector";
import { formatDuration } from "../units";
import { type General, imageOf } from "./general";
import * as value from "./values";

export const title = "Collector";

export const schema = {
  collector: value.group({
    replicas: value.wholeNumber(1, 50).prefault(2).describe("Number of collectors behind the Service"),
    maxReplicas: value
      .wholeNumber(0, 50)
      .prefault(0)
      .describe(
        "Up to how many collectors are added by load (needs metrics-server); none is taken away by itself, because its queue may hold data; 0 means that none are added",
      ),
    queueStorage: value.quantity
      .prefault("6Gi")
      .describe("Volume of each collector's sending queue; a third of it is queue, the rest is room to compact"),
    fsync: value.bool
      .prefault("false")
      .describe(
        "Whether each export is on the disk itself before its client is told so, and survives a power cut; costs time for each",
      ),
    clockAheadTolerance: value.duration
      .prefault("5m")
      .describe("A data point further ahead of the collector's clock than this is counted at arrival"),
    clockBehindTolerance: value.duration
      .prefault("6h")
      .describe("A data point further behind the collector's clock than this is counted at arrival"),
    resources: value.resources({ cpuRequest: "250m", cpuLimit: "2", memory: "1Gi" }),
  }),
};

export type Collection = value.ValuesOf<typeof schema>;

/** Fewer collectors at most than at least. */
export function contradictions({ collector: { replicas, maxReplicas } }: Collection): string[] {
  return maxReplicas > 0 && maxReplicas < replicas
    ? [`collector.maxReplicas: found "${maxReplicas}"; expected 0 or at least collector.replicas, ${replicas}`]
    : [];
}

/** The collectors themselves. */
export function collectorArgs(config: Collection & General) {
  const { maxReplicas, clockAheadTolerance, clockBehindTolerance, ...plain } = config.collector;
  return {
    ...plain,
    image: imageOf(config, "collector"),
    checkImage: imageOf(config, "node"),
    maxReplicas: maxReplicas === 0 ? undefined : maxReplicas,
    storageClass: config.storageClass,
    keepVolumes: config.protectVolumes,
    clockAheadTolerance: formatDuration(clockAheadTolerance),
    clockBehindTolerance: formatDuration(clockBehindTolerance),
  } satisfies Partial<CollectorArgs>;
}
