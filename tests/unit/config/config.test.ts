import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { images, imageTag } from "../../../components/kubernetes/images";

import { collectorExposure, grafanaExposure } from "../../../config/exposure";
import type { ConfigValue } from "../../../config/paths";
import { ConfigError, features, parseConfig, settings } from "../../../config/schema";
import { problemsOf, root, stackConfig } from "./stack-config";

/** Every value that must be refused, with what the message must say about it. */
const refused: readonly (readonly [key: string, value: ConfigValue, expected: RegExp])[] = [
  ["environment", "staging", /found "staging"; expected one of development, production/],
  ["namespace", "Claude_Monitoring", /found "Claude_Monitoring"; expected a DNS label/],
  ["namePrefix", "", /found ""; expected a DNS label/],
  ["images", "grafana=example.com/grafana:1", /found a single value; expected keys such as collector, prometheus/],
  ["images.grafana", "example.com/grafana", /with a tag/],
  ["images.grafana", "example.com/grafana:1@sha256:abc", /perhaps a digest/],
  ["networkPolicies", "on", /expected true or false/],
  ["network.dnsAddresses", "10.96.0.10/32", /expected a list of blocks of addresses/],
  ["network.dnsAddresses[0]", "10.96.0.10", /found "10.96.0.10"; expected a block of addresses such as 10.96.0.10\/32/],
  ["network.apiServerAddresses[0]", "10.0.0.0/33", /expected a block of addresses/],
  ["network.apiServerAddresses[0]", "fd00::/129", /expected a block of addresses/],
  ["network.apiServerAddresses[0]", "example.com/24", /expected a block of addresses/],
  ["network.readerNamespaces[0]", "Monitoring", /expected the name of a namespace/],
  ["storageClass", "", /found ""; expected the name of a StorageClass/],
  ["protectVolumes", "yes", /found "yes"; expected true or false/],
  ["exposure", "Gateway", /expected one of NodePort, Ingress, LoadBalancer, ClusterIP/],
  ["nodePorts.grafana", "3000", /found "3000"; expected a whole number from 30000 to 32767/],
  ["nodePorts.otlpHttp", "http", /found "http"; expected a whole number/],
  ["grafanaUrl", "grafana.example.com", /found "grafana.example.com"; expected a URL/],
  ["grafanaUrl", "https://grafana.example.com/team", /without path/],
  ["grafanaUrl", "https://user:pass@grafana.example.com", /expected a URL/],
  ["otlpHttpUrl", "ftp://otlp.example.com", /expected a URL/],
  ["grafana.apiUrl", "localhost:3000", /found "localhost:3000"; expected a URL .*, or nothing/],
  ["ingressClassName", "My Class", /expected the name of an IngressClass, or nothing/],
  ["collector.replicas", "0", /expected a whole number from 1 to 50/],
  ["collector.replicas", "1.5", /found "1.5"; expected a whole number/],
  ["collector.queueStorage", "3 GB", /found "3 GB"; expected a quantity such as 512Mi or 10Gi/],
  ["prometheus.storage", "0Gi", /expected a quantity/],
  ["collector.resources.cpuRequest", "half", /found "half"; expected a CPU quantity/],
  ["collector.resources.cpuLimit", "0m", /expected a CPU quantity/],
  ["collector.clockAheadTolerance", "5 minutes", /found "5 minutes"; expected a duration such as 90s, 24h or 15d/],
  ["prometheus.retention", "200", /expected a duration/],
  ["prometheus.retention", "0h", /expected a duration/],
  ["backup.schedule", "daily", /found "daily"; expected five fields of cron such as 17 3 \* \* \*$/],
  ["backup.keep", "0", /found "0"; expected a whole number from 1 to 1000/],
  ["backup.storageClass", "Fast Disks", /expected the name of a StorageClass of the cluster, or nothing/],
  ["backup.storage.prometheus", "much", /found "much"; expected a quantity/],
  ["grafana.deployment", "elsewhere", /expected one of in-cluster, external, none/],
  ["grafana.adminUser", "ad min", /expected a user name/],
  ["grafana.databaseKey", "own", /found "own"; expected one of generated, public, or nothing/],
];

function keyOf(problem: string): string {
  return problem.slice(0, problem.indexOf(":"));
}

