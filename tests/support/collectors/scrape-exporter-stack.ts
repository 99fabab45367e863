import { CollectorProcess, freeCollectorPorts } from "./collector-process";
import { freePorts, loopback } from "../loopback-ports";
import { pipelineBinaries } from "./pipeline-binaries";
import { removeTemporaryDirectory, temporaryDirectory } from "../processes";
import { PrometheusProcess } from "../prometheus/prometheus-process";

/**
 * The usual way, for comparison: the collector adds deltas up and serves running totals, Prometheus scrapes them every
 * 15 s, and queries take `increase()`.
 */
export class ScrapeExporterStack {
  private constructor(
    readonly directory: string,
    readonly collector: CollectorProcess,
    readonly prometheus: PrometheusProcess,
  ) {}

  /** Starts collector and Prometheus and waits until both are ready. */
  static async start(): Promise<ScrapeExporterStack> {
    const binaries = await pipelineBinaries();
    const directory = temporaryDirectory("claude-monitoring-scrape");
    const ports = await freeCollectorPorts();
    const [exporterPort = 0] = await freePorts(1);
    const config = scrapeExporterConfig(ports, exporterPort);
    const collector = new CollectorProcess(binaries.collector, "scrape-collector", directory, ports, config);
    const prometheus = await PrometheusProcess.prepare(binaries.prometheus, directory, {
      outOfOrderTimeWindow: "0s",
      extraScrapeConfigs: [{ job_name: "claude-code", static_configs: [{ targets: [`${loopback}:${exporterPort}`] }] }],
    });
    const stack = new ScrapeExporterStack(directory, collector, prometheus);
    try {
      await Promise.all([collector.start(), prometheus.start()]);
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  /** Ends both and removes their files. */
  async stop(): Promise<void> {
    await Promise.all([this.collector.stop(), this.prometheus.stop()]);
    removeTemporaryDirectory(this.directory);
  }
}

function scrapeExporterConfig(ports: CollectorProcess["ports"], exporterPort: number): Record<string, unknown> {
  return {
    extensions: { health_check: { endpoint: `${loopback}:${ports.collectorHealth}` } },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `${loopback}:${ports.otlpGrpc}` },
          http: { endpoint: `${loopback}:${ports.otlpHttp}` },
        },
      },
    },
    exporters: {
      prometheus: { endpoint: `${loopback}:${exporterPort}` },
      debug: { verbosity: "basic" },
    },
    service: {
      extensions: ["health_check"],
      pipelines: {
        metrics: { receivers: ["otlp"], exporters: ["prometheus"] },
        logs: { receivers: ["otlp"], exporters: ["debug"] },
        traces: { receivers: ["otlp"], exporters: ["debug"] },
      },
      telemetry: {
        metrics: {
          readers: [{ pull: { exporter: { prometheus: { host: loopback, port: ports.collectorMetrics } } } }],
        },
      },
    },
  };
}
