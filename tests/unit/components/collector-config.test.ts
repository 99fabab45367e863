import assert from "node:assert/strict";

import { collectorConfig, CollectorConfigArgs } from "../../../components/collector/config";
import type { PrivacyArgs } from "../../../components/collector/privacy";
import { contentKinds, type ContentKindName } from "../../../telemetry/content-kinds";

interface Transform {
  readonly [statements: `${string}_statements`]: readonly { readonly statements: readonly string[] }[] | undefined;
}

interface CollectorConfig {
  readonly receivers: Record<string, { readonly protocols: Record<"grpc" | "http", { endpoint: string }> }>;
  readonly exporters: Record<string, Record<string, unknown>>;
  readonly connectors: Record<string, unknown>;
  readonly processors: Record<string, Transform>;
  readonly service: { readonly pipelines: Record<string, Record<"receivers" | "processors" | "exporters", string[]>> };
}

const privacy: PrivacyArgs = { contents: [], identity: "keep", attributeLength: 100, resourceAttributes: [] };
const args: CollectorConfigArgs = {
  prometheusWriteUrl: "http://prometheus:9090/api/v1/write",
  queueDirectory: "/queue",
  queueBytes: 100_000,
  clockAheadTolerance: "5m",
  clockBehindTolerance: "6h",
  privacy,
  labelValues: {},
};
const stores = { lokiOtlpUrl: "http://loki:3100/otlp", tempoOtlpUrl: "http://tempo:4318" };

function config(overrides: Partial<CollectorConfigArgs> = {}): CollectorConfig {
  return collectorConfig({ ...args, ...overrides }) as unknown as CollectorConfig;
}

function queueOf(exporter: string, overrides: Partial<CollectorConfigArgs> = {}): Record<string, unknown> {
  return config(overrides).exporters[exporter]!["sending_queue"] as Record<string, unknown>;
}

function statementsOf(processor: string, overrides: Partial<CollectorConfigArgs> = {}): string {
  return Object.entries(config(overrides).processors[processor]!)
    .flatMap(([key, value]) => (key.endsWith("_statements") ? (value as { statements: string[] }[]) : []))
    .flatMap(({ statements }) => statements)
    .join("\n");
}

