import assert from "node:assert/strict";

import type { ConfigValues } from "../../../config/paths";
import { parse } from "yaml";

import { grafanaDataSources } from "../../../config/data-sources";
import { networkPoliciesArgs } from "../../../config/network";
import { toolVersion } from "../../../lab/lab";
import { deploy, type Deployment } from "../components/deployment";
import { ofType, one, type PodTemplate } from "../components/registered";
import { problemsOf as problemsOfStack, settled, stackConfig } from "./stack-config";
import { mostRuleBytes } from "../dashboards/rule-bytes";

const problemsOf = (values: ConfigValues) => problemsOfStack("prod", values);

const urls = {
  "remoteWrite.url": "https://store.example.com/api/v1/push",
  "remoteWrite.otlpUrl": "https://store.example.com/otlp/v1/metrics",
  "remoteWrite.queryUrl": "https://store.example.com/prometheus",
};
const basic = { ...urls, "remoteWrite.user": "team", "remoteWrite.password": "correct horse" };
const bearer = { ...urls, "remoteWrite.bearerToken": "correct token", "remoteWrite.caCertificate": "-----BEGIN" };

function file(deployment: Deployment, component: string, name: string): Readonly<Record<string, unknown>> {
  const { data } = one(deployment, `${component}-config`).inputs as { data: Record<string, string> };
  return parse(data[name]!) as Record<string, unknown>;
}

function writtenTo(deployment: Deployment): Readonly<Record<string, unknown>> | undefined {
  const { remote_write } = file(deployment, "prometheus", "prometheus.yaml") as { remote_write?: object[] };
  return remote_write?.[0] as Record<string, unknown> | undefined;
}

function exporterOf(deployment: Deployment, name: string): Readonly<Record<string, unknown>> | undefined {
  const { exporters } = file(deployment, "otel-collector", "collector.yaml") as {
    exporters: Record<string, Record<string, unknown>>;
  };
  return exporters[name];
}

function secretData(deployment: Deployment, component: string): unknown {
  return one(deployment, `${component}-remote-store`).inputs["stringData"];
}

