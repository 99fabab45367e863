import assert from "node:assert/strict";

import type { types } from "@pulumi/kubernetes";

import { deploy, type Deployment } from "./deployment";
import { one, specOf } from "./registered";

type PodOwner = types.output.apps.v1.DeploymentSpec;

describe("Grafana's server", () => {
  let deployment: Deployment;
  before(async () => {
    deployment = await deploy("prod");
  });

  const variable = (name: string) => {
    const { env } = (specOf(deployment, "grafana-workload") as PodOwner).template.spec.containers[0]!;
    return env.find((each) => each.name === name);
  };

  for (const [name, key] of Object.entries({
    GF_SECURITY_ADMIN_USER: "user",
    GF_SECURITY_ADMIN_PASSWORD: "password",
    GF_SECURITY_SECRET_KEY: "secret-key",
  })) {
    it(`has ${name} from its Secret`, () => {
      assert.deepEqual(variable(name), {
        name,
        valueFrom: { secretKeyRef: { name: "grafana-admin-generated", key } },
      });
    });
  }

  for (const [name, value] of Object.entries({
    GF_SERVER_HTTP_PORT: "3000",
    GF_SERVER_ROOT_URL: "https://grafana.monitoring.test",
    GF_PATHS_DATA: "/var/lib/grafana",
    GF_LOG_MODE: "console",
    GF_USERS_AUTO_ASSIGN_ORG_ROLE: "Viewer",
    GF_USERS_VIEWERS_CAN_EDIT: "false",
    GF_SECURITY_COOKIE_SECURE: "true",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
  })) {
    it(`is started with ${name}=${value}`, () => {
      assert.deepEqual(variable(name), { name, value });
    });
  }

  it("has a Secret that never changes, with its user, password and key", () => {
    const { immutable, stringData } = one(deployment, "grafana-admin").inputs;
    assert.equal(immutable, true);
    const { value } = stringData as { readonly value: Readonly<Record<string, string>> };
    assert.deepEqual(value, { user: "admin", password: "generated-password", "secret-key": "generated-password" });
  });

  it("has a password and a key that no shell or URL has to quote", () => {
    const generated = ["grafana-admin-password", "grafana-database-key", "team-credentials-engineering.1"];
    const settings = generated.map((name) => one(deployment, name).inputs);
    assert.deepEqual(settings, [
      { length: 32, special: false },
      { length: 40, special: false },
      { length: 40, special: false },
    ]);
  });
});

describe("Grafana's content", () => {
  let deployment: Deployment;
  before(async () => {
    deployment = await deploy("prod");
  });

  it("is declared at the URL that people use, by the administrator", () => {
    const { url, auth } = one(deployment, "grafana-content-provider").inputs;
    assert.equal(url, "https://grafana.monitoring.test");
    assert.equal((auth as { readonly value: string }).value, "admin:generated-password");
  });

  it("is a folder with a title, and data sources that Grafana's server asks, the first the default", () => {
    assert.equal(one(deployment, "grafana-content-folder").inputs["title"], "Claude Code");
    const sources = ["prometheus", "loki", "tempo"].map((type) => one(deployment, `grafana-content-${type}`).inputs);
    assert.deepEqual(
      sources.map(({ accessMode, isDefault }) => [accessMode, isDefault]),
      [
        ["proxy", true],
        ["proxy", false],
        ["proxy", false],
      ],
    );
  });

  it("asks Prometheus by POST, for queries are long, in steps of what clients report in", () => {
    const { jsonDataEncoded } = one(deployment, "grafana-content-prometheus").inputs;
    assert.deepEqual(JSON.parse(String(jsonDataEncoded)), {
      httpMethod: "POST",
      prometheusType: "Prometheus",
      timeInterval: "1m",
    });
  });

  it("takes the place of dashboards of the same uid", () => {
    const dashboards = deployment.resources.filter(({ type }) => type.endsWith(":Dashboard"));
    assert.equal(dashboards.length, 8);
    for (const { inputs, name } of dashboards) {
      assert.equal(inputs["overwrite"], true, name);
    }
  });
});
