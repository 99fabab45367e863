import { type ImageName, images, imageTag } from "../components/kubernetes/images";
import type { StoreArgs } from "../components/kubernetes/volume";
import * as value from "./values";

export const title = "Stack";

export const schema = {
  environment: value
    .oneOf("development", "production")
    .prefault("production")
    .describe("`production` refuses what is fit for trying out only; `development` allows it"),
  namespace: value.dnsLabel.prefault("claude-monitoring").describe("Namespace that holds the whole stack"),
  namePrefix: value.dnsLabel
    .prefault("claude")
    .describe("First part of the names of Services, workloads and volumes, as in `dev-otel-collector`"),
  collection: value
    .oneOf("in-cluster", "none")
    .prefault("in-cluster")
    .describe(
      "`in-cluster` deploys collector, Prometheus, Loki and Tempo; `none` leaves them out, for content that shows another Prometheus",
    ),
  timeZone: value.timeZone
    .prefault("UTC")
    .describe("Time zone in which days and months begin, in dashboards, budgets, working hours and `backup.schedule`"),
  storageClass: value.storageClass
    .prefault("local-path")
    .describe("StorageClass of every volume; it must exist in the cluster"),
  verifyStorageClass: value.bool
    .prefault("true")
    .describe(
      "Whether previews and updates look `storageClass` up first, so that a missing one fails at once; `false` for a preview without a cluster",
    ),
  protectVolumes: value.bool
    .prefault("true")
    .describe("Whether `pulumi destroy` refuses to delete the volumes and the namespace that holds them"),
  images: value
    .group({
      collector: value.image.describe("Image of the collector"),
      prometheus: value.image.describe("Image of Prometheus"),
      loki: value.image.describe("Image of Loki"),
      tempo: value.image.describe("Image of Tempo"),
      grafana: value.image.describe("Image of Grafana"),
      node: value.image.describe("Image of Node.js, which checks the collectors' queue files before they start"),
      otherVersions: value.bool
        .prefault("false")
        .describe(
          "Whether collector and Prometheus may be of other versions than the pinned ones; probes, roll-ups and backups are tried with those only",
        ),
    })
    .describe("Images to use instead of those that are pinned, e.g. of a mirror"),
};

export type General = value.ValuesOf<typeof schema>;

/** Images whose version probes, roll-ups and backups rely on. */
const versioned = ["collector", "prometheus"] as const;

/** Images of versions that nothing here was tried with. */
export function contradictions(config: General): string[] {
  return versioned.flatMap((name) => {
    const [found, expected] = [imageTag(imageOf(config, name)), imageTag(images[name])];
    return found === expected || config.images.otherVersions
      ? []
      : [`images.${name}: found version "${found}"; expected "${expected}", or images.otherVersions "true"`];
  });
}

/** The image of a component: the one that is configured, or the one that is pinned. */
export function imageOf(config: General, component: ImageName): string {
  return config.images[component] ?? images[component];
}

/** Image and volume of a store, as far as every store has them alike. */
export function storeArgs(config: General, component: ImageName) {
  return {
    image: imageOf(config, component),
    storageClass: config.storageClass,
    protectVolume: config.protectVolumes,
  } satisfies Partial<StoreArgs>;
}
