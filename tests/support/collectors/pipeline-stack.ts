import * as path from "node:path";
import type { CollectorAccess } from "../../../components/collector/access";
import { collectorConfig, type CollectorConfigArgs } from "../../../components/collector/config";
import type { LabelValues } from "../../../components/collector/labels";
import type { ModelAliases } from "../../../components/collector/models";
import type { TeamRule } from "../../../components/collector/team-rules";
import type { PrivacyArgs } from "../../../components/collector/privacy";
import type { RemoteStore } from "../../../components/prometheus/remote-store";
import { durationSeconds, hour } from "../../../units";
import { recordingRules } from "../../../dashboards/rollups/rules";
import { CollectorProcess, freeCollectorPorts } from "./collector-process";
import { loopback } from "../loopback-ports";
import { pipelineBinaries } from "./pipeline-binaries";
import { type ProcessSpec, removeTemporaryDirectory, temporaryDirectory } from "../processes";
import { type PrometheusOptions, PrometheusProcess } from "../prometheus/prometheus-process";
import type { PrometheusReader } from "../prometheus/prometheus-reader";
import { stackDefault } from "../stack-defaults";
import { startTcpBalancer, type TcpBalancer } from "./tcp-balancer";

const promisedLateness = durationSeconds(stackDefault("prometheus.outOfOrderWindow")) ?? 0;

/** What a test's stack differs in. */
export interface PipelineStackOptions {
  /** How many collectors share the address. Default 1. */
  readonly collectors?: number;
  /** Default 64 MiB. */
  readonly queueBytes?: number;
  /** What may be stored, where it differs from the stack's defaults. */
  readonly privacy?: Partial<PrivacyArgs>;
  /** Names of models by what clients report. Default none. */
  readonly modelAliases?: ModelAliases;
  /** Values of labels besides the known ones. Default none. */
  readonly labelValues?: LabelValues;
  /** Default none. */
  readonly teamRules?: readonly TeamRule[];
  /** For how long counts are added up. Default `1s`. */
  readonly countInterval?: string;
  /** Who may send. Default: everybody, in plain text. */
  readonly access?: CollectorAccess;
  /** Base URLs of what stores events and spans. Default: none does. */
  readonly stores?: { readonly lokiOtlpUrl: string; readonly tempoOtlpUrl: string };
  /** A distributed store that gets a copy from collectors and Prometheus. Default none. */
  readonly remoteStore?: RemoteStore;
  /** Makes a collector's configuration. Default: as the stack does. */
  readonly configure?: typeof collectorConfig;
  /** Changes a collector's configuration, to show that a test notices. Default: unchanged. */
  readonly adjustCollectorConfig?: (config: Record<string, unknown>) => Record<string, unknown>;
  /** More of a collector's environment. Default: nothing. */
  readonly collectorEnv?: Readonly<Record<string, string>>;
  readonly prometheus?: Partial<PrometheusOptions>;
  /** What starts collectors and Prometheus. Default: nothing else. */
  readonly launcher?: ProcessSpec["launcher"];
}

/** Collector(s) and Prometheus as plain processes on loopback, configured by the stack's own functions and defaults. */
export class PipelineStack {
  private constructor(
    readonly directory: string,
    readonly prometheus: PrometheusProcess,
    readonly collectors: readonly CollectorProcess[],
    private readonly balancers: { readonly http: TcpBalancer; readonly grpc: TcpBalancer } | undefined,
  ) {}

