import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { parse } from "yaml";

import { ConfigError, parseConfig } from "../../../config/schema";
import { deploy, type Deployment } from "../components/deployment";
import { type Container, ofType, one, type PodTemplate } from "../components/registered";
import { stackConfig } from "./stack-config";

/** What the mocks generate for every password. */
const generated = "generated-password";
const serving = { exposure: "LoadBalancer", tlsSecret: "certificate" };

function problemsOf(stack: string, values: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseConfig(stackConfig(stack, values));
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

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
    ["teams", "a b", /found "a b"; expected teams such as platform/],
    ["teams", "platform, platform=2", /expected teams such as/],
    ["teams", "platform=0", /expected teams such as/],
    ["teams", "platform=1|1", /expected teams such as/],
    ["teams", "platform=two", /expected teams such as/],
    ["certificateIssuer", "letsencrypt", /found "letsencrypt"; expected an issuer of cert-manager/],
    ["tlsSecret", "My Secret", /expected the name of a Secret, or nothing/],
    ["grafanaOidcRolePath", "", /expected a JMESPath expression/],
  ] as const) {
    it(`refuses ${key} = "${value}"`, () => {
      const [problem = "", ...more] = problemsOf("dev", { [key]: value });
      assert.match(problem, expected);
      assert.deepEqual(more, []);
    });
  }

  it("reads teams with the numbers of their credentials", () => {
    const { teams } = parseConfig(stackConfig("dev", { teams: "platform, web = 2|3" }));
    assert.deepEqual(
      [...teams],
      [
        ["platform", [1]],
        ["web", [2, 3]],
      ],
    );
  });

  it("refuses what cannot be meant, naming the key", () => {
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ exposure: "Ingress", tlsSecret: "a" }, /^tlsSecret: .* "Ingress" expected nothing, ingressTlsSecret/],
      [{ tlsSecret: "a", certificateIssuer: "Issuer/b", ...httpsUrls }, /^tlsSecret: .* a certificate is issued/],
      [
        { exposure: "Ingress", ingressTlsSecret: "a", certificateIssuer: "Issuer/b" },
        /^ingressTlsSecret: .* a certificate is issued/,
      ],
      [{ clientCaSecret: "a" }, /^clientCaSecret: found "a"; expected nothing where/],
      [{ tlsSecret: "a", ...httpsUrls, otlpHttpUrl: "http://h" }, /^otlpHttpUrl: .* where the stack serves TLS/],
      [
        { collectorMaxReplicas: "1", collectorReplicas: "2" },
        /^collectorMaxReplicas: .* at least collectorReplicas, 2/,
      ],
      [{ teams: "web", teamDailyBudgets: "ops=5" }, /^teamDailyBudgets: found "ops"; expected one of teams, web/],
      [{ grafanaOidcAuthUrl: "https://login.example.com/a" }, /^grafanaOidcAuthUrl: .* without grafanaOidcClientId/],
    ];
    for (const [values, expected] of cases) {
      const [problem = "", ...more] = problemsOf("dev", values);
      assert.match(problem, expected);
      assert.deepEqual(more, [], JSON.stringify(values));
    }
    assert.equal(problemsOf("dev", { grafanaOidcClientId: "grafana" }).length, 4);
  });

  it("refuses, in production, plain text and clients without a credential", () => {
    const [urls, teams] = [{ otlpHttpUrl: "http://otlp.monitoring.test" }, { teams: "" }];
    assert.deepEqual(problemsOf("prod", urls), [
      'otlpHttpUrl: found "http://otlp.monitoring.test"; in production expected https',
    ]);
    assert.deepEqual(problemsOf("prod", teams), [
      "teams: found nothing; in production expected the teams that may send",
    ]);
    for (const exposure of ["LoadBalancer", "ClusterIP"]) {
      const [problem = ""] = problemsOf("prod", { exposure });
      assert.match(problem, /^tlsSecret: found nothing; in production, with exposure/);
      assert.deepEqual(problemsOf("prod", { exposure, certificateIssuer: "ClusterIssuer/letsencrypt" }), []);
    }
    assert.deepEqual(problemsOf("dev", { ...urls, ...teams }), []);
  });

  it("refuses, in production, the API that deletes series: Grafana hands requests on to it", () => {
    const [problem = "", ...more] = problemsOf("prod", { prometheusAdminApi: "true" });
    assert.match(problem, /^prometheusAdminApi: found "true"; in production expected "false"/);
    assert.deepEqual(more, []);
    assert.deepEqual(problemsOf("dev", { prometheusAdminApi: "true" }), []);
  });
});

const httpsUrls = {
  grafanaUrl: "https://grafana.monitoring.test",
  otlpHttpUrl: "https://otlp.monitoring.test",
  otlpGrpcUrl: "https://otlp-grpc.monitoring.test",
};