describe("a distributed store", () => {
  for (const [what, overrides, expected] of [
    ["a path that is none", { ...urls, "remoteWrite.url": "store" }, ["remoteWrite.url"]],
    ["a password in a URL", { ...urls, "remoteWrite.queryUrl": "https://a:b@store" }, ["remoteWrite.queryUrl"]],
    ["only where to read", { "remoteWrite.queryUrl": urls["remoteWrite.queryUrl"] }, ["remoteWrite.queryUrl"]],
    ["no place for what clients report", { ...urls, "remoteWrite.otlpUrl": "" }, ["remoteWrite.otlpUrl"]],
    ["no place to read from", { ...urls, "remoteWrite.queryUrl": "" }, ["remoteWrite.queryUrl"]],
    ["a user without password", { ...urls, "remoteWrite.user": "team" }, ["remoteWrite.user, remoteWrite.password"]],
    ["a password without user", { ...urls, "remoteWrite.password": "x" }, ["remoteWrite.user, remoteWrite.password"]],
    ["password and token", { ...basic, "remoteWrite.bearerToken": "x" }, ["remoteWrite.bearerToken"]],
    [
      "two places to read from",
      { ...urls, "grafana.prometheusUrl": "https://p.example.com" },
      ["grafana.prometheusUrl"],
    ],
    [
      "a data source of one's own",
      { ...urls, "grafana.deployment": "external", "grafana.auth": "x", "grafana.prometheusDataSourceUid": "own" },
      ["grafana.prometheusDataSourceUid"],
    ],
    [
      "nobody who collects",
      {
        ...urls,
        collection: "none",
        "grafana.deployment": "external",
        "grafana.auth": "x",
        "grafana.prometheusUrl": "https://p.example",
      },
      ["remoteWrite.url"],
    ],
    ["a password in plain text", { ...basic, "remoteWrite.url": "http://store/push" }, ["remoteWrite.url"]],
    ["a token in plain text", { ...bearer, "remoteWrite.queryUrl": "http://store" }, ["remoteWrite.queryUrl"]],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const problems = problemsOf(overrides);
      assert.deepEqual(
        problems.map((problem) => problem.split(":")[0]),
        expected,
      );
      assert.doesNotMatch(problems.join(), /correct/);
    });
  }

  it("may be reached in plain text where it asks for no password", () => {
    const inside = {
      "remoteWrite.url": "http://r:1/w",
      "remoteWrite.otlpUrl": "http://r:1/o",
      "remoteWrite.queryUrl": "http://q",
    };
    assert.deepEqual(problemsOf(inside), []);
  });

  it("is not there unless configured", async () => {
    const deployment = await deploy("prod");
    assert.equal(writtenTo(deployment), undefined);
    assert.equal(exporterOf(deployment, "otlp_http/remote"), undefined);
    assert.deepEqual(
      deployment.resources.filter(({ name }) => name.endsWith("remote-store")),
      [],
    );
  });

  it("gets from Prometheus all but what the collectors send it, and that from every collector's disk", async () => {
    const deployment = await deploy("prod", urls);
    const written = writtenTo(deployment)!;
    assert.equal(written["url"], urls["remoteWrite.url"]);
    const [drop] = written["write_relabel_configs"] as { regex: string; action: string }[];
    const dropped = (name: string) => new RegExp(`^(?:${drop!.regex})$`).test(name);
    assert.equal(drop!.action, "drop");
    assert.ok(dropped("claude_code_cost_usage_USD_total"));
    assert.ok(!dropped("team_model:claude_code_cost_usage_USD:sum"));
    assert.ok(!dropped("claude_code:rollups:evaluated"));
    assert.ok(!dropped("otelcol_exporter_queue_size"));
    assert.equal(exporterOf(deployment, "otlp_http/remote")!["metrics_endpoint"], urls["remoteWrite.otlpUrl"]);
    const queue = exporterOf(deployment, "otlp_http/copies")!["sending_queue"] as Record<string, unknown>;
    assert.equal(queue["storage"], "file_storage/queue");
    assert.equal(queue["block_on_overflow"], true);
    const { service } = file(deployment, "otel-collector", "collector.yaml") as {
      service: { pipelines: Record<string, { exporters: string[] }> };
    };
    const copied = Object.entries(service.pipelines).filter(([, { exporters }]) =>
      exporters.includes("otlp_http/copies"),
    );
    assert.deepEqual(copied.map(([name]) => name).sort(), ["metrics", "metrics/counts", "metrics/ledger"]);
    assert.equal(written["basic_auth"] ?? written["authorization"] ?? written["tls_config"], undefined);
    assert.equal(exporterOf(deployment, "otlp_http/remote")!["headers"], undefined);
  });

  it("is where Grafana reads, with the same password or token", async () => {
    const [plain] = grafanaDataSources(stackConfig("prod", urls), "n");
    assert.equal(plain!.url, urls["remoteWrite.queryUrl"]);
    assert.equal(plain!.secureSettings ?? plain!.basicAuthUser, undefined);
    const [withUser] = grafanaDataSources(stackConfig("prod", basic), "n");
    assert.equal(withUser!.basicAuthUser, "team");
    assert.deepEqual(await settled(withUser!.secureSettings), { basicAuthPassword: "correct horse" });
    const [withToken] = grafanaDataSources(stackConfig("prod", bearer), "n");
    assert.deepEqual(await settled(withToken!.secureSettings), {
      httpHeaderValue1: "Bearer correct token",
      tlsCACert: "-----BEGIN",
    });
    const settings = withToken!.settings as Record<string, unknown>;
    assert.equal(settings["httpHeaderName1"], "Authorization");
    assert.equal(settings["tlsAuthWithCACert"], true);
  });

  it("is declared to Grafana with its user, the password apart from the rest", async () => {
    const { inputs } = one(await deploy("prod", basic), "grafana-content-prometheus");
    assert.equal(inputs["url"], urls["remoteWrite.queryUrl"]);
    assert.equal(inputs["basicAuthUsername"], "team");
    assert.doesNotMatch(String(inputs["jsonDataEncoded"]), /correct/);
    assert.match(JSON.stringify(inputs["secureJsonDataEncoded"]), /correct horse/);
  });

  it("has its password in Secrets only, as a file for Prometheus and a variable for the collector", async () => {
    const deployment = await deploy("prod", basic);
    for (const configMap of ofType(deployment, "kubernetes:core/v1:ConfigMap")) {
      assert.doesNotMatch(JSON.stringify(configMap.inputs), /correct horse/);
    }
    assert.match(JSON.stringify(secretData(deployment, "prometheus")), /correct horse/);
    const header = `Basic ${Buffer.from("team:correct horse").toString("base64")}`;
    assert.ok(JSON.stringify(secretData(deployment, "otel-collector")).includes(header));
    const { username, password_file } = writtenTo(deployment)!["basic_auth"] as Record<string, string>;
    assert.equal(username, "team");
    const { template } = one(deployment, "prometheus-workload").inputs["spec"] as PodTemplate;
    const { volumeMounts } = template.spec.containers[0] as unknown as {
      volumeMounts: { name: string; mountPath: string }[];
    };
    const mount = volumeMounts.find(({ name }) => name === "remote-store")!;
    assert.equal(password_file, `${mount.mountPath}/remote-store-secret`);
    const collector = one(deployment, "otel-collector-workload").inputs["spec"] as PodTemplate;
    const variable = collector.template.spec.containers[0]!.env!.find(
      ({ name }) => name === "REMOTE_STORE_AUTHORIZATION",
    );
    assert.match(JSON.stringify(variable), /secretKeyRef/);
    assert.deepEqual(exporterOf(deployment, "otlp_http/remote")!["headers"], {
      Authorization: "${env:REMOTE_STORE_AUTHORIZATION}",
    });
  });

  it("may ask for a token and have a certificate of its own", async () => {
    const deployment = await deploy("prod", bearer);
    const { type, credentials_file } = writtenTo(deployment)!["authorization"] as Record<string, string>;
    assert.equal(type, "Bearer");
    assert.match(credentials_file!, /remote-store-secret$/);
    assert.deepEqual(writtenTo(deployment)!["tls_config"], { ca: "-----BEGIN" });
    assert.deepEqual(exporterOf(deployment, "otlp_http/remote")!["tls"], { ca_pem: "-----BEGIN" });
    assert.match(JSON.stringify(secretData(deployment, "otel-collector")), /Bearer correct token/);
  });

  it("changes no rule, and needs no other target", async () => {
    const [plain, remote] = [await deploy("prod"), await deploy("prod", urls)];
    const rules = (deployment: Deployment) => file(deployment, "prometheus", "recording.rules.yaml");
    assert.deepEqual(rules(remote), rules(plain));
    const jobs = (deployment: Deployment) => file(deployment, "prometheus", "prometheus.yaml")["scrape_configs"];
    assert.deepEqual(jobs(remote), jobs(plain));
  });

  it("is let through by the network policies of those who write and read", () => {
    const at = (port: number) => ({
      "remoteWrite.url": `http://r:${port}/w`,
      "remoteWrite.otlpUrl": `http://r:${port + 1}/o`,
      "remoteWrite.queryUrl": `http://q:${port + 2}`,
    });
    const { externalEgress } = networkPoliciesArgs(stackConfig("dev", at(19_291)))!;
    assert.deepEqual(externalEgress, {
      prometheus: { ports: [19_291] },
      "otel-collector": { ports: [19_292] },
      grafana: { ports: [19_293] },
    });
    const https = networkPoliciesArgs(stackConfig("dev", urls))!.externalEgress;
    const port = { ports: [443] };
    assert.deepEqual(https, { prometheus: port, "otel-collector": port, grafana: port });
  });

  it("leaves rules short, and by far room in the ConfigMap, whose limit is a mebibyte", async () => {
    for (const overrides of [{}, urls]) {
      const { data } = one(await deploy("prod", overrides), "prometheus-config").inputs as {
        data: Record<string, string>;
      };
      const bytes = (texts: readonly string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      const rules = bytes([data["recording.rules.yaml"]!]);
      assert.ok(rules > 1000 && rules <= mostRuleBytes, `found ${rules} bytes of rules`);
      assert.ok(bytes(Object.values(data)) < 250_000, `found ${bytes(Object.values(data))} bytes`);
    }
  });

  it("is built in a version that can be told", () => {
    assert.match(toolVersion("thanos"), /^\d+\.\d+\.\d+$/);
  });
});
