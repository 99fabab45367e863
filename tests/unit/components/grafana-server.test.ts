import assert from "node:assert/strict";

import type { types } from "@pulumi/kubernetes";

import type { ConfigValues } from "../../../config/paths";
import { smtp, smtpWithUser } from "../config/smtp";
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

/** https://grafana.com/docs/grafana/v13.2/setup-grafana/configure-grafana/#smtp, whose keys are variables GF_SMTP_<KEY>. */
describe("mail of Grafana's server", () => {
  const variables = async (overrides: ConfigValues) => {
    const deployment = await deploy("prod", overrides);
    const { env } = (specOf(deployment, "grafana-workload") as PodOwner).template.spec.containers[0]!;
    return { deployment, env: env.filter(({ name }) => name.startsWith("GF_SMTP_")) };
  };

  it("is off by default", async () => {
    assert.deepEqual((await variables({})).env, []);
  });

  it("is sent as documented for [smtp], with the password from the Secret", async () => {
    const { deployment, env } = await variables({ ...smtpWithUser, "grafana.smtp.fromName": "Claude Code" });
    const secretKeyRef = { name: "grafana-admin-generated", key: "smtp-password" };
    assert.deepEqual(env, [
      { name: "GF_SMTP_PASSWORD", valueFrom: { secretKeyRef } },
      { name: "GF_SMTP_ENABLED", value: "true" },
      { name: "GF_SMTP_HOST", value: "smtp.corp.test:587" },
      { name: "GF_SMTP_USER", value: "grafana" },
      { name: "GF_SMTP_FROM_ADDRESS", value: "grafana@corp.test" },
      { name: "GF_SMTP_FROM_NAME", value: "Claude Code" },
      { name: "GF_SMTP_STARTTLS_POLICY", value: "MandatoryStartTLS" },
    ]);
    const { value } = one(deployment, "grafana-admin").inputs["stringData"] as { readonly value: object };
    assert.equal((value as Readonly<Record<string, unknown>>)["smtp-password"], "smtp-secret");
    assert.doesNotMatch(JSON.stringify(specOf(deployment, "grafana-workload")), /smtp-secret/);
  });

  it("needs no user, and no encryption where that is said", async () => {
    const { env } = await variables({ ...smtp, "grafana.smtp.startTlsPolicy": "NoStartTLS" });
    assert.deepEqual(
      env.map(({ name, value }) => `${name}=${value}`),
      [
        ...["GF_SMTP_ENABLED=true", "GF_SMTP_HOST=smtp.corp.test:587", "GF_SMTP_FROM_ADDRESS=grafana@corp.test"],
        ...["GF_SMTP_FROM_NAME=Grafana", "GF_SMTP_STARTTLS_POLICY=NoStartTLS"],
      ],
    );
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
    assert.equal(dashboards.length, 9);
    for (const { inputs, name } of dashboards) {
      assert.equal(inputs["overwrite"], true, name);
    }
  });
});
