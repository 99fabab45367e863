import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { images } from "../../../components/kubernetes/images";
import { withValues } from "../../../cli/overrides";
import { type ConfigValues, valueAt } from "../../../config/paths";
import { ConfigError, settings } from "../../../config/schema";
import { closing } from "../../../cli/closing";
import { chooseCluster, Machine } from "../../../cli/cluster-choice";
import { configOfFile, stackConfig } from "../../../cli/stack-file";
import { kindConfig, whyNoGrafana, withoutStores } from "../../../cli/target";
import { productionValues } from "../../support/production-values";
import { smtp, smtpWithUser } from "../config/smtp";

const bare: Machine = { hasKind: false, dockerAnswers: false, hasGo: false, isLinux: true, isRoot: false };

describe("npm run up picks a cluster", () => {
  it("the context that is named, whatever else there is", () => {
    const everything = { hasKind: true, dockerAnswers: true, hasGo: true, isLinux: true, isRoot: true };
    assert.deepEqual(chooseCluster("work", everything), {
      kind: "context",
      context: "work",
      reason: "--context work was given",
    });
  });

  it("kind, where Docker runs", () => {
    const machine = { ...bare, hasKind: true, dockerAnswers: true, hasGo: true, isRoot: true };
    assert.equal(chooseCluster(undefined, machine).kind, "kind");
  });

  it("else a node of its own, on Linux as root with Go, and says why", () => {
    const choice = chooseCluster(undefined, { ...bare, hasKind: true, hasGo: true, isRoot: true });
    assert.deepEqual(choice, { kind: "node", reason: "no Docker engine answers; this is Linux, as root, with Go" });
    const withoutKind = chooseCluster(undefined, { ...bare, dockerAnswers: true, hasGo: true, isRoot: true });
    assert.match(withoutKind.reason, /^kind is not installed/);
  });

  it("else none, and says what lacks", () => {
    assert.throws(() => chooseCluster(undefined, bare), /name one with --context.*lacking: root, Go\)/);
    assert.throws(() => chooseCluster(undefined, { ...bare, isLinux: false }), /lacking: Linux, root, Go\)/);
  });

  it("a kind cluster's NodePorts are reachable on loopback only", () => {
    const { nodes } = kindConfig() as { nodes: { extraPortMappings: Record<string, unknown>[] }[] };
    assert.deepEqual(
      nodes[0]!.extraPortMappings.map(({ hostPort, containerPort, listenAddress }) => [
        hostPort,
        containerPort,
        listenAddress,
      ]),
      [30000, 30317, 30318].map((port) => [port, port, "127.0.0.1"]),
    );
  });
});

describe("npm run up validates", () => {
  it("the stack's file with what is given on the command line", () => {
    assert.equal(stackConfig("dev", { "collector.replicas": 3 }).collector.replicas, 3);
    assert.equal(stackConfig("prod", productionValues).environment, "production");
    assert.throws(
      () => stackConfig("dev", { "collector.replicas": "two", nonsense: "1" }),
      /2 problem\(s\)[^]*collector.replicas: found "two"[^]*nonsense: no such key/,
    );
  });

  it("nothing of other namespaces", () => {
    assert.equal(stackConfig("dev", { "kubernetes:context": "kind" }).namePrefix, "dev");
  });

  const ciphertext = { secure: "v1:cxnGZ/KNlVQ4ZKz4:EHOlslPNm7NsHAvGIqmjCzKLi+" };
  const file = (config: ConfigValues) => {
    const values = withValues({}, { teams: ["web"], ...productionValues, ...config });
    return {
      config: Object.fromEntries(
        Object.entries(values).map(([key, value]) => [`claude-code-monitoring:${key}`, value]),
      ),
    };
  };

  it("no secret that only the engine can read, whatever it is for", () => {
    // The store has either a password or a token, and the bill is not read with one.
    const secrets = settings.filter(({ secret }) => secret).map(({ path: name }) => name);
    const kept = secrets.filter((name) => !["remoteWrite.bearerToken", "bill.key"].includes(name));
    const store = {
      "remoteWrite.url": "https://store.test/write",
      "remoteWrite.otlpUrl": "https://store.test/otlp",
      "remoteWrite.queryUrl": "https://store.test",
      "remoteWrite.user": "claude",
      ...smtpWithUser,
    };
    const config = configOfFile(file({ ...store, ...Object.fromEntries(kept.map((name) => [name, ciphertext])) }), {});
    assert.equal(kept.length, 10);
    for (const name of kept) {
      assert.ok(valueAt(config, name.split(".")), `${name} counts as given`);
    }
    assert.ok(configOfFile(file({ "bill.key": ciphertext }), {}).bill.key);
  });

  it("objects and lists, whose parts an override leaves as they are", () => {
    const content = file({ "alerting.emails": ["a@corp.test"], "alerting.slackUrl": ciphertext, ...smtp });
    const { alerting } = configOfFile(content, { "alerting.groupWait": "1m", "alerting.emails[1]": "b@corp.test" });
    assert.deepEqual([alerting.emails, alerting.groupWait], [["a@corp.test", "b@corp.test"], 60]);
    assert.ok(alerting.slackUrl);
    assert.throws(
      () => configOfFile(content, { "alerting..emails": "x" }),
      /found path ".*alerting..emails"; expected/,
    );
  });

  it("a secret in the place of what commands must read, and says so", () => {
    assert.deepEqual(problemsOf(file({ "loki.retention": ciphertext, "alerting.emails": [ciphertext] })), [
      "loki.retention: found a secret that only the engine can read; expected plain text, set without --secret",
      "alerting.emails[0]: found a secret that only the engine can read; expected plain text, set without --secret",
    ]);
  });

  it("what the command line gives in place of a secret", () => {
    assert.throws(
      () => configOfFile(file({ "alerting.slackUrl": ciphertext }), { "alerting.slackUrl": "nowhere" }),
      /alerting.slackUrl: found a value that is kept secret; expected a URL/,
    );
  });

  function problemsOf(content: unknown): readonly string[] {
    try {
      configOfFile(content, {});
      return [];
    } catch (error) {
      return (error as ConfigError).problems;
    }
  }
});