describe("credentials of teams", () => {
  it("are one line each in a Secret that rolls the collectors, and nowhere else", async () => {
    const deployment = await deploy("prod", { teams: "platform, web=1|2" });
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
      // What comes in from outside, and only that.
      assert.equal(processors[1] === "transform/team", receivers.includes("otlp"), name);
    }
  });

  it("are handed out in the settings of each team, the newest one, as a secret", async () => {
    const { outputs, secretOutputs } = await deploy("prod", { teams: "platform, web=1|2" });
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
    const deployment = await deploy("prod", { ...serving, clientCaSecret: "clients" });
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
    const deployment = await deploy("prod", { exposure: "LoadBalancer", certificateIssuer: "ClusterIssuer/internal" });
    const [certificate] = ofType(deployment, request);
    const spec = certificate?.inputs["spec"] as { secretName: string; dnsNames: string[]; issuerRef: object };
    assert.equal(spec.secretName, "prod-tls");
    assert.deepEqual(spec.dnsNames, ["grafana.monitoring.test", "otlp.monitoring.test", "otlp-grpc.monitoring.test"]);
    assert.deepEqual(spec.issuerRef, { group: "cert-manager.io", kind: "ClusterIssuer", name: "internal" });
    const mounted = podOf(deployment, "otel-collector-workload").volumes.map(({ secret }) => secret?.secretName);
    assert.ok(mounted.includes("prod-tls"));

    const ingress = await deploy("prod", { certificateIssuer: "Issuer/internal" });
    const [first] = ofType(ingress, "kubernetes:networking.k8s.io/v1:Ingress");
    assert.equal((first?.inputs["spec"] as { tls: { secretName: string }[] }).tls[0]?.secretName, "prod-tls");
    assert.equal(collectorFile(ingress).receivers.otlp.protocols.http["tls"], undefined);
  });
});

describe("Prometheus, as Grafana reaches it", () => {
  it("has nothing in prod that ends it, reloads it or deletes, and takes no remote write", async () => {
    const [prometheus] = podOf(await deploy("prod"), "prometheus-workload").containers;
    const switches = prometheus!.args!.filter((flag) => flag.startsWith("--web.")).map((flag) => flag.split("=")[0]);
    // The receiver of OTLP is the collector's way in; tests/pipeline/prometheus-access.test.ts asks it as Grafana would.
    assert.deepEqual(switches, ["--web.listen-address", "--web.enable-otlp-receiver"]);
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

describe("signing in", () => {
  const oidc = {
    grafanaOidcClientId: "grafana",
    grafanaOidcClientSecret: "s3cret",
    grafanaOidcAuthUrl: "https://login.example.com/authorize",
    grafanaOidcTokenUrl: "https://login.example.com:8443/token",
    grafanaOidcApiUrl: "https://login.example.com/userinfo",
    grafanaOidcRolePath: "contains(groups[*], 'finance') && 'Viewer'",
  };

  it("goes to the OpenID Connect provider, whose roles are taken strictly and make no administrator", async () => {
    const deployment = await deploy("prod", oidc);
    const [grafana] = podOf(deployment, "grafana-workload").containers;
    const variable = (name: string) => grafana!.env?.find((entry) => entry.name === `GF_AUTH_GENERIC_OAUTH_${name}`);
    const policies = ofType(deployment, "kubernetes:networking.k8s.io/v1:NetworkPolicy");
    const grafanaPolicy = policies.find(({ name }) => name.endsWith("grafana"));
    assert.match(JSON.stringify(grafanaPolicy?.inputs["spec"]), /8443/);
    assert.equal(variable("TOKEN_URL")?.value, oidc.grafanaOidcTokenUrl);
    assert.equal(variable("ROLE_ATTRIBUTE_PATH")?.value, oidc.grafanaOidcRolePath);
    assert.equal(variable("ROLE_ATTRIBUTE_STRICT")?.value, "true");
    assert.equal(variable("ALLOW_ASSIGN_GRAFANA_ADMIN")?.value, "false");
    assert.equal(variable("CLIENT_SECRET")?.value, undefined);
    assert.ok(variable("CLIENT_SECRET")?.valueFrom);
    assert.equal(secretData(deployment, "grafana-admin")["oidc-client-secret"], "s3cret");
  });

  it("never prints the client's secret", () => {
    const problems = problemsOf("prod", { ...oidc, grafanaOidcAuthUrl: "login" });
    assert.ok(problems.length > 0);
    assert.ok(!problems.join().includes("s3cret"));
  });

  it("is at Grafana alone by default, and gives nobody more than to look", async () => {
    const [grafana] = podOf(await deploy("prod"), "grafana-workload").containers;
    const names = grafana!.env!.map(({ name }) => name);
    assert.ok(!names.some((name) => name.startsWith("GF_AUTH_GENERIC_OAUTH")));
    const value = (name: string) => grafana!.env?.find((entry) => entry.name === name)?.value;
    assert.equal(value("GF_USERS_AUTO_ASSIGN_ORG_ROLE"), "Viewer");
    assert.equal(value("GF_USERS_VIEWERS_CAN_EDIT"), "false");
  });
});
