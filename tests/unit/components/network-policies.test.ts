import assert from "node:assert/strict";

import type { ConfigValues } from "../../../config/paths";
import { networkPolicySpecs } from "../../../components/namespace/network-policies";
import { networkPoliciesArgs } from "../../../config/network";
import { deploy } from "./deployment";
import { dashboardsOnly } from "./external-grafana";
import { metadata, ofType } from "./registered";
import { smtp } from "../config/smtp";
import { stackConfig } from "../config/stack-config";

interface Peer {
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly namespaceSelector?: { readonly matchExpressions?: readonly { readonly values: readonly string[] }[] };
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}

function specs(overrides: ConfigValues = {}) {
  return networkPolicySpecs(networkPoliciesArgs(stackConfig("dev", overrides))!);
}

/** A policy's rules as lines: `9090 < otel-collector` for what may come in, `9090 > prometheus` for what may go out. */
function lines(name: string, overrides: ConfigValues = {}): string[] {
  const spec = specs(overrides).get(name) as { ingress?: Rule[]; egress?: Rule[] } | undefined;
  const describe = ({ ports, ...peers }: Rule, sign: string) =>
    `${ports.map(({ port, protocol }) => (protocol === "TCP" ? port : protocol)).join()} ${sign} ` +
    (peers.from ?? peers.to ?? []).map(peer).join(" ");
  return [
    ...(spec?.ingress ?? []).map((rule) => describe(rule, "<").trim()),
    ...(spec?.egress ?? []).map((rule) => describe(rule, ">")),
  ];
}

function peer({ podSelector, namespaceSelector, ipBlock }: Peer): string {
  const namespaces =
    namespaceSelector && (namespaceSelector.matchExpressions?.flatMap(({ values }) => values).join("|") ?? "all");
  const labels = podSelector?.matchLabels ?? {};
  const pod = labels["app.kubernetes.io/name"] ?? labels["k8s-app"];
  return [namespaces, pod, ipBlock?.cidr].filter((part) => part !== undefined).join("/");
}

const dns = "UDP,53 > kube-system/kube-dns 169.254.20.10/32";