describe("collector's configuration", () => {
  it("accepts all three signals on one endpoint", () => {
    const { pipelines } = config().service;
    const fromClients = Object.entries(pipelines).filter(([, { receivers }]) => receivers.includes("otlp"));
    assert.deepEqual(fromClients.map(([name]) => name).sort(), ["logs", "metrics", "metrics/other-agents", "traces"]);
  });

  it("hands to a stage's receiver no signal whose queues may start after those of another", () => {
    const { connectors, receivers, service } = config(stores);
    const pipelines = Object.entries(service.pipelines);
    const from = (receiver: string) => pipelines.filter(([, pipeline]) => pipeline.receivers.includes(receiver));
    const signalOf = ([name]: (typeof pipelines)[number]) => name.split("/")[0]!;
    const queuesOf = (pipeline: (typeof pipelines)[number]): string[] =>
      pipeline[1].exporters.flatMap((exporter) =>
        exporter in connectors ? from(exporter).flatMap(queuesOf) : `${signalOf(pipeline)} ${exporter}`,
      );
    for (const receiver of Object.keys(receivers).filter((name) => name !== "otlp")) {
      const signals = new Set(from(receiver).map(signalOf));
      const [first, ...others] = [...signals].map(
        (signal) =>
          new Set(
            from(receiver)
              .filter((pipeline) => signalOf(pipeline) === signal)
              .flatMap(queuesOf),
          ),
      );
      others.forEach((other) => {
        assert.deepEqual(other, first, receiver);
      });
    }
  });

  it("never merges exports of events before the ledger, which would add up an export and its repetition", () => {
    const { processors } = config(stores);
    assert.deepEqual(
      Object.keys(processors).filter((name) => name.startsWith("batch") || name.startsWith("groupbyattrs")),
      [],
    );
    assert.equal(queueOf("otlp_http/accepted")["batch"], undefined);
  });

  it("writes to Prometheus in the form of which it takes all but the bad points, and never in two parts", () => {
    const outgoing = config().exporters["prometheus_remote_write/outgoing"]!;
    assert.equal(outgoing["endpoint"], args.prometheusWriteUrl);
    assert.equal(outgoing["protobuf_message"], "io.prometheus.write.v2.Request");
    const { max_size } = queueOf("otlp_http/prometheus")["batch"] as { max_size: number };
    assert.ok(Number(outgoing["max_batch_size_bytes"]) >= 16 * max_size);
    // As Prometheus writes what it is sent by OTLP: without labels of scopes, and without a series of its own.
    assert.deepEqual([outgoing["disable_scope_info"], outgoing["target_info"]], [true, { enabled: false }]);
    assert.ok(statementsOf("transform/outgoing").includes("AGGREGATION_TEMPORALITY_CUMULATIVE"), "deltas are dropped");
  });

  it("queues on disk and retries without end, in every stage", () => {
    const { exporters } = config(stores);
    const { "prometheus_remote_write/outgoing": outgoing, ...queued } = exporters;
    assert.deepEqual(outgoing!["remote_write_queue"], { enabled: false }, "answers to the queue before it");
    assert.deepEqual(outgoing!["retry_on_failure"], { enabled: false });
    assert.equal(Object.keys(queued).length, 7);
    for (const [name, exporter] of Object.entries(queued)) {
      const retry = exporter["retry_on_failure"] as Record<string, unknown>;
      assert.equal(queueOf(name, stores)["storage"], "file_storage/queue", name);
      assert.equal(retry["max_elapsed_time"], 0, name);
    }
  });

  it("shares the queues' bytes among the stages", () => {
    assert.equal(queueOf("otlp_http/prometheus")["queue_size"], 40_000);
    const queues = Object.values(config(stores).service.pipelines).flatMap(({ exporters }) =>
      exporters.filter((name) => name.startsWith("otlp_http/")),
    );
    // Metrics of the ledger and of counts share one exporter and signal.
    const distinct = queues.filter(
      (name, index) => name !== "otlp_http/event-metrics" || queues.indexOf(name) === index,
    );
    const total = distinct.reduce((sum, name) => sum + Number(queueOf(name, stores)["queue_size"]), 0);
    assert.ok(total <= 100_000, `${total} bytes in all`);
  });

  it("tells clients that a queue is full in the first stage only; the others wait", () => {
    const refusing = ["otlp_http/prometheus", "otlp_http/accepted", "otlp_http/accepted-spans"];
    for (const name of Object.keys(config(stores).exporters).filter((each) => each.startsWith("otlp_http/"))) {
      assert.equal(queueOf(name, stores)["block_on_overflow"], refusing.includes(name) ? undefined : true, name);
    }
    for (const name of ["otlp_http/accepted", "otlp_http/accepted-spans", "otlp_http/merged"]) {
      assert.equal(config().exporters[name]!["timeout"], "0s", name);
    }
  });

  it("looks at the clock again at each try to send to Prometheus", () => {
    const { exporters, service } = config();
    for (const name of ["otlp_http/prometheus", "otlp_http/event-metrics"]) {
      assert.equal(exporters[name]!["endpoint"], "http://127.0.0.1:14321", name);
    }
    assert.deepEqual(service.pipelines["metrics/outgoing"], {
      receivers: ["otlp/outgoing"],
      processors: ["transform/outgoing"],
      exporters: ["prometheus_remote_write/outgoing"],
    });
    const [mark, restamp] = statementsOf("transform/outgoing", { clockAheadTolerance: "2m" }).split("\n");
    const ahead = 'datapoint.time_unix_nano - UnixNano(Now()) - Nanoseconds(Duration("2m"))';
    assert.ok(mark?.endsWith(`"ahead") where ${ahead} > 0`), mark);
    assert.ok(restamp?.includes(`((${ahead}) / 3600500000000 + 1)) where ${ahead} > 0`), restamp);
  });

  it("makes counts of what came in an interval, one request at a time", () => {
    assert.equal(queueOf("otlp_http/merged")["num_consumers"], 1);
    const batch = (overrides: Partial<CollectorConfigArgs>) =>
      queueOf("otlp_http/merged", overrides)["batch"] as Record<string, unknown>;
    assert.equal(batch({})["flush_timeout"], "15s");
    assert.equal(batch({ countInterval: "1s" })["flush_timeout"], "1s");
  });

  it("stores events and spans where there is a store, and counts them all the same", () => {
    const pipelinesOf = (overrides: Partial<CollectorConfigArgs>) => Object.keys(config(overrides).service.pipelines);
    assert.ok(!pipelinesOf({}).some((name) => name.endsWith("/stored")));
    assert.ok(pipelinesOf(stores).includes("logs/stored") && pipelinesOf(stores).includes("traces/stored"));
    assert.ok(pipelinesOf({}).includes("logs/countable") && pipelinesOf({}).includes("metrics/ledger"));
  });

  it("prints nothing of what it is sent", () => {
    assert.ok(!Object.keys(config(stores).exporters).some((name) => name.startsWith("debug")));
  });

  it("restamps clocks that are wrong either way, by the tolerances given", () => {
    for (const [processor, context] of [
      ["transform/points", "datapoint"],
      ["transform/events", "log"],
    ] as const) {
      const statements = statementsOf(processor);
      assert.ok(statements.includes(`${context}.time > Now() + Duration("5m")`), processor);
      assert.ok(statements.includes(`${context}.time < Now() - Duration("6h")`), processor);
    }
  });

  it("adds up points that differ in nothing that is kept, before their clocks are mended", () => {
    const statements = statementsOf("transform/points");
    const order = ["keep_keys(datapoint.attributes", "start_time_unix_nano", 'aggregate_on_attributes("sum")', "Now()"];
    const positions = order.map((part) => statements.indexOf(part));
    assert.ok(positions.every((position) => position >= 0));
    assert.deepEqual(
      positions,
      [...positions].sort((a, b) => a - b),
    );
  });

  it("listens where it is told, and to itself on loopback alone", () => {
    assert.equal(config().receivers["otlp"]!.protocols.http.endpoint, "0.0.0.0:4318");
    for (const [name, port] of [
      ["otlp/accepted", 14318],
      ["otlp/accepted-spans", 14322],
      ["otlp/merged", 14319],
      ["otlp/outgoing", 14321],
    ] as const) {
      assert.deepEqual(Object.keys(config().receivers[name]!.protocols), ["http"]);
      assert.equal(config().receivers[name]!.protocols.http.endpoint, `127.0.0.1:${port}`);
    }
    const listenPorts = {
      otlpGrpc: 1,
      otlpHttp: 2,
      collectorMetrics: 3,
      collectorHealth: 4,
      collectorAccepted: 5,
      collectorMerged: 6,
      collectorRemote: 7,
      collectorOutgoing: 8,
      collectorAcceptedSpans: 9,
    };
    const local = config({ listenHost: "127.0.0.1", listenPorts });
    assert.equal(local.receivers["otlp"]!.protocols.http.endpoint, "127.0.0.1:2");
    assert.equal(local.receivers["otlp/merged"]!.protocols.http.endpoint, "127.0.0.1:6");
  });
});

