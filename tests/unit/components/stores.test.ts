import assert from "node:assert/strict";

import type { ConfigValues } from "../../../config/paths";
import { parse } from "yaml";

import { grafanaDataSources } from "../../../config/data-sources";
import { dashboardOptions } from "../../../config/dashboards";
import { isDeployed } from "../../../config/storage";
import { deploy, Deployment } from "./deployment";
import { dashboardsOnly, externalGrafana } from "./external-grafana";
import { metadata, ofType, one, PodTemplate } from "./registered";
import { problemsOf as problemsOfStack, stackConfig } from "../config/stack-config";

const problemsOf = (values: ConfigValues) => problemsOfStack("prod", values);

const stores = ["loki", "tempo"] as const;

function configFile(deployment: Deployment, store: string): Readonly<Record<string, unknown>> {
  const { data } = one(deployment, `${store}-config`).inputs as { data: Record<string, string> };
  return parse(data[`${store}.yaml`]!) as Record<string, unknown>;
}

/** Settings of a data source, by the key that they have in Grafana. */
function settings(deployment: Deployment, store: string): Readonly<Record<string, unknown>> {
  const { jsonDataEncoded } = one(deployment, `grafana-content-${store}`).inputs as { jsonDataEncoded: string };
  return JSON.parse(jsonDataEncoded) as Record<string, unknown>;
}

describe("Loki and Tempo", () => {
  for (const [stack, retentions] of [
    ["dev", { loki: "720h", tempo: "720h" }],
    ["prod", { loki: "2160h", tempo: "720h" }],
  ] as const) {
    it(`in ${stack}: volume, retention, probes and Service of each`, async () => {
      const deployment = await deploy(stack);
      for (const store of stores) {
        const volume = one(deployment, `${store}-volume`);
        assert.equal(metadata(volume).name, `${stack}-${store}`);
        assert.equal(volume.options.protect, stack === "prod");
        const { template } = one(deployment, `${store}-workload`).inputs["spec"] as PodTemplate;
        const container = template.spec.containers[0]!;
        assert.equal(template.spec.securityContext["runAsUser"], 10001);
        assert.deepEqual(container.args, [`-config.file=/etc/${store}/${store}.yaml`, "-target=all"]);
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const) {
          const { httpGet } = container[probe] as { httpGet: object };
          assert.deepEqual(httpGet, { path: "/ready", port: "http" });
        }
        const memory = stack === "dev" ? 2 ** 30 : 2 ** 31;
        assert.deepEqual(container.env, [{ name: "GOMEMLIMIT", value: `${Math.floor(memory * 0.8)}B` }]);
        const { type } = one(deployment, `${store}-service`).inputs["spec"] as { type: string };
        assert.equal(type, "ClusterIP");
      }
      const { limits_config } = configFile(deployment, "loki") as { limits_config: { retention_period: string } };
      assert.equal(limits_config.retention_period, retentions.loki);
      const { compactor } = configFile(deployment, "tempo") as {
        compactor: { compaction: { block_retention: string } };
      };
      assert.equal(compactor.compaction.block_retention, retentions.tempo);
    });
  }

  it("take what is as late as Prometheus takes", async () => {
    const deployment = await deploy("prod", { "prometheus.outOfOrderWindow": "48h" });
    const { ingester } = configFile(deployment, "loki") as { ingester: { max_chunk_age: string } };
    assert.equal(ingester.max_chunk_age, "96h");
    const { storage } = configFile(deployment, "tempo") as {
      storage: { trace: { wal: { ingestion_time_range_slack: string } } };
    };
    assert.equal(storage.trace.wal.ingestion_time_range_slack, "48h");
  });

  it("are where the collector sends: Loki's OTLP path, Tempo's OTLP port", async () => {
    const { data } = one(await deploy("dev"), "otel-collector-config").inputs as { data: Record<string, string> };
    assert.match(data["collector.yaml"]!, /http:\/\/dev-loki:3100\/otlp\b/);
    assert.match(data["collector.yaml"]!, /http:\/\/dev-tempo:4318\b/);
  });

  for (const store of stores) {
    it(`${store}.enabled: false leaves it out, with its data source, its scrape and what leads to it`, async () => {
      const deployment = await deploy("dev", { [`${store}.enabled`]: false });
      assert.deepEqual(
        deployment.resources.filter(({ urnPath }) => urnPath.includes(store)).map(({ name }) => name),
        [],
      );
      const all = JSON.stringify(
        deployment.resources.filter(({ type }) => !type.endsWith(":Dashboard")).map(({ inputs }) => inputs),
      );
      assert.ok(!all.includes(`dev-${store}.`), "nothing asks for it");
      assert.ok(!all.includes(`claude-code-monitoring-${store}`), "nothing links to it");
    });
  }

  it("are in no stack that collects nothing", async () => {
    const values = dashboardsOnly;
    const deployment = await deploy("prod", values);
    assert.deepEqual(ofType(deployment, "grafana:oss/dataSource:DataSource"), []);
    const config = stackConfig("prod", values);
    assert.deepEqual([isDeployed(config, "loki"), isDeployed(config, "tempo")], [false, false]);
    assert.equal(dashboardOptions(config).events, undefined);
  });
});

