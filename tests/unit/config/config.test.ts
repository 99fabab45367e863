import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { collectorExposure, grafanaExposure, readConfig } from "../../../config/stack";
import { ConfigError, configKeys, parseConfig } from "../../../config/schema";
import { project, projectFile, stackConfig } from "./stack-config";

/** Every value that must be refused, with what the message must say about it. */
const refused: readonly (readonly [key: string, value: string, expected: RegExp])[] = [
  ["environment", "staging", /found "staging"; expected one of development, production/],
  ["namespace", "Claude_Monitoring", /found "Claude_Monitoring"; expected a DNS label/],
  ["namePrefix", "", /found ""; expected a DNS label/],
  ["images", "mimir=example.com/mimir:1", /images by component such as grafana=.*, components collector, prometheus,/],
  ["images", "grafana=example.com/grafana", /each with a tag/],
  ["images", "grafana=example.com/grafana:1@sha256:abc", /perhaps a digest/],
  ["images", "grafana=a/b:1, grafana=a/b:2", /images by component/],
  ["images", "grafana", /images by component/],
  ["networkPolicies", "on", /expected true or false/],
  ["dnsAddresses", "10.96.0.10", /found "10.96.0.10"; expected blocks of addresses such as 10.96.0.10\/32/],
  ["apiServerAddresses", "10.0.0.0/33", /expected blocks of addresses/],
  ["apiServerAddresses", "fd00::/129", /expected blocks of addresses/],
  ["apiServerAddresses", "example.com/24", /expected blocks of addresses/],
  ["readerNamespaces", "Monitoring", /expected names of namespaces separated by commas, or nothing/],
  ["storageClass", "", /found ""; expected the name of a StorageClass/],
  ["protectVolumes", "yes", /found "yes"; expected true or false/],
  ["exposure", "Gateway", /expected one of NodePort, Ingress, LoadBalancer, ClusterIP/],
  ["grafanaNodePort", "3000", /found "3000"; expected a whole number from 30000 to 32767/],
  ["otlpHttpNodePort", "http", /found "http"; expected a whole number/],
  ["grafanaUrl", "grafana.example.com", /found "grafana.example.com"; expected a URL/],
  ["grafanaUrl", "https://grafana.example.com/team", /without path/],
  ["grafanaUrl", "https://user:pass@grafana.example.com", /expected a URL/],
  ["otlpHttpUrl", "ftp://otlp.example.com", /expected a URL/],
  ["grafanaApiUrl", "localhost:3000", /found "localhost:3000"; expected a URL .*, or nothing/],
  ["ingressClassName", "My Class", /expected the name of an IngressClass, or nothing/],
  ["collectorReplicas", "0", /expected a whole number from 1 to 50/],
  ["collectorReplicas", "1.5", /found "1.5"; expected a whole number/],
  ["collectorQueueStorage", "3 GB", /found "3 GB"; expected a quantity such as 512Mi or 10Gi/],
  ["prometheusStorage", "0Gi", /expected a quantity/],
  ["collectorCpuRequest", "half", /found "half"; expected a CPU quantity/],
  ["collectorCpuLimit", "0m", /expected a CPU quantity/],
  ["clockAheadTolerance", "5 minutes", /found "5 minutes"; expected a duration such as 90s, 24h or 15d/],
  ["prometheusRetention", "200", /expected a duration/],
  ["prometheusRetention", "0h", /expected a duration/],
  ["backupSchedule", "daily", /found "daily"; expected five fields of cron such as 17 3 \* \* \*, or nothing/],
  ["backupKeep", "0", /found "0"; expected a whole number from 1 to 1000/],
  ["backupStorageClass", "Fast Disks", /expected the name of a StorageClass of the cluster, or nothing/],
  ["prometheusBackupStorage", "much", /found "much"; expected a quantity/],
  ["grafana", "elsewhere", /expected one of in-cluster, external, none/],
  ["grafanaAdminUser", "ad min", /expected a user name/],
  ["grafanaDatabaseKey", "own", /found "own"; expected one of generated, public, or nothing/],
];

function problemsOf(values: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseConfig(values);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

function keyOf(problem: string): string {
  return problem.slice(0, problem.indexOf(":"));
}

function without(key: string, stack: string, overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(stackConfig(stack, overrides)).filter(([candidate]) => candidate !== key));
}

