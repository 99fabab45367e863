import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import type { ConfigValues } from "../../../config/paths";
import { parse } from "yaml";

import { deploy, type Deployment } from "../components/deployment";
import { type Container, ofType, one, type PodTemplate } from "../components/registered";
import { problemsOf, stackConfig } from "./stack-config";

/** What the mocks generate for every password. */
const generated = "generated-password";
const serving = { exposure: "LoadBalancer", "tls.secret": "certificate" };

interface Pod {
  readonly containers: readonly (Container & { volumeMounts: { name: string; mountPath: string }[] })[];
  readonly volumes: readonly { name: string; secret?: { secretName: string } }[];
}

function podOf(deployment: Deployment, name: string): Pod {
  return (one(deployment, name).inputs["spec"] as PodTemplate).template.spec as unknown as Pod;
}

/** What a Secret holds, which reaches the engine marked as secret. */
function secretData(deployment: Deployment, name: string): Record<string, string> {
  const { stringData } = one(deployment, name).inputs as { stringData: { value?: Record<string, string> } };
  assert.ok(stringData.value, `${name} is not marked as secret`);
  return stringData.value;
}

interface CollectorFile {
  readonly extensions: Record<string, { htpasswd?: { file: string } }>;
  readonly receivers: { otlp: { protocols: Record<"grpc" | "http", Record<string, unknown>> } };
  readonly service: { extensions: string[]; pipelines: Record<string, { receivers: string[]; processors: string[] }> };
}

function collectorFile(deployment: Deployment): CollectorFile {
  const { data } = one(deployment, "otel-collector-config").inputs as { data: Record<string, string> };
  return parse(data["collector.yaml"]!) as CollectorFile;
}

