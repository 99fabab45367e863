import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { placeNow, renamed } from "../../../config/renamed";
import { settings } from "../../../config/schema";
import { readConfig } from "../../../config/stack";
import { problemsOf, project, stackValues } from "./stack-config";

describe("what is refused of the configuration", () => {
  it("names every problem at once, but for what only follows from another", () => {
    const problems = problemsOf("prod", {
      prometheusRetension: "15d",
      "loki.retentoin": "15d",
      "prometheus.storage": "lots",
      "nodePorts.grafana": "1",
      "grafana.adminPassword": "admin",
      "prometheus.outOfOrderWindow": "1h",
      "collector.replicas": "many",
      "collector.maxReplicas": 1,
      "teams[0]": "a b",
      "budgets.teams.web.daily": 5,
    });
    assert.deepEqual(problems, [
      'nodePorts.grafana: found "1"; expected a whole number from 30000 to 32767',
      'teams[0]: found "a b"; expected a team\'s name of at most 40 letters, digits, hyphens and underscores',
      'collector.replicas: found "many"; expected a whole number from 1 to 50',
      'prometheus.storage: found "lots"; expected a quantity such as 512Mi or 10Gi',
      "loki.retentoin: no such key; did you mean loki.retention?",
      "prometheusRetension: no such key; did you mean prometheus.retention?",
      "prometheus.outOfOrderWindow: found no more than collector.clockBehindTolerance; expected that plus the longest " +
        "outage to survive",
      "grafana.adminPassword: found a default or short password; in production expected nothing (one is generated) or " +
        "at least 12 characters",
    ]);
  });

  it("tells the way of a key of earlier versions, and its list of a key that resembles none", () => {
    assert.deepEqual(
      problemsOf("dev", {
        collectorReplicas: 3,
        keepContents: "prompts",
        grafana: "none",
        "plan.seat": 1,
        zzz: "1",
      }),
      [
        "grafana: is called grafana.deployment now; move its value there",
        "plan.seat: no such key; did you mean plan.seats?",
        "collectorReplicas: is called collector.replicas now; move its value there",
        "keepContents: is called contents, a list, now; move its value there",
        "zzz: no such key; docs/configuration.md lists all keys",
      ],
    );
  });

  it("knows where every key of earlier versions is now", () => {
    const names = new Set(settings.map(({ path: name }) => name.replace("<name>", "<team>")));
    for (const [key, where] of renamed) {
      assert.ok(names.has(where.replace(/,.*$/, "")), `${key}: ${where}`);
    }
  });

  it("knows the keys of earlier versions that were today's path in one word", () => {
    const paths = settings.map(({ path: name }) => name);
    const now = (key: string) => placeNow(key, paths);
    assert.equal(now("lokiCpuLimit"), "loki.resources.cpuLimit");
    assert.equal(now("remoteWriteBearerToken"), "remoteWrite.bearerToken");
    assert.equal(now("backupKeep"), "backup.keep");
    assert.equal(now("namespace"), undefined);
    assert.equal(now("constructor"), undefined);
  });
});

describe("where configuration comes from", () => {
  it("never prints a secret", () => {
    for (const name of settings.filter(({ secret }) => secret).map(({ path: secret }) => secret)) {
      for (const value of [["s3cret"], { a: "s3cret" }]) {
        const problems = problemsOf("prod", { [name]: value }, { encrypted: new Set() });
        assert.match(problems.join(), new RegExp(`${name}: found (a list|keys); expected `));
        assert.doesNotMatch(problems.join(), /s3cret/);
      }
      const group = name.slice(0, name.indexOf("."));
      assert.doesNotMatch(problemsOf("prod", { [group]: "s3cret" }).join(), /s3cret/);
    }
    const short = problemsOf("prod", { "grafana.adminPassword": "s3cret" }).join();
    assert.match(short, /grafana.adminPassword: found a default or short password/);
    assert.doesNotMatch(short, /s3cret/);
    const encrypted = problemsOf("dev", { language: "s3cret" }, { encrypted: new Set(["language"]) });
    assert.deepEqual(encrypted, ["language: found a value that is kept secret; expected one of en, zh-TW"]);
  });

  it("refuses, in production, secrets in plain text", () => {
    const values = { "alerting.slackUrl": "https://hooks.example.com/s3cret" };
    assert.deepEqual(problemsOf("prod", values, { encrypted: new Set() }), [
      "alerting.slackUrl: found plain text; in production expected a secret, pulumi config set --secret --path " +
        "alerting.slackUrl",
    ]);
    assert.deepEqual(problemsOf("prod", values), []);
    assert.deepEqual(problemsOf("dev", values, { encrypted: new Set() }), []);
  });

  it("refuses, in production, the cluster of whatever context is current", () => {
    const unnamed = { namesCluster: false };
    assert.deepEqual(problemsOf("prod", {}, unnamed), [
      "kubernetes:context: found nothing; in production expected the kubeconfig's context of this stack's cluster, or " +
        "kubernetes:kubeconfig",
    ]);
    assert.deepEqual(problemsOf("dev", {}, unnamed), []);
    assert.deepEqual(problemsOf("prod", {}, { namesCluster: true }), []);
    const content = { collection: "none", "grafana.deployment": "external", "grafana.auth": "token" };
    assert.deepEqual(problemsOf("prod", { ...content, "grafana.prometheusDataSourceUid": "theirs" }, unnamed), []);
  });

  it("reads the project's own keys from Pulumi, which of them are secret, and whether a cluster is named", async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, project, "prod");
    const values = { ...stackValues("prod", { "alerting.pagerDutyKey": "key" }) };
    const own = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        `${project}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const cluster = { "kubernetes:context": "kind" };
    pulumi.runtime.setAllConfig({ ...cluster, ...own }, [`${project}:alerting`]);
    assert.equal(readConfig().namespace, "claude-monitoring-prod");
    pulumi.runtime.setAllConfig({ ...cluster, ...own });
    assert.throws(readConfig, /alerting.pagerDutyKey: found plain text/);
    pulumi.runtime.setAllConfig(own, [`${project}:alerting`]);
    assert.throws(readConfig, /kubernetes:context: found nothing/);
  });
});