describe("what the collector lets through", () => {
  it("is a list of attributes, with what was configured", () => {
    const more = { privacy: { ...privacy, resourceAttributes: ["cost.center"] } };
    for (const processor of ["transform/points", "transform/events", "transform/spans"]) {
      const lists = statementsOf(processor, more)
        .split("\n")
        .filter((line) => /keep_keys\((?!scope)/.test(line));
      assert.ok(lists.length >= 2, processor);
      assert.ok(
        lists.every((line) => line.includes('"cost.center"')),
        processor,
      );
      assert.ok(!statementsOf(processor).includes("cost.center"));
    }
  });

  it("is a kind of contents by its own switch alone", () => {
    const keptBy = (...args: Parameters<typeof statementsOf>) =>
      statementsOf(...args)
        .split("\n")
        .filter((line) => line.startsWith("keep_keys("))
        .join("\n");
    const kinds = Object.entries(contentKinds) as [ContentKindName, (typeof contentKinds)[ContentKindName]][];
    for (const [kind, { eventAttributes, spanAttributes }] of kinds) {
      const kept = { privacy: { ...privacy, contents: [kind] } };
      for (const [processor, names] of [
        ["transform/events", eventAttributes],
        ["transform/spans", spanAttributes],
      ] as const) {
        for (const name of names) {
          assert.ok(!keptBy(processor).includes(`"${name}"`), `${name} by default`);
          assert.ok(keptBy(processor, kept).includes(`"${name}"`), `${name} with ${kind}`);
        }
      }
    }
  });

  it("names nobody where identities are not kept", () => {
    const dropping = statementsOf("transform/points", { privacy: { ...privacy, identity: "drop" } });
    assert.ok(dropping.includes('delete_key(datapoint.attributes, "user.email")'));
    const replacing = statementsOf("transform/points", { privacy: { ...privacy, identity: "pseudonym" } });
    assert.ok(replacing.includes("SHA256(") && replacing.includes("${env:PSEUDONYM_KEY}"));
    assert.ok(!statementsOf("transform/points").includes("SHA256("));
  });

  it("names models before anything is cut, those of aliases and those of the list's spellings", () => {
    for (const [processor, value] of [
      ["transform/points", 'datapoint.attributes["model"]'],
      ["transform/events", 'log.attributes["model"]'],
      ["transform/spans", 'span.attributes["gen_ai.request.model"]'],
    ] as const) {
      const statements = statementsOf(processor, { modelAliases: { 'a "$1"': "claude-opus-5" } });
      const named = statements.indexOf(`set(${value}, "claude-opus-5") where ${value} == "a \\"$$1\\""`);
      const spelled = statements.indexOf(`replace_pattern(${value}, "^`);
      const cut = statements.indexOf("truncate_all(");
      assert.ok(named >= 0 && spelled > named && cut > spelled, `${processor}: ${named}, ${spelled}, ${cut}`);
      assert.ok(!statementsOf(processor).includes("claude-opus-5"), "no alias by default");
    }
  });

  it("has labels of known values, those that were configured, and one for the rest", () => {
    const folding = statementsOf("transform/countable-events", {
      labelValues: { tool_name: ["My.Tool"], team: ["core"] },
    });
    const [tools = ""] = /datapoint|log\.attributes\["tool_name"\]\), "([^"]*)"/.exec(folding) ?? [];
    assert.ok(tools.includes("Bash") && tools.includes("My\\\\.Tool"), tools);
    const points = statementsOf("transform/points", { labelValues: { team: ["core"] } });
    assert.ok(points.includes('IsMatch(String(datapoint.attributes["team"]), "^(?:core|other)$")'));
    assert.ok(!statementsOf("transform/points").includes('String(datapoint.attributes["team"])'));
  });
});