describe("configuration", () => {
  it("declares in Pulumi.yaml what has a plain value and a default, as the schema does", () => {
    const plain = settings.filter(({ path: key, default: value }) => !/[.[]/.test(key) && value !== undefined);
    const { config } = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as { config: object };
    assert.deepEqual(
      config,
      Object.fromEntries(
        plain
          .filter(({ default: value }) => !Array.isArray(value))
          .map(({ path: key, description, default: value }) => {
            const isBoolean = /^(true|false)$/.test(String(value));
            return [
              key,
              { type: isBoolean ? "boolean" : "string", description, default: isBoolean ? value === "true" : value },
            ];
          }),
      ),
    );
  });

  it("describes every setting, each in one feature", () => {
    const keys = features.flatMap(({ schema }) => Object.keys(schema));
    assert.equal(new Set(keys).size, keys.length);
    for (const { path: name, description } of settings) {
      assert.ok(description.length >= 8, name);
    }
  });

  for (const stack of ["dev", "prod"]) {
    it(`accepts the real ${stack} stack`, () => {
      assert.deepEqual(problemsOf(stack), []);
    });
  }

  it("turns text into seconds, bytes and numbers", () => {
    const config = stackConfig("dev", { "collector.clockAheadTolerance": "1h30m", grafanaUrl: "http://localhost:1/" });
    assert.equal(config.collector.clockAheadTolerance, 5400);
    assert.deepEqual(config.prometheus.storage, { text: "10Gi", bytes: 10 * 2 ** 30 });
    assert.equal(config.collector.replicas, 1);
    assert.equal(config.grafanaUrl, "http://localhost:1");
    assert.equal(config.grafana.apiUrl, undefined);
  });

  it("takes numbers and booleans as such and as text, objects and lists as such and as JSON", () => {
    const values = { "collector.replicas": 3, "loki.enabled": false, "remoteWrite.user": 12, contents: ["prompts"] };
    const texts = { "collector.replicas": "3", "loki.enabled": "false", contents: '["prompts"]' };
    const store = Object.fromEntries(["url", "otlpUrl", "queryUrl"].map((key) => [`remoteWrite.${key}`, "https://s"]));
    const more = { ...store, "remoteWrite.password": "p" };
    const [one, other] = [values, { ...texts, "remoteWrite.user": "12" }].map((given) =>
      stackConfig("dev", { ...more, ...given }),
    );
    assert.deepEqual(one, other);
    assert.deepEqual([one!.collector.replicas, one!.loki.enabled, one!.contents], [3, false, ["prompts"]]);
    assert.equal(one!.remoteWrite.user, "12");
  });

  for (const [key, value, expected] of refused) {
    it(`refuses ${key} = ${JSON.stringify(value)}`, () => {
      const problems = problemsOf("dev", { [key]: value });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.ok(problems[0]!.startsWith(`${key}: `), problems[0]);
      assert.match(problems[0]!, expected);
    });
  }

  it("refuses versions of Prometheus and the collector that nothing was tried with, unless told otherwise", () => {
    const other = { "images.prometheus": "mirror.local/prometheus:v9.9.9", "images.grafana": "mirror.local/grafana:1" };
    const pinned = imageTag(images.prometheus);
    assert.deepEqual(problemsOf("dev", other), [
      `images.prometheus: found version "v9.9.9"; expected "${pinned}", or images.otherVersions "true"`,
    ]);
    assert.deepEqual(problemsOf("dev", { ...other, "images.otherVersions": true }), []);
    assert.deepEqual(problemsOf("dev", { "images.prometheus": `mirror.local/prometheus:${pinned}` }), []);
    assert.match(
      problemsOf("dev", { "images.prometheus": `a/b:${pinned}-distroless` }).join(),
      /-distroless"; expected/,
    );
  });

  it("refuses contradictions", () => {
    assert.deepEqual(problemsOf("dev", { "nodePorts.grafana": "30317", "prometheus.outOfOrderWindow": "6h" }), [
      "nodePorts: found 30317, 30317, 30318; expected three different ports",
      "prometheus.outOfOrderWindow: found no more than collector.clockBehindTolerance; expected that plus the longest " +
        "outage to survive",
    ]);
    const more = { "collector.resources.cpuRequest": "3", "collector.resources.cpuLimit": "1500m" };
    const problem = 'collector.resources: found cpuRequest "3"; expected at most cpuLimit, "1500m"';
    assert.deepEqual(problemsOf("dev", more), [problem]);
    const less = { "tempo.resources.cpuLimit": "10m" };
    assert.deepEqual(problemsOf("prod", less), [
      'tempo.resources: found cpuRequest "250m"; expected at most cpuLimit, "10m"',
    ]);
  });

  it("refuses to cut off a Grafana in another namespace", () => {
    const external = { "grafana.deployment": "external", "grafana.auth": "token" };
    assert.match(
      problemsOf("dev", external).join(),
      /^network.readerNamespaces: found nothing; with grafana.deployment "external"/,
    );
    for (const [key, value] of [
      ["network.readerNamespaces", ["monitoring"]],
      ["networkPolicies", "false"],
      ["grafana.prometheusUrl", "https://prometheus.example.com"],
      ["grafana.prometheusDataSourceUid", "theirs"],
    ] as const) {
      assert.deepEqual(problemsOf("dev", { ...external, [key]: value }), []);
    }
  });

  it("lets equal NodePorts be where none are used", () => {
    assert.deepEqual(problemsOf("prod", { "nodePorts.grafana": "30317" }), []);
  });

  it("refuses default passwords and NodePorts in production only", () => {
    const values = { "grafana.adminPassword": "admin", exposure: "NodePort" };
    assert.equal(problemsOf("prod", values).length, 2);
    assert.deepEqual(problemsOf("dev", values), []);
    assert.equal(problemsOf("prod", { "grafana.adminPassword": "Administrator" }).length, 1);
    assert.deepEqual(problemsOf("prod", { "grafana.adminPassword": "correct horse battery" }), []);
  });

  it("refuses addresses that are placeholders in production, where they are used", () => {
    const placeholders = {
      grafanaUrl: "https://grafana.example.com",
      otlpHttpUrl: "https://otlp.example.com:4318",
      otlpGrpcUrl: "https://example.org",
    };
    assert.deepEqual(
      problemsOf("prod", placeholders),
      Object.entries(placeholders).map(
        ([key, url]) => `${key}: found the placeholder "${url}"; in production expected an address of your own`,
      ),
    );
    const withoutGrafana = problemsOf("prod", { ...placeholders, "grafana.deployment": "none" });
    assert.deepEqual(withoutGrafana.map(keyOf), ["otlpHttpUrl", "otlpGrpcUrl"]);
    const contentOnly = {
      collection: "none",
      "grafana.deployment": "external",
      "grafana.auth": "token",
      "grafana.prometheusDataSourceUid": "theirs",
    };
    assert.deepEqual(problemsOf("prod", { ...placeholders, ...contentOnly }).map(keyOf), ["grafanaUrl"]);
    assert.deepEqual(problemsOf("dev", placeholders), []);
    assert.deepEqual(problemsOf("prod", { grafanaUrl: "https://grafana.myexample.com" }), []);
  });

  it("refuses the placeholders that are the defaults", () => {
    assert.throws(
      () => parseConfig({ teams: ["web"], grafana: { databaseKey: "generated" } }),
      ({ problems }: ConfigError) => {
        assert.deepEqual(problems.map(keyOf), ["grafanaUrl", "otlpHttpUrl", "otlpGrpcUrl"]);
        return true;
      },
    );
  });

  it("leaves open in development only what encrypts the secrets in Grafana's database", () => {
    const [undecided, external] = [{ "grafana.databaseKey": "" }, { "grafana.deployment": "none" }];
    assert.deepEqual(problemsOf("prod", undecided), [
      'grafana.databaseKey: found nothing; in production expected "generated", or "public" for a database that was made ' +
        "without a key of its own (docs/operations.md)",
    ]);
    assert.deepEqual(problemsOf("prod", { ...undecided, ...external }), []);
    assert.deepEqual(problemsOf("dev", undecided), []);
    assert.deepEqual(problemsOf("prod", { "grafana.databaseKey": "public" }), []);
  });

  it("derives hosts, node ports or nothing from the exposure", () => {
    const ingress = stackConfig("prod", { ingressClassName: "nginx", "tls.secret": "certificate" });
    assert.deepEqual(grafanaExposure(ingress), {
      kind: "Ingress",
      hosts: { http: "grafana.monitoring.test" },
      className: "nginx",
      tlsSecret: "certificate",
    });
    assert.deepEqual(collectorExposure(stackConfig("dev")), {
      kind: "NodePort",
      nodePorts: { "otlp-grpc": 30317, "otlp-http": 30318 },
    });
    for (const kind of ["ClusterIP", "LoadBalancer"]) {
      const direct = stackConfig("prod", { exposure: kind, "tls.secret": "certificate" });
      assert.deepEqual(collectorExposure(direct), { kind });
    }
  });
});
