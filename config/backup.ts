import { backedUpStores, backupResources, type BackedUpStore, type BackupArgs } from "../components/backup/backup";
import type { WorkloadSize } from "../components/namespace/limits";
import { imageOf, isDeployed } from "./stack";
import type { StackConfig } from "./schema";

/** The stores that are backed up: those that are deployed, and none without a schedule. */
export function backedUp(config: StackConfig): BackedUpStore[] {
  const deployed = {
    prometheus: config.collection === "in-cluster",
    loki: isDeployed(config, "loki"),
    grafana: config.grafana === "in-cluster",
  };
  const stores = Object.keys(backedUpStores) as BackedUpStore[];
  return config.backupSchedule === undefined ? [] : stores.filter((store) => deployed[store]);
}

/** How the stores of a stack are backed up. */
export function backupArgs(config: StackConfig): Omit<BackupArgs, "namePrefix" | "namespace" | "prometheusUrl">[] {
  const { backupSchedule: schedule } = config;
  return schedule === undefined
    ? []
    : backedUp(config).map((store) => ({
        store,
        image: imageOf(config, "prometheus"),
        schedule,
        timeZone: config.timeZone,
        keep: config.backupKeep,
        storageClass: config.backupStorageClass ?? config.storageClass,
        storage: config[`${store}BackupStorage`],
        protectVolume: config.protectVolumes,
      }));
}

/** What the copies take, for the namespace's quota. */
export function backupSizes(config: StackConfig): WorkloadSize[] {
  return backupArgs(config).map(({ storage }) => ({ replicas: 1, resources: backupResources, storage }));
}
