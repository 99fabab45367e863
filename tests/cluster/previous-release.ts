/** A release of this program, by the tag `v<version>`; by its commit in a clone that lacks the tag. */
export interface Release {
  readonly version: string;
  readonly commit: string;
  /** Its pin of Grafana, under which the cluster has the stand-in. */
  readonly grafanaImage: string;
}

/** The release before this one: upgrades are tested from it. */
export const previousRelease: Release = {
  version: "0.1.0",
  commit: "8ea2077a428896b9b587628c86b0c448d0ccdc84",
  grafanaImage: "docker.io/grafana/grafana:12.3.0",
};