describe("configuration", () => {
  it("has the same keys in Pulumi.yaml as in the schema, each with type, description and default", () => {
    const declared = projectFile().config;
    assert.deepEqual(Object.keys(declared), configKeys);
    for (const [key, { type, description, default: value }] of Object.entries(declared)) {
      assert.match(type, /^(string|integer|boolean)$/, key);
      assert.ok(description.length > 10, key);
      assert.equal(typeof value, type === "integer" ? "number" : type, key);
    }
  });

  for (const stack of ["dev", "prod"]) {
    it(`accepts the real ${stack} stack`, () => {
      assert.deepEqual(problemsOf(stackConfig(stack)), []);
    });
  }

  it("turns text into seconds, bytes and numbers", () => {
    const config = parseConfig(stackConfig("dev", { clockAheadTolerance: "1h30m", grafanaUrl: "http://localhost:1/" }));
    assert.equal(config.clockAheadTolerance, 5400);
    assert.deepEqual(config.prometheusStorage, { text: "10Gi", bytes: 10 * 2 ** 30 });
    assert.equal(config.collectorReplicas, 1);
    assert.equal(config.grafanaUrl, "http://localhost:1");
    assert.equal(config.grafanaApiUrl, undefined);
  });

  for (const [key, value, expected] of refused) {
    it(`refuses ${key} = "${value}"`, () => {
      const problems = problemsOf(stackConfig("dev", { [key]: value }));
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0]!, new RegExp(`^${key}: `));
      assert.match(problems[0]!, expected);
    });
  }

  it("names every problem at once", () => {
    const values = without("grafanaUrl", "prod", {
      prometheusRetension: "15d",
      prometheusStorage: "lots",
      grafanaNodePort: "1",
      grafanaAdminPassword: "admin",
      prometheusOutOfOrderWindow: "1h",
    });
    const problems = problemsOf(values);
    assert.equal(problems.length, 6, problems.join("\n"));
    const all = problems.join("\n");
    assert.match(all, /prometheusRetension: no such key; did you mean .*prometheusRetention/);
    assert.match(all, /grafanaUrl: is missing; expected a URL/);
    assert.match(all, /prometheusStorage: found "lots"/);
    assert.match(all, /grafanaNodePort: found "1"/);
    assert.match(all, /grafanaAdminPassword: found a default or short password/);
    assert.match(all, /prometheusOutOfOrderWindow: found no more than clockBehindTolerance/);
  });

  it("points to Pulumi.yaml for a key that resembles none", () => {
    assert.deepEqual(problemsOf(stackConfig("dev", { zzz: "1" })), ["zzz: no such key; Pulumi.yaml lists all keys"]);
  });

  it("never prints a secret", () => {
    const values = without("grafanaAdminPassword", "prod");
    assert.deepEqual(problemsOf(values), [
      "grafanaAdminPassword: is missing; expected a password, or nothing to have one generated",
    ]);
    const short = problemsOf(stackConfig("prod", { grafanaAdminPassword: "s3cret" })).join();
    assert.match(short, /grafanaAdminPassword: found a default or short password/);
    assert.doesNotMatch(short, /s3cret/);
  });

  it("refuses contradictions", () => {
    const problems = problemsOf(
      stackConfig("dev", {
        grafanaNodePort: "30317",
        prometheusOutOfOrderWindow: "6h",
        collectorCpuRequest: "3",
        collectorCpuLimit: "1500m",
      }),
    );
    assert.equal(problems.length, 3);
    assert.match(problems[0]!, /found 30317, 30317, 30318; expected three different ports/);
    assert.match(problems[1]!, /^prometheusOutOfOrderWindow: /);
    assert.equal(problems[2], 'collectorCpuRequest: found "3"; expected at most collectorCpuLimit, "1500m"');
  });

  it("refuses to cut off a Grafana in another namespace", () => {
    const external = { grafana: "external", grafanaAuth: "token" };
    assert.match(
      problemsOf(stackConfig("dev", external)).join(),
      /^readerNamespaces: found nothing; with grafana "external"/,
    );
    for (const [key, value] of [
      ["readerNamespaces", "monitoring"],
      ["networkPolicies", "false"],
      ["grafanaPrometheusUrl", "https://prometheus.example.com"],
      ["grafanaDataSourceUid", "theirs"],
    ] as const) {
      assert.deepEqual(problemsOf(stackConfig("dev", { ...external, [key]: value })), []);
    }
  });

  it("lets equal NodePorts be where none are used", () => {
    assert.deepEqual(problemsOf(stackConfig("prod", { grafanaNodePort: "30317" })), []);
  });

  it("refuses default passwords and NodePorts in production only", () => {
    const values = { grafanaAdminPassword: "admin", exposure: "NodePort" };
    assert.equal(problemsOf(stackConfig("prod", values)).length, 2);
    assert.deepEqual(problemsOf(stackConfig("dev", values)), []);
    assert.equal(problemsOf(stackConfig("prod", { grafanaAdminPassword: "Administrator" })).length, 1);
    assert.deepEqual(problemsOf(stackConfig("prod", { grafanaAdminPassword: "correct horse battery" })), []);
  });

  it("refuses addresses that are placeholders in production, where they are used", () => {
    const placeholders = {
      grafanaUrl: "https://grafana.example.com",
      otlpHttpUrl: "https://otlp.example.com:4318",
      otlpGrpcUrl: "https://example.org",
    };
    assert.deepEqual(
      problemsOf(stackConfig("prod", placeholders)),
      Object.entries(placeholders).map(
        ([key, url]) => `${key}: found the placeholder "${url}"; in production expected an address of your own`,
      ),
    );
    const withoutGrafana = problemsOf(stackConfig("prod", { ...placeholders, grafana: "none" }));
    assert.deepEqual(withoutGrafana.map(keyOf), ["otlpHttpUrl", "otlpGrpcUrl"]);
    const contentOnly = {
      collection: "none",
      grafana: "external",
      grafanaAuth: "token",
      grafanaDataSourceUid: "theirs",
    };
    assert.deepEqual(problemsOf(stackConfig("prod", { ...placeholders, ...contentOnly })).map(keyOf), ["grafanaUrl"]);
    assert.deepEqual(problemsOf(stackConfig("dev", placeholders)), []);
    assert.deepEqual(problemsOf(stackConfig("prod", { grafanaUrl: "https://grafana.myexample.com" })), []);
  });

  it("refuses the placeholders that are the defaults", () => {
    const defaults = Object.fromEntries(
      Object.entries(projectFile().config).map(([key, { default: value }]) => [key, String(value)]),
    );
    const told = { ...defaults, teams: "web", grafanaDatabaseKey: "generated" };
    assert.deepEqual(problemsOf(told).map(keyOf), ["grafanaUrl", "otlpHttpUrl", "otlpGrpcUrl"]);
  });

  it("leaves open in development only what encrypts the secrets in Grafana's database", () => {
    const [undecided, external] = [{ grafanaDatabaseKey: "" }, { grafana: "none" }];
    assert.deepEqual(problemsOf(stackConfig("prod", undecided)), [
      'grafanaDatabaseKey: found nothing; in production expected "generated", or "public" for a database that was made ' +
        "without a key of its own (docs/operations.md)",
    ]);
    assert.deepEqual(problemsOf(stackConfig("prod", { ...undecided, ...external })), []);
    assert.deepEqual(problemsOf(stackConfig("dev", undecided)), []);
    assert.deepEqual(problemsOf(stackConfig("prod", { grafanaDatabaseKey: "public" })), []);
  });

  it("reads only the project's own keys from Pulumi", async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, project, "dev");
    const own = Object.entries(stackConfig("dev")).map(([key, value]) => [`${project}:${key}`, value]);
    pulumi.runtime.setAllConfig({ "kubernetes:context": "kind", ...(Object.fromEntries(own) as object) });
    assert.equal(readConfig().namespace, "claude-monitoring-dev");
  });

  it("derives hosts, node ports or nothing from the exposure", () => {
    const ingress = parseConfig(stackConfig("prod", { ingressClassName: "nginx", ingressTlsSecret: "certificate" }));
    assert.deepEqual(grafanaExposure(ingress), {
      kind: "Ingress",
      hosts: { http: "grafana.monitoring.test" },
      className: "nginx",
      tlsSecret: "certificate",
    });
    assert.deepEqual(collectorExposure(parseConfig(stackConfig("dev"))), {
      kind: "NodePort",
      nodePorts: { "otlp-grpc": 30317, "otlp-http": 30318 },
    });
    for (const kind of ["ClusterIP", "LoadBalancer"]) {
      const direct = parseConfig(stackConfig("prod", { exposure: kind, tlsSecret: "certificate" }));
      assert.deepEqual(collectorExposure(direct), { kind });
    }
  });
});
