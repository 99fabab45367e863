import type { Input } from "@pulumi/pulumi";

import type { GrafanaDataSource } from "../components/grafana/content";
import { storeUrls } from "../components/kubernetes/names";
import {
  lokiDataSource,
  lokiSettings,
  prometheusDataSource,
  prometheusSettings,
  tempoDataSource,
  tempoSettings,
} from "../dashboards/data-source";
import { isShown } from "./dashboards";
import { remoteDataSourceAccess } from "./remote-write";
import type { StackConfig } from "./schema";

/** The data sources to create, linked to each other, Prometheus' first; without those of stores that there are not. */
export function grafanaDataSources(config: StackConfig, namespace: Input<string>): GrafanaDataSource[] {
  const { namePrefix, grafana, remoteWrite } = config;
  const urls = storeUrls({ namePrefix, namespace });
  const prometheusUid = grafana.prometheusDataSourceUid ?? prometheusDataSource.uid;
  const lokiUid = isShown(config, "loki") ? lokiDataSource.uid : undefined;
  const tempoUid = isShown(config, "tempo") ? tempoDataSource.uid : undefined;
  const remote = remoteDataSourceAccess(config);
  const prometheus: GrafanaDataSource = {
    type: "prometheus",
    ...prometheusDataSource,
    url: remoteWrite.queryUrl ?? grafana.prometheusUrl ?? urls.prometheus,
    isDefault: grafana.deployment === "in-cluster",
    ...remote,
    settings: { ...prometheusSettings(), ...remote.settings },
  };
  const loki: GrafanaDataSource = {
    type: "loki",
    ...lokiDataSource,
    url: grafana.lokiUrl ?? urls.loki,
    isDefault: false,
    settings: lokiSettings(tempoUid),
  };
  const tempo: GrafanaDataSource = {
    type: "tempo",
    ...tempoDataSource,
    url: grafana.tempoUrl ?? urls.tempo,
    isDefault: false,
    settings: tempoSettings(prometheusUid, lokiUid),
  };
  return [
    ...(grafana.prometheusDataSourceUid === undefined ? [prometheus] : []),
    ...(lokiUid === undefined ? [] : [loki]),
    ...(tempoUid === undefined ? [] : [tempo]),
  ];
}