describe("data sources", () => {
  it("are three, Prometheus' the first and the default, created one after the other", async () => {
    const deployment = await deploy("dev");
    const sources = ["prometheus", "loki", "tempo"].map((type) => one(deployment, `grafana-content-${type}`));
    assert.deepEqual(
      sources.map(({ inputs }) => [inputs["type"], inputs["uid"], inputs["name"], inputs["url"], inputs["isDefault"]]),
      [
        ["prometheus", "Prometheus", 9090, true],
        ["loki", "Loki", 3100, false],
        ["tempo", "Tempo", 3200, false],
      ].map(([type, name, port, isDefault]) => [
        type,
        `claude-code-monitoring-${String(type)}`,
        `Claude Code ${String(name)}`,
        `http://dev-${String(type)}.claude-monitoring-dev.svc:${String(port)}`,
        isDefault,
      ]),
    );
    assert.deepEqual(
      sources.map(({ options }) => (options.dependsOn as readonly unknown[]).length),
      [0, 1, 2],
    );
  });

  it("lead from an event to its trace", async () => {
    assert.deepEqual(settings(await deploy("dev"), "loki"), {
      derivedFields: [
        {
          name: "trace_id",
          matcherType: "label",
          matcherRegex: "^trace_id$",
          datasourceUid: "claude-code-monitoring-tempo",
          url: "${__value.raw}",
        },
      ],
    });
  });

  it("lead from a trace to its events, and to the metrics of its session", async () => {
    const { tracesToLogsV2, tracesToMetrics, ...more } = settings(await deploy("dev"), "tempo");
    assert.deepEqual(tracesToLogsV2, {
      datasourceUid: "claude-code-monitoring-loki",
      spanStartTimeShift: "-5m",
      spanEndTimeShift: "5m",
      filterByTraceID: false,
      filterBySpanID: false,
      customQuery: true,
      query: '{service_name="claude-code"} | trace_id="${__trace.traceId}"',
    });
    const { datasourceUid, tags, queries } = tracesToMetrics as {
      datasourceUid: string;
      tags: object[];
      queries: { query: string }[];
    };
    assert.equal(datasourceUid, "claude-code-monitoring-prometheus");
    assert.deepEqual(tags, [{ key: "session.id", value: "session_id" }]);
    assert.equal(
      queries[0]!.query,
      "sum by (model) (sum_over_time(claude_code_cost_usage_USD_total{$__tags}[$__interval]))",
    );
    assert.deepEqual(more, { nodeGraph: { enabled: true }, search: { hide: false } });
  });

  it("name the Prometheus data source that is there already", async () => {
    const deployment = await deploy("dev", { ...externalGrafana, "grafana.prometheusDataSourceUid": "theirs" });
    assert.equal(ofType(deployment, "grafana:oss/dataSource:DataSource").length, 2);
    const { tracesToMetrics } = settings(deployment, "tempo") as { tracesToMetrics: { datasourceUid: string } };
    assert.equal(tracesToMetrics.datasourceUid, "theirs");
  });

  it("are where an external Grafana is told that stores are, also if nothing is collected here", () => {
    const urls = { "grafana.lokiUrl": "https://loki.example.com", "grafana.tempoUrl": "https://tempo.example.com" };
    for (const collection of ["in-cluster", "none"]) {
      const values = { ...externalGrafana, ...urls, collection, "grafana.prometheusDataSourceUid": "theirs" };
      const config = stackConfig("prod", values);
      assert.deepEqual(
        grafanaDataSources(config, "namespace").map(({ url }) => url),
        Object.values(urls),
      );
      assert.deepEqual(dashboardOptions(config).events, {
        loki: { type: "loki", uid: "claude-code-monitoring-loki" },
        tempo: { type: "tempo", uid: "claude-code-monitoring-tempo" },
      });
    }
  });

  it("of events are enough for dashboards: traces are an addition", () => {
    const events = (values: ConfigValues) => dashboardOptions(stackConfig("prod", values)).events;
    assert.deepEqual(events({ "tempo.enabled": "false" }), {
      loki: { type: "loki", uid: "claude-code-monitoring-loki" },
      tempo: undefined,
    });
    assert.equal(events({ "loki.enabled": "false" }), undefined);
  });
});