describe("npm run up leaves out", () => {
  const both = { loki: { enabled: true }, tempo: { enabled: true } };
  const node = { kind: "node", overrides: {} } as const;

  it("Loki and Tempo where the cluster cannot pull them, and says so in a line", () => {
    assert.deepEqual(withoutStores({ ...node, images: [images.prometheus] }, both), {
      overrides: { "loki.enabled": false, "tempo.enabled": false },
      reason: `Loki and Tempo are left out: the cluster cannot pull ${images.loki} and ${images.tempo}`,
    });
    assert.deepEqual(withoutStores({ ...node, images: [images.loki] }, both), {
      overrides: { "tempo.enabled": false },
      reason: `Tempo is left out: the cluster cannot pull ${images.tempo}`,
    });
  });

  it("nothing where it pulls, and says nothing of what is not wanted", () => {
    assert.equal(withoutStores(node, both), undefined);
    assert.equal(
      withoutStores({ ...node, images: [] }, { loki: { enabled: false }, tempo: { enabled: false } }),
      undefined,
    );
  });
});

describe("npm run up with a Grafana that is there already", () => {
  const node = { kind: "node", images: [images.prometheus], overrides: {} } as const;
  const searched = process.env["PATH"] ?? "";
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "up-grafana-"));
    fs.writeFileSync(path.join(folder, "pulumi-resource-grafana"), "", { mode: 0o755 });
    process.env["PATH"] = [folder, searched].join(path.delimiter);
  });

  afterEach(() => {
    process.env["PATH"] = searched;
    fs.rmSync(folder, { recursive: true });
  });

  it("needs no image for it", async () => {
    assert.equal(await whyNoGrafana(node, "external", {}), undefined);
    assert.equal(await whyNoGrafana(node, "in-cluster", {}), `the cluster cannot pull ${images.grafana}`);
  });

  it("names no administrator", () => {
    const outputs = {
      otlpEndpoint: { grpc: "http://localhost:30317", http: "http://localhost:30318" },
      claudeCodeSettings: JSON.stringify({ env: { CLAUDE_CODE_ENABLE_TELEMETRY: "1" } }),
      grafanaUrl: "https://grafana.monitoring.test",
      dashboardUrl: "https://grafana.monitoring.test/d/overview",
    };
    assert.match(closing("dev", outputs), /^Grafana: {4}https:\/\/grafana\.monitoring\.test$/m);
    assert.match(closing("dev", { ...outputs, grafanaAdminUser: "admin" }), /^Grafana: {4}https:\S+ as admin$/m);
    const { grafanaUrl, dashboardUrl, ...without } = outputs;
    assert.match(closing("dev", without), /^Grafana: {4}left out \(see above\)$/m);
    assert.ok(!closing("dev", without).includes(grafanaUrl) && !closing("dev", without).includes(dashboardUrl));
  });
});
