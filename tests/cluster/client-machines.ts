import { ports } from "../../components/kubernetes/ports";
import { installClient } from "../support/clients/claude-client";
import { runClientSessions } from "../support/clients/client-sessions";
import { Amounts } from "../support/compare";
import { startMessagesApi } from "../support/clients/messages-api";
import { scrape, sumSamples } from "../support/prometheus/metrics-text";
import { sleep, temporaryDirectory, waitUntil } from "../support/processes";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { readTotals } from "../support/prometheus/totals";
import { TestCluster } from "./test-cluster";

const otlpHttpNodePort = 30318;
/** More than the collectors need to both be found; each is tried once. */
const machineLimit = 10;

interface Pod {
  readonly metadata: { readonly name: string };
}

/** Source addresses from which clients run, chosen so that the Service sends them to different collectors. */
export class ClientMachines {
  private constructor(
    private readonly cluster: TestCluster,
    private readonly namespace: string,
    /** OTLP endpoints, one for each collector. */
    readonly endpoints: readonly string[],
  ) {}

  /** Finds source addresses that reach `collectors` different collectors, by a log record from each. */
  static async start(cluster: TestCluster, namespace: string, collectors: number): Promise<ClientMachines> {
    await installClient();
    const endpoints = new Map<string, string>();
    const probe = new ClientMachines(cluster, namespace, []);
    for (let index = 0; index < machineLimit && endpoints.size < collectors; index += 1) {
      const endpoint = `http://${await cluster.addressFor(index)}:${otlpHttpNodePort}`;
      const collector = await probe.collectorBehind(endpoint);
      if (!endpoints.has(collector)) {
        endpoints.set(collector, endpoint);
      }
    }
    if (endpoints.size < collectors) {
      throw new Error(`${machineLimit} source addresses reached ${endpoints.size} collectors; expected ${collectors}`);
    }
    return new ClientMachines(cluster, namespace, [...endpoints.values()]);
  }

  /** Metric points that each collector has received. */
  receivedByCollector(): Promise<number[]> {
    return this.perCollector("otelcol_receiver_accepted_metric_points").then((counts) =>
      [...counts.values()].map((count) => count ?? 0),
    );
  }

  /** Waits until no collector has anything left to send. */
  async drained(): Promise<void> {
    await waitUntil(
      "the collectors' queues are empty",
      async () => [...(await this.perCollector("otelcol_exporter_queue_size")).values()].every((size) => size === 0),
      60_000,
      500,
    );
    // What left the queue may still be in a request.
    await sleep(1000);
  }

  private async collectorBehind(endpoint: string): Promise<string> {
    const counter = "otelcol_receiver_accepted_log_records";
    const before = await this.perCollector(counter);
    const record = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "probe" } }] }] }] };
    const response = await fetch(`${endpoint}/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify(record),
    });
    if (!response.ok) {
      throw new Error(`${endpoint}/v1/logs answered ${response.status}; expected 200`);
    }
    let found = "";
    await waitUntil("a collector counts the probe", async () => {
      const after = await this.perCollector(counter);
      found = [...after].find(([name, count]) => (count ?? 0) > (before.get(name) ?? 0))?.[0] ?? "";
      return found !== "";
    });
    return found;
  }

  /** A metric of each collector; undefined where it has no such series (yet). */
  private async perCollector(metric: string): Promise<Map<string, number | undefined>> {
    const pods = await this.cluster.list<Pod>("pods", this.namespace);
    const collectors = pods.map(({ metadata }) => metadata.name).filter((name) => name.includes("otel-collector"));
    const counts = collectors.map(async (name) => {
      const url = this.cluster.proxyUrl(this.namespace, "pods", name, ports.collectorMetrics);
      return [name, sumSamples(await scrape(`${url}/metrics`), metric)] as const;
    });
    return new Map(await Promise.all(counts));
  }
}

/**
 * Runs the standard sessions from every machine, with the settings that the stack hands out.
 *
 * @param run tells the sessions of one run from another's
 * @returns what the scripted API billed, and what Prometheus holds
 */
export async function runSessions(
  machines: ClientMachines,
  outputs: Readonly<Record<string, unknown>>,
  reader: PrometheusReader,
  run: string,
): Promise<{ truth: Amounts; found: Amounts }> {
  const { env } = JSON.parse(outputs["claudeCodeSettings"] as string) as { env: Record<string, string> };
  const truths: Amounts[] = [];
  for (const [index, endpoint] of machines.endpoints.entries()) {
    const api = await startMessagesApi();
    const directory = temporaryDirectory("client-machine");
    const telemetry = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const resourceAttributes = { user: `developer-${index}`, team: run, location: "home", device: "laptop" };
    try {
      truths.push(await runClientSessions({ api, directory, telemetry, resourceAttributes }));
    } finally {
      await api.stop();
    }
  }
  await machines.drained();
  return { truth: summed(truths), found: await readTotals(reader, { window: "1h", matchers: `team="${run}"` }) };
}

function summed(amounts: readonly Amounts[]): Amounts {
  const total: Record<string, number> = {};
  for (const each of amounts) {
    for (const [name, value] of Object.entries(each)) {
      total[name] = (total[name] ?? 0) + value;
    }
  }
  return total;
}
