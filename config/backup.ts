import { backedUpStores, type BackedUpStore, type BackupArgs } from "../components/backup/backup";
import type { Place } from "../components/kubernetes/labels";
import { type General, storeArgs } from "./general";
import type { Grafana } from "./grafana";
import { isDeployed, type Storage } from "./storage";
import * as value from "./values";

export const title = "Backups";

export const schema = {
  backup: value.group({
    enabled: value.bool.prefault("true").describe("Whether Prometheus, Loki and Grafana are backed up"),
    schedule: value.cron
      .prefault("17 3 * * *")
      .describe("When they are backed up, as five fields of cron in `timeZone`"),
    keep: value.wholeNumber(1, 1000).prefault(7).describe("How many backups of each are kept"),
    maxAge: value.duration
      .prefault("30h")
      .describe(
        "An alert fires when no backup of a store was completed for so long; longer than `backup.schedule`'s longest gap",
      ),
    storageClass: value.optionalStorageClass.describe(
      "StorageClass of the backups' volumes; `storageClass` without. Backups on the disk of the data are lost with it",
    ),
    storage: value.group({
      prometheus: value.quantity
        .prefault("100Gi")
        .describe("Volume of Prometheus' backups; they share what does not change"),
      loki: value.quantity.prefault("100Gi").describe("Volume of Loki's backups; they share what does not change"),
      grafana: value.quantity.prefault("5Gi").describe("Volume of Grafana's backups"),
    }),
  }),
};

export type Backup = value.ValuesOf<typeof schema>;
type Deployed = Backup & General & Grafana & Storage;

/** The stores that are backed up: those that are deployed. */
export function backedUp(config: Deployed): BackedUpStore[] {
  const deployed = {
    prometheus: config.collection === "in-cluster",
    loki: isDeployed(config, "loki"),
    grafana: config.grafana.deployment === "in-cluster",
  };
  const stores = Object.keys(backedUpStores) as BackedUpStore[];
  return stores.filter((store) => config.backup.enabled && deployed[store]);
}

/** Arguments of the backups of a stack's stores. */
export function backupArgs(config: Deployed): Omit<BackupArgs, keyof Place>[] {
  const { schedule, keep, storageClass = config.storageClass, storage } = config.backup;
  const alike = { ...storeArgs(config, "prometheus"), storageClass, schedule, timeZone: config.timeZone, keep };
  return backedUp(config).map((store) => ({ ...alike, store, storage: storage[store] }));
}