describe("configuration of Loki and Tempo", () => {
  for (const [key, value, expected] of [
    ["loki.enabled", "yes", /found "yes"; expected true or false/],
    ["tempo.enabled", "1", /found "1"; expected true or false/],
    ["loki.storage", "lots", /expected a quantity/],
    ["tempo.storage", "0Gi", /expected a quantity/],
    ["loki.retention", "90", /expected a duration/],
    ["tempo.retention", "a month", /expected a duration/],
    ["loki.resources.memory", "2 GB", /expected a quantity/],
    ["tempo.resources.cpuLimit", "two", /expected a CPU quantity/],
    ["loki.resources", { cpuRequest: 3 }, /found cpuRequest "3"; expected at most cpuLimit, "2"/],
    ["grafana.lokiUrl", "loki", /expected a URL such as https:\/\/loki.example.com, or nothing/],
    ["grafana.tempoUrl", "tempo:3200", /expected a URL/],
    ["loki.retention", "30h", /found no more than prometheus.outOfOrderWindow; expected more/],
    ["tempo.retention", "24h", /found no more than prometheus.outOfOrderWindow; expected more/],
  ] as const) {
    it(`refuses ${key} = ${JSON.stringify(value)}`, () => {
      const problems = problemsOf({ [key]: value });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0]!, new RegExp(`^${key}: `));
      assert.match(problems[0]!, expected);
    });
  }

  it("refuses less than the day that Loki keeps at least", () => {
    const short = {
      "collector.clockBehindTolerance": "1h",
      "prometheus.outOfOrderWindow": "5h",
      "tempo.retention": "6h",
    };
    assert.deepEqual(problemsOf({ ...short, "loki.retention": "23h" }), [
      "loki.retention: found less than 24h; expected at least that",
    ]);
    assert.deepEqual(problemsOf({ ...short, "loki.retention": "24h" }), []);
  });

  it("asks nothing of what is left out, and takes the address of another", () => {
    for (const [store, key] of [
      ["loki", "grafana.lokiUrl"],
      ["tempo", "grafana.tempoUrl"],
    ] as const) {
      assert.deepEqual(problemsOf({ [`${store}.enabled`]: false, [`${store}.retention`]: "1h" }), []);
      for (const grafana of ["in-cluster", "external"]) {
        const another = {
          ...externalGrafana,
          "grafana.deployment": grafana,
          "network.readerNamespaces": ["grafana"],
          [key]: "https://store.monitoring.test",
        };
        assert.deepEqual(problemsOf({ ...another, [`${store}.enabled`]: false }), []);
      }
    }
  });

  it("shows another Loki in place of its own", async () => {
    const another = { "loki.enabled": "false", "grafana.lokiUrl": "https://loki.monitoring.test:3100" };
    const deployment = await deploy("dev", another);
    const lokis = ofType(deployment, "grafana:oss/dataSource:DataSource").filter(
      ({ inputs }) => inputs["type"] === "loki",
    );
    assert.deepEqual(
      lokis.map(({ inputs }) => inputs["url"]),
      [another["grafana.lokiUrl"]],
    );
    const titles = ofType(deployment, "grafana:oss/dashboard:Dashboard").map(({ name }) => name);
    const ofOwn = ofType(await deploy("dev"), "grafana:oss/dashboard:Dashboard").map(({ name }) => name);
    assert.deepEqual(titles, ofOwn);
  });
});
