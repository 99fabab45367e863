import assert from "node:assert/strict";

import { deploy, type Deployment } from "../components/deployment";
import { type Container, ofType, one, type PodTemplate } from "../components/registered";
import { problemsOf } from "./stack-config";

function containersOf(deployment: Deployment, name: string): readonly Container[] {
  return (one(deployment, name).inputs["spec"] as PodTemplate).template.spec.containers;
}

describe("signing in", () => {
  const oidc = {
    "oidc.clientId": "grafana",
    "oidc.clientSecret": "s3cret",
    "oidc.authUrl": "https://login.example.com/authorize",
    "oidc.tokenUrl": "https://login.example.com:8443/token",
    "oidc.apiUrl": "https://login.example.com/userinfo",
    "oidc.rolePath": "contains(groups[*], 'finance') && 'Viewer'",
  };

  it("goes to the OpenID Connect provider, whose roles are taken strictly and make no administrator", async () => {
    const deployment = await deploy("prod", oidc);
    const [grafana] = containersOf(deployment, "grafana-workload");
    const variable = (name: string) => grafana!.env?.find((entry) => entry.name === `GF_AUTH_GENERIC_OAUTH_${name}`);
    const policies = ofType(deployment, "kubernetes:networking.k8s.io/v1:NetworkPolicy");
    const grafanaPolicy = policies.find(({ name }) => name.endsWith("grafana"));
    assert.match(JSON.stringify(grafanaPolicy?.inputs["spec"]), /8443/);
    assert.equal(variable("TOKEN_URL")?.value, oidc["oidc.tokenUrl"]);
    assert.equal(variable("ROLE_ATTRIBUTE_PATH")?.value, oidc["oidc.rolePath"]);
    assert.equal(variable("ROLE_ATTRIBUTE_STRICT")?.value, "true");
    assert.equal(variable("ALLOW_ASSIGN_GRAFANA_ADMIN")?.value, "false");
    assert.equal(variable("CLIENT_SECRET")?.value, undefined);
    assert.ok(variable("CLIENT_SECRET")?.valueFrom);
    const { stringData } = one(deployment, "grafana-admin").inputs as { stringData: { value: Record<string, string> } };
    assert.equal(stringData.value["oidc-client-secret"], "s3cret");
  });

  it("never prints the client's secret", () => {
    const problems = problemsOf("prod", { ...oidc, "oidc.authUrl": "login" });
    assert.ok(problems.length > 0);
    assert.ok(!problems.join().includes("s3cret"));
  });

  it("is at Grafana alone by default, and gives nobody more than to look", async () => {
    const [grafana] = containersOf(await deploy("prod"), "grafana-workload");
    const names = grafana!.env!.map(({ name }) => name);
    assert.ok(!names.some((name) => name.startsWith("GF_AUTH_GENERIC_OAUTH")));
    const value = (name: string) => grafana!.env?.find((entry) => entry.name === name)?.value;
    assert.equal(value("GF_USERS_AUTO_ASSIGN_ORG_ROLE"), "Viewer");
    assert.equal(value("GF_USERS_VIEWERS_CAN_EDIT"), "false");
  });
});