  /** Starts everything and waits until it is ready. */
  static async start(options: PipelineStackOptions = {}): Promise<PipelineStack> {
    const binaries = await pipelineBinaries();
    const directory = temporaryDirectory("claude-monitoring-pipeline");
    const prometheus = await PrometheusProcess.prepare(binaries.prometheus, directory, {
      outOfOrderTimeWindow: stackDefault("prometheus.outOfOrderWindow"),
      ruleFiles: { "recording.rules.yaml": () => recordingRules({ promisedLateness, retentionSeconds: 200 * hour }) },
      ...(options.remoteStore === undefined ? {} : { remoteStore: options.remoteStore }),
      ...launched(options),
      ...options.prometheus,
    });
    const collectors: CollectorProcess[] = [];
    for (let index = 0; index < (options.collectors ?? 1); index++) {
      collectors.push(await prepareCollector(binaries.collector, directory, index, prometheus, options));
    }
    const balancers =
      collectors.length === 1
        ? undefined
        : {
            http: await startTcpBalancer(collectors.map(({ ports }) => ports.otlpHttp)),
            grpc: await startTcpBalancer(collectors.map(({ ports }) => ports.otlpGrpc)),
          };
    const stack = new PipelineStack(directory, prometheus, collectors, balancers);
    try {
      await Promise.all([prometheus.start(), ...collectors.map(async (collector) => collector.start())]);
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  /** Where clients send OTLP over HTTP. */
  get otlpHttpUrl(): string {
    return `http://${loopback}:${this.balancers?.http.port ?? this.collector.ports.otlpHttp}`;
  }

  /** Where clients send OTLP over gRPC. */
  get otlpGrpcUrl(): string {
    return `http://${loopback}:${this.balancers?.grpc.port ?? this.collector.ports.otlpGrpc}`;
  }

  /** The first collector; the only one unless more were asked for. */
  get collector(): CollectorProcess {
    const [first] = this.collectors;
    if (first === undefined) {
      throw new Error("this stack has no collector; expected at least one");
    }
    return first;
  }

  get reader(): PrometheusReader {
    return this.prometheus.reader;
  }

  /** Waits until every collector has sent all it accepted. */
  async drained(timeoutMs?: number): Promise<void> {
    await Promise.all(this.collectors.map(async (collector) => collector.drained(timeoutMs)));
  }

  /** Ends everything and removes its files. */
  async stop(): Promise<void> {
    await Promise.all(this.collectors.map(async (collector) => collector.stop()));
    await this.prometheus.stop();
    await this.balancers?.http.stop();
    await this.balancers?.grpc.stop();
    removeTemporaryDirectory(this.directory);
  }
}

async function prepareCollector(
  binary: string,
  directory: string,
  index: number,
  prometheus: PrometheusProcess,
  options: PipelineStackOptions,
): Promise<CollectorProcess> {
  const ports = await freeCollectorPorts();
  const name = `collector-${index}`;
  const args: CollectorConfigArgs = {
    prometheusWriteUrl: prometheus.writeUrl,
    queueDirectory: path.join(directory, `${name}-queue`),
    queueBytes: options.queueBytes ?? 64 * 1024 * 1024,
    clockAheadTolerance: stackDefault("collector.clockAheadTolerance"),
    clockBehindTolerance: stackDefault("collector.clockBehindTolerance"),
    privacy: { contents: [], identity: "keep", attributeLength: 1024, resourceAttributes: [], ...options.privacy },
    labelValues: options.labelValues ?? {},
    modelAliases: options.modelAliases ?? {},
    teamRules: options.teamRules ?? [],
    countInterval: options.countInterval ?? "1s",
    access: options.access ?? {},
    // Named, because an object's getters are not spread.
    ...(options.stores === undefined
      ? {}
      : { lokiOtlpUrl: options.stores.lokiOtlpUrl, tempoOtlpUrl: options.stores.tempoOtlpUrl }),
    ...(options.remoteStore === undefined ? {} : { remoteStore: options.remoteStore }),
    listenHost: loopback,
    listenPorts: ports,
  };
  const config = (options.configure ?? collectorConfig)(args);
  const adjusted = options.adjustCollectorConfig?.(config) ?? config;
  return new CollectorProcess(binary, name, directory, ports, adjusted, {
    ...launched(options),
    ...(options.collectorEnv === undefined ? {} : { env: options.collectorEnv }),
  });
}

function launched({ launcher }: PipelineStackOptions): Pick<PipelineStackOptions, "launcher"> {
  return launcher === undefined ? {} : { launcher };
}
