import type { Input } from "@pulumi/pulumi";

import type { GrafanaDataSource } from "../components/grafana/content";
import { lokiUrl } from "../components/stores/loki";
import { prometheusUrl } from "../components/prometheus/prometheus";
import { tempoUrl } from "../components/stores/tempo";
import { isShown } from "./stack";
import { remoteDataSourceAccess } from "./remote-write";
import type { StackConfig } from "./schema";
import {
  lokiDataSource,
  lokiSettings,
  prometheusDataSource,
  prometheusSettings,
  tempoDataSource,
  tempoSettings,
} from "../dashboards/data-source";

/** The data sources to create, linked to each other, Prometheus' first; without those of stores that there are not. */
export function grafanaDataSources(config: StackConfig, namespace: Input<string>): GrafanaDataSource[] {
  const { namePrefix, grafanaDataSourceUid } = config;
  const prometheusUid = grafanaDataSourceUid ?? prometheusDataSource.uid;
  const lokiUid = isShown(config, "loki") ? lokiDataSource.uid : undefined;
  const tempoUid = isShown(config, "tempo") ? tempoDataSource.uid : undefined;
  const remote = remoteDataSourceAccess(config);
  const prometheus: GrafanaDataSource = {
    type: "prometheus",
    uid: prometheusUid,
    name: prometheusDataSource.name,
    url: config.remoteWriteQueryUrl ?? config.grafanaPrometheusUrl ?? prometheusUrl(namePrefix, namespace),
    isDefault: config.grafana === "in-cluster",
    ...remote,
    settings: { ...prometheusSettings(), ...remote.settings },
  };
  const loki: GrafanaDataSource = {
    type: "loki",
    ...lokiDataSource,
    url: config.grafanaLokiUrl ?? lokiUrl(namePrefix, namespace),
    isDefault: false,
    settings: lokiSettings(tempoUid),
  };
  const tempo: GrafanaDataSource = {
    type: "tempo",
    ...tempoDataSource,
    url: config.grafanaTempoUrl ?? tempoUrl(namePrefix, namespace),
    isDefault: false,
    settings: tempoSettings(prometheusUid, lokiUid),
  };
  return [
    ...(grafanaDataSourceUid === undefined ? [prometheus] : []),
    ...(lokiUid === undefined ? [] : [loki]),
    ...(tempoUid === undefined ? [] : [tempo]),
  ];
}