describe("network policies", () => {
  it("are one that denies everything, and one for each component that is deployed", () => {
    const every = ["default-deny", "otel-collector", "prometheus", "loki", "tempo", "grafana"];
    assert.deepEqual([...specs().keys()], every);
    assert.deepEqual(specs().get("default-deny"), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const few = specs({ "loki.enabled": "false", "tempo.enabled": "false", "grafana.deployment": "none" });
    assert.deepEqual([...few.keys()], ["default-deny", "otel-collector", "prometheus"]);
  });

  it("let through what the design's arrows say, and ask for names only where something is connected to", () => {
    assert.deepEqual(lines("otel-collector"), [
      ...["4317 <", "4318 <", "8888 < prometheus"],
      ...["9090 > prometheus", "3100 > loki", "4318 > tempo", dns],
    ]);
    assert.deepEqual(lines("prometheus"), [
      ...["9090 < otel-collector", "9090 < grafana"],
      ...["8888 > otel-collector", "3100 > loki", "3200 > tempo", "3000 > grafana", dns],
    ]);
    assert.deepEqual(lines("loki"), ["3100 < otel-collector", "3100 < prometheus", "3100 < grafana"]);
    assert.deepEqual(lines("tempo"), ["4318 < otel-collector", "3200 < prometheus", "3200 < grafana"]);
    assert.deepEqual(lines("grafana"), [
      ...["3000 <", "3000 < prometheus"],
      ...["9090 > prometheus", "3100 > loki", "3200 > tempo", dns],
    ]);
  });

  it("lead to nothing that is not deployed", () => {
    const few = { "loki.enabled": "false", "tempo.enabled": "false", "grafana.deployment": "none" };
    assert.deepEqual(lines("prometheus", few), ["9090 < otel-collector", "8888 > otel-collector", dns]);
    assert.deepEqual(lines("otel-collector", few).slice(3), ["9090 > prometheus", dns]);
  });

  it("let Grafana out to its contact points and to stores elsewhere, and nowhere on the link", () => {
    const out = (overrides: ConfigValues) => lines("grafana", overrides).slice(6);
    const everywhere = "0.0.0.0/0 ::/0 all";
    assert.deepEqual(out({ "alerting.slackUrl": "https://hooks.example.com/a" }), [`443 > ${everywhere}`]);
    assert.deepEqual(out({ "alerting.webhookUrl": "http://hooks.example.com/a" }), [`80 > ${everywhere}`]);
    assert.deepEqual(
      out({ "alerting.webhookUrl": "https://hooks.example.com:8443/", "alerting.pagerDutyKey": "key" }),
      [`443,8443 > ${everywhere}`],
    );
    assert.deepEqual(out({ "alerting.teamsUrl": "https://corp.webhook.office.com/a" }), [`443 > ${everywhere}`]);
    const opsgenie = { "alerting.opsgenieKey": "key", "alerting.opsgenieUrl": "https://api.corp.test:8443/v2/alerts" };
    assert.deepEqual(out(opsgenie), [`8443 > ${everywhere}`]);
    assert.deepEqual(out({ "alerting.opsgenieUrl": "https://api.corp.test:8443/v2/alerts" }), []);
    assert.deepEqual(out({ ...opsgenie, "alerting.enabled": "false" }), []);
    assert.deepEqual(out(smtp), [`587 > ${everywhere}`]);
    assert.deepEqual(out({ "grafana.lokiUrl": "http://loki:3101", "grafana.tempoUrl": "https://tempo" }), [
      `443,3101 > ${everywhere}`,
    ]);
    const { egress } = specs({ "alerting.pagerDutyKey": "key" }).get("grafana") as { egress: Rule[] };
    const blocks = egress.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
    assert.deepEqual(blocks.slice(1), [
      { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] },
      { cidr: "::/0", except: ["fe80::/10", "fd00:ec2::254/128"] },
    ]);
  });

  it("let in and out what the configuration names", () => {
    const named = {
      "network.readerNamespaces": ["monitoring", "team-b"],
      "network.apiServerAddresses": ["10.0.0.0/28"],
      "network.dnsAddresses": ["fd00::a/128"],
    };
    assert.deepEqual(lines("prometheus", named).slice(2, 4), ["9090 < monitoring|team-b", "9090 < 10.0.0.0/28"]);
    assert.deepEqual(lines("loki", named).slice(3), ["3100 < monitoring|team-b"]);
    assert.deepEqual(lines("tempo", named).slice(3), ["3200 < monitoring|team-b"]);
    assert.equal(lines("otel-collector", named).at(-1), `${dns} fd00::a/128`);
    assert.ok(!lines("grafana", named).some((line) => line.includes("monitoring")));
  });

  it("have fixed names, in the stack's namespace", async () => {
    const policies = ofType(await deploy("prod"), "kubernetes:networking.k8s.io/v1:NetworkPolicy").map(metadata);
    assert.ok(policies.every(({ namespace }) => namespace === "claude-monitoring-prod"));
    assert.deepEqual(policies.map(({ name }) => name).sort(), [
      ...["prod-default-deny", "prod-grafana", "prod-grafana-backup", "prod-loki", "prod-loki-backup"],
      ...["prod-otel-collector", "prod-prometheus", "prod-prometheus-backup", "prod-tempo"],
    ]);
  });

  it("let a backup report to Prometheus, and nobody connect to it", () => {
    for (const store of ["prometheus", "loki", "grafana"] as const) {
      assert.deepEqual(lines(`${store}-backup`, { "backup.enabled": true }), ["9090 > prometheus", dns]);
    }
  });

  it("are not there where nothing is deployed", async () => {
    const { resources } = await deploy("dev", dashboardsOnly);
    assert.deepEqual(
      resources.filter(({ type }) => /NetworkPolic|NamespaceLimits|ResourceQuota/.test(type)),
      [],
    );
  });
});