describe("access, as configured", () => {
  for (const [key, value, expected] of [
    ["teams", "platform, web", /^teams: found "platform, web"; expected a list of teams such as platform or/],
    ["teams", "[platform", /^teams: found "\[platform"; expected a list/],
    [
      "teamRules[0]",
      { attribute: "user groups" },
      /^teamRules\[0\].attribute: found "user groups"; expected an attribute/,
    ],
    [
      "teamRules[0]",
      { attribute: "user.groups", value: "a,b", team: "web" },
      /^teamRules\[0\].value: found "a,b"; expected a value of at most 200 characters without commas/,
    ],
    ["teams[0]", "a b", /^teams\[0\]: found "a b"; expected a team's name/],
    ["teams", ["platform", { name: "platform" }], /^teams: found a list; expected different teams/],
    [
      "teams",
      [{ nane: "web" }],
      /^teams\[0\].name: is missing; .*\n.*teams\[0\].nane: no such key; did you mean teams\[\].name\?/,
    ],
    ["teams[0]", { name: "a", credentials: [0] }, /^teams\[0\].credentials\[0\]: found "0"; expected a whole number/],
    ["teams[0]", { name: "a", credentials: [1, 1] }, /^teams\[0\].credentials: found a list; expected different/],
    [
      "teams[0]",
      { name: "a", credentials: [] },
      /^teams\[0\].credentials: found a list; expected a credential at least/,
    ],
    ["tls.issuer", "letsencrypt", /found "letsencrypt"; expected an issuer of cert-manager/],
    ["tls.secret", "My Secret", /expected the name of a Secret, or nothing/],
    ["oidc.rolePath", "", /expected a JMESPath expression/],
  ] as const) {
    it(`refuses ${key} = ${JSON.stringify(value)}`, () => {
      assert.match(problemsOf("dev", { [key]: value }).join("\n"), expected);
    });
  }

  it("reads teams with the numbers of their credentials", () => {
    const { teams } = stackConfig("dev", { teams: ["platform", { name: "web", credentials: [2, 3] }, 2024] });
    assert.deepEqual(
      [...teams],
      [
        ["platform", [1]],
        ["web", [2, 3]],
        ["2024", [1]],
      ],
    );
  });

  it("refuses what cannot be meant, naming the key", () => {
    const cases: readonly (readonly [ConfigValues, RegExp])[] = [
      [{ "tls.secret": "a", "tls.issuer": "Issuer/b", ...httpsUrls }, /^tls.secret: .* a certificate is issued/],
      [{ exposure: "Ingress", "tls.secret": "a", "tls.issuer": "Issuer/b" }, /^tls.secret: .* a certificate is issued/],
      [{ "tls.clientCaSecret": "a" }, /^tls.clientCaSecret: found "a"; expected nothing where/],
      [{ "tls.secret": "a", ...httpsUrls, otlpHttpUrl: "http://h" }, /^otlpHttpUrl: .* where the stack serves TLS/],
      [
        { "collector.maxReplicas": "1", "collector.replicas": "2" },
        /^collector.maxReplicas: .* at least collector.replicas, 2/,
      ],
      [{ teams: ["web"], "budgets.teams.ops.daily": 5 }, /^budgets.teams: found "ops"; expected one of teams, web/],
      [{ "oidc.authUrl": "https://login.example.com/a" }, /^oidc.authUrl: .* without oidc.clientId/],
    ];
    for (const [values, expected] of cases) {
      const [problem = "", ...more] = problemsOf("dev", values);
      assert.match(problem, expected);
      assert.deepEqual(more, [], JSON.stringify(values));
    }
    assert.equal(problemsOf("dev", { "oidc.clientId": "grafana" }).length, 4);
  });

  it("refuses, in production, plain text and clients without a credential", () => {
    const [urls, teams] = [{ otlpHttpUrl: "http://otlp.monitoring.test" }, { teams: [] }];
    assert.deepEqual(problemsOf("prod", urls), [
      'otlpHttpUrl: found "http://otlp.monitoring.test"; in production expected https',
    ]);
    assert.deepEqual(problemsOf("prod", teams), [
      "teams: found nothing; in production expected the teams that may send",
    ]);
    for (const exposure of ["LoadBalancer", "ClusterIP"]) {
      const [problem = ""] = problemsOf("prod", { exposure });
      assert.match(problem, /^tls.secret: found nothing; in production, with exposure/);
      assert.deepEqual(problemsOf("prod", { exposure, "tls.issuer": "ClusterIssuer/letsencrypt" }), []);
    }
    assert.deepEqual(problemsOf("dev", { ...urls, ...teams }), []);
  });

  it("refuses, in production, the API that deletes series: Grafana hands requests on to it", () => {
    const [problem = "", ...more] = problemsOf("prod", { "prometheus.adminApi": "true" });
    assert.match(problem, /^prometheus.adminApi: found "true"; in production expected "false"/);
    assert.deepEqual(more, []);
    assert.deepEqual(problemsOf("dev", { "prometheus.adminApi": "true" }), []);
  });
});

const httpsUrls = {
  grafanaUrl: "https://grafana.monitoring.test",
  otlpHttpUrl: "https://otlp.monitoring.test",
  otlpGrpcUrl: "https://otlp-grpc.monitoring.test",
};

describe("credentials of teams", () => {
  it("are one line each in a Secret that rolls the collectors, and nowhere else", async () => {
    const deployment = await deploy("prod", { teams: ["platform", { name: "web", credentials: [1, 2] }] });
    const { htpasswd } = secretData(deployment, "team-credentials-htpasswd");
    const digest = createHash("sha1").update(generated).digest("base64");
    assert.equal(htpasswd, ["platform.1", "web.1", "web.2"].map((user) => `${user}:{SHA}${digest}\n`).join(""));
    const passwords = ofType(deployment, "random:index/randomPassword:RandomPassword").map(({ name }) => name);
    assert.deepEqual(
      passwords.filter((name) => name.startsWith("team")).sort(),
      ["platform.1", "web.1", "web.2"].map((user) => `team-credentials-${user}`),
    );
    const { volumes } = podOf(deployment, "otel-collector-workload");
    const volume = volumes.find(({ name }) => name === "credentials");
    assert.equal(volume?.secret?.secretName, "team-credentials-htpasswd-generated");
    const elsewhere = deployment.resources.filter(({ type }) => !type.endsWith(":Secret"));
    assert.ok(!JSON.stringify(elsewhere.map(({ inputs }) => inputs)).includes(digest));
  });

  it("are asked for by gRPC and HTTP, and stamp the team before anything is stored", async () => {
    const file = collectorFile(await deploy("prod"));
    for (const protocol of ["grpc", "http"] as const) {
      assert.deepEqual(file.receivers.otlp.protocols[protocol]["auth"], { authenticator: "basicauth/teams" });
    }
    assert.ok(file.service.extensions.includes("basicauth/teams"));
    assert.equal(file.extensions["basicauth/teams"]?.htpasswd?.file, "/etc/otelcol-secrets/credentials/htpasswd");
    for (const [name, { receivers, processors }] of Object.entries(file.service.pipelines)) {
      // What comes in from outside, and only that. Other agents' metrics are counted without a team.
      const stamped = receivers.includes("otlp") && name !== "metrics/other-agents";
      assert.equal(processors[1] === "transform/team", stamped, name);
    }
  });

  it("are handed out in the settings of each team, the newest one, as a secret", async () => {
    const { outputs, secretOutputs } = await deploy("prod", {
      teams: ["platform", { name: "web", credentials: [1, 2] }],
    });
    assert.ok(secretOutputs.includes("claudeCodeSettings"));
    const documents = outputs["claudeCodeSettings"] as Record<string, string>;
    assert.deepEqual(Object.keys(documents).sort(), ["platform", "web"]);
    const { env } = JSON.parse(documents["web"]!) as { env: Record<string, string> };
    const [, credential = ""] = /^Authorization=Basic ([^ ]+)$/.exec(env["OTEL_EXPORTER_OTLP_HEADERS"]!) ?? [];
    assert.equal(Buffer.from(credential, "base64").toString(), `web.2:${generated}`);
    assert.equal(env["OTEL_RESOURCE_ATTRIBUTES"], "user=FILL_IN,team=web,location=FILL_IN,device=FILL_IN");
  });

  it("are not asked for where nobody is named", async () => {
    const deployment = await deploy("dev");
    const file = collectorFile(deployment);
    assert.equal(file.receivers.otlp.protocols.http["auth"], undefined);
    assert.ok(!JSON.stringify(file).includes("transform/team"));
    assert.ok(!deployment.secretOutputs.includes("claudeCodeSettings"));
  });
});

describe("TLS", () => {
  it("is served by collector and Grafana with a Secret's certificate, renewed in place", async () => {
    const deployment = await deploy("prod", { ...serving, "tls.clientCaSecret": "clients" });
    const file = collectorFile(deployment);
    for (const protocol of ["grpc", "http"] as const) {
      assert.deepEqual(file.receivers.otlp.protocols[protocol]["tls"], {
        cert_file: "/etc/otelcol-secrets/tls/tls.crt",
        key_file: "/etc/otelcol-secrets/tls/tls.key",
        client_ca_file: "/etc/otelcol-secrets/client-ca/ca.crt",
        client_ca_file_reload: true,
        min_version: "1.2",
        reload_interval: "5m",
      });
    }
    const mounted = podOf(deployment, "otel-collector-workload").volumes.map(({ secret }) => secret?.secretName);
    assert.ok(mounted.includes("certificate") && mounted.includes("clients"));
    const [grafana] = podOf(deployment, "grafana-workload").containers;
    const value = (name: string) => grafana!.env?.find((entry) => entry.name === name)?.value;
    assert.equal(value("GF_SERVER_PROTOCOL"), "https");
    assert.equal(value("GF_SERVER_CERT_KEY"), "/etc/grafana-tls/tls.key");
    assert.equal(value("GF_SECURITY_COOKIE_SECURE"), "true");
    for (const probe of [grafana!.readinessProbe, grafana!.livenessProbe, grafana!.startupProbe]) {
      assert.equal((probe as { httpGet: { scheme?: string } }).httpGet.scheme, "HTTPS");
    }
    const { data } = one(deployment, "prometheus-config").inputs as { data: Record<string, string> };
    assert.match(data["prometheus.yaml"]!, /job_name: grafana\n\s+scheme: https/);
    const types = ofType(deployment, "kubernetes:core/v1:Service").map(
      ({ inputs }) => (inputs["spec"] as { type: string }).type,
    );
    assert.equal(types.filter((type) => type === "LoadBalancer").length, 2);
  });

  it("has its certificate from cert-manager, for the hosts in use, where an issuer is named", async () => {
    const request = "kubernetes:cert-manager.io/v1:Certificate";
    const deployment = await deploy("prod", { exposure: "LoadBalancer", "tls.issuer": "ClusterIssuer/internal" });
    const [certificate] = ofType(deployment, request);
    const spec = certificate?.inputs["spec"] as { secretName: string; dnsNames: string[]; issuerRef: object };
    assert.equal(spec.secretName, "prod-tls");
    assert.deepEqual(spec.dnsNames, ["grafana.monitoring.test", "otlp.monitoring.test", "otlp-grpc.monitoring.test"]);
    assert.deepEqual(spec.issuerRef, { group: "cert-manager.io", kind: "ClusterIssuer", name: "internal" });
    const mounted = podOf(deployment, "otel-collector-workload").volumes.map(({ secret }) => secret?.secretName);
    assert.ok(mounted.includes("prod-tls"));

    const external = {
      "grafana.deployment": "external",
      "grafana.auth": "t",
      "network.readerNamespaces": ["monitoring"],
    };
    for (const without of [{ "grafana.deployment": "none" }, external]) {
      const collector = await deploy("prod", { ...without, "tls.issuer": "Issuer/internal" });
      const [ofCollector] = ofType(collector, request);
      const { dnsNames } = ofCollector!.inputs["spec"] as { dnsNames: string[] };
      assert.deepEqual(dnsNames, ["otlp.monitoring.test", "otlp-grpc.monitoring.test"]);
    }

    const ingress = await deploy("prod", { "tls.issuer": "Issuer/internal" });
    const [first] = ofType(ingress, "kubernetes:networking.k8s.io/v1:Ingress");
    assert.equal((first!.inputs["spec"] as { tls: { secretName: string }[] }).tls[0]?.secretName, "prod-tls");
    assert.equal(collectorFile(ingress).receivers.otlp.protocols.http["tls"], undefined);
  });
});

describe("Prometheus, as Grafana reaches it", () => {
  it("has nothing in prod that ends it, reloads it or deletes", async () => {
    const [prometheus] = podOf(await deploy("prod"), "prometheus-workload").containers;
    const switches = prometheus!.args!.filter((flag) => flag.startsWith("--web.")).map((flag) => flag.split("=")[0]);
    // The receivers are the ways in of collectors and jobs; tests/pipeline/prometheus-access.test.ts asks as Grafana would.
    const receivers = ["enable-remote-write-receiver", "remote-write-receiver.accepted-protobuf-messages"];
    assert.deepEqual(
      switches,
      ["listen-address", ...receivers, "enable-otlp-receiver"].map((name) => `--web.${name}`),
    );
  });

  it("is one port for queries and for writing, so that the network keeps Grafana from none of its paths", async () => {
    const policies = ofType(await deploy("prod"), "kubernetes:networking.k8s.io/v1:NetworkPolicy");
    const spec = policies.find(({ name }) => name === "network-policies-prometheus")?.inputs["spec"];
    const { ingress } = spec as { ingress: { from: object[]; ports: { port: number }[] }[] };
    const from = (component: string) =>
      ingress.filter((rule) => JSON.stringify(rule.from).includes(`"${component}"`)).flatMap((rule) => rule.ports);
    assert.deepEqual(from("grafana"), [{ protocol: "TCP", port: 9090 }]);
    assert.deepEqual(from("grafana"), from("otel-collector"));
    assert.deepEqual([...new Set(ingress.flatMap((rule) => rule.ports.map(({ port }) => port)))], [9090]);
  });
});
