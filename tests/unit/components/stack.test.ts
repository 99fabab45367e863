import assert from "node:assert/strict";

import { parse } from "yaml";

import { deploy, Deployment, settled } from "./deployment";
import { metadata, ofType, one, PodTemplate, workloads } from "./registered";

for (const stack of ["dev", "prod"] as const) {
  describe(`stack ${stack}`, () => {
    let deployment: Deployment;
    before(async () => {
      deployment = await deploy(stack);
    });

    it("puts everything into its namespace, under its names", () => {
      assert.equal(metadata(one(deployment, "namespace")).name, `claude-monitoring-${stack}`);
      const namespaced = deployment.resources.filter(
        ({ type }) => type.startsWith("kubernetes:") && !/:(Namespace|StorageClass)$/.test(type),
      );
      assert.ok(namespaced.length >= 12);
      for (const resource of namespaced) {
        assert.equal(metadata(resource).namespace, `claude-monitoring-${stack}`, resource.name);
      }
      const names = ofType(deployment, "kubernetes:core/v1:Service").map((service) => metadata(service).name);
      assert.deepEqual(names.sort(), [
        `${stack}-grafana`,
        `${stack}-loki`,
        `${stack}-otel-collector`,
        `${stack}-otel-collector-replicas`,
        `${stack}-prometheus`,
        `${stack}-prometheus-write`,
        `${stack}-tempo`,
      ]);
    });

    it("names ConfigMaps and Secrets automatically, so that a change rolls the pods that mount them", () => {
      const mounted = deployment.resources.filter(({ type }) => /:(ConfigMap|Secret)$/.test(type));
      // In prod also the teams' credentials.
      assert.equal(mounted.length, stack === "prod" ? 7 : 6);
      for (const resource of mounted) {
        assert.equal(metadata(resource).name, undefined, resource.name);
        assert.equal(resource.inputs["immutable"], true, resource.name);
      }
    });

    it("writes to Prometheus only where there is room, and reads from it always", () => {
      const spec = (name: string) => one(deployment, name).inputs["spec"] as Record<string, unknown>;
      assert.equal(spec("prometheus-service")["publishNotReadyAddresses"], true);
      assert.equal(spec("prometheus-write-service")["publishNotReadyAddresses"], undefined);
      assert.deepEqual(spec("prometheus-write-service")["selector"], spec("prometheus-service")["selector"]);
      const { data } = one(deployment, "otel-collector-config").inputs as { data: Record<string, string> };
      const { exporters } = parse(data["collector.yaml"]!) as { exporters: Record<string, Record<string, unknown>> };
      const outgoing = exporters["prometheus_remote_write/outgoing"]!;
      assert.equal(outgoing["endpoint"], `http://${stack}-prometheus-write:9090/api/v1/write`);
      assert.equal(outgoing["disable_keep_alives"], true, "a kept one ignores the Service");
    });

    it("lets a collector take exports until no client is sent to it any more", () => {
      const [container] = (one(deployment, "otel-collector-workload").inputs["spec"] as PodTemplate).template.spec
        .containers;
      assert.deepEqual(container!.lifecycle, { preStop: { sleep: { seconds: 10 } } });
    });

    it("selects pods by labels that leave the version out", () => {
      for (const workload of workloads(deployment)) {
        const { selector } = workload.inputs["spec"] as { selector: { matchLabels: Record<string, string> } };
        const podLabels = (workload.inputs["spec"] as PodTemplate).template.metadata.labels;
        assert.equal(selector.matchLabels["app.kubernetes.io/version"], undefined, workload.name);
        assert.ok(podLabels["app.kubernetes.io/version"], workload.name);
        for (const [label, value] of Object.entries(selector.matchLabels)) {
          assert.equal(podLabels[label], value, workload.name);
        }
      }
    });

    it("gives every resource a parent, but for the stack's own", () => {
      const roots = deployment.resources.filter(({ urnPath, name }) => urnPath === name).map(({ name }) => name);
      const expected = [
        "claude-code-monitoring-" + stack,
        ...(stack === "prod" ? ["grafana-backup", "loki-backup", "prometheus-backup"] : []),
        "grafana",
        "grafana-content",
        "loki",
        "namespace",
        "namespace-limits",
        "network-policies",
        "otel-collector",
        "prometheus",
        "storage-class",
        ...(stack === "prod" ? ["team-credentials"] : []),
        "tempo",
      ];
      const generated = ["grafana-admin-password", "grafana-database-key"];
      assert.deepEqual(roots.filter((name) => !generated.includes(name)).sort(), expected.sort());
    });

    it("hands out settings that send deltas here", () => {
      const documents = deployment.outputs["claudeCodeSettings"] as string | Record<string, string>;
      const document = typeof documents === "string" ? documents : documents["engineering"];
      const settings = JSON.parse(String(document)) as { env: Record<string, string> };
      const { http: endpoint } = deployment.outputs["otlpEndpoint"] as { http: string };
      assert.equal(settings.env["OTEL_EXPORTER_OTLP_ENDPOINT"], endpoint);
      assert.equal(settings.env["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"], "delta");
      assert.equal(settings.env["OTEL_METRIC_EXPORT_INTERVAL"], "60000");
      assert.equal(
        settings.env["OTEL_RESOURCE_ATTRIBUTES"],
        `user=FILL_IN,team=${stack === "prod" ? "engineering" : "FILL_IN"},location=FILL_IN,device=FILL_IN`,
      );
    });

    it("never puts the password where it can be read", () => {
      const settings = workloads(deployment).flatMap((workload) =>
        (workload.inputs["spec"] as PodTemplate).template.spec.containers.flatMap((container) => container.env ?? []),
      );
      const password = settings.filter(({ name }) => name === "GF_SECURITY_ADMIN_PASSWORD");
      assert.equal(password.length, 1);
      assert.ok(password[0]!.valueFrom);
      assert.equal(password[0]!.value, undefined);
    });

    it("keeps Grafana closed and quiet", () => {
      const container = (one(deployment, "grafana-workload").inputs["spec"] as PodTemplate).template.spec
        .containers[0]!;
      const value = (name: string) => container.env?.find((entry) => entry.name === name)?.value;
      assert.equal(value("GF_AUTH_ANONYMOUS_ENABLED"), "false");
      assert.equal(value("GF_USERS_ALLOW_SIGN_UP"), "false");
      assert.equal(value("GF_ANALYTICS_CHECK_FOR_UPDATES"), "false");
      // Its data sources' plugins would end where it could not write newer ones.
      assert.equal(value("GF_PLUGINS_PREINSTALL_DISABLED"), "true");
      assert.equal(value("GF_PLUGINS_PREINSTALL_AUTO_UPDATE"), "false");
    });

    it("scrapes Prometheus, every collector, Loki, Tempo and Grafana", () => {
      const { data } = one(deployment, "prometheus-config").inputs as { data: Record<string, string> };
      const config = parse(data["prometheus.yaml"]!) as {
        scrape_configs: { job_name: string; dns_sd_configs?: { names: string[]; port: number }[] }[];
      };
      const targets = config.scrape_configs.map(({ job_name, dns_sd_configs }) => [
        job_name,
        dns_sd_configs?.[0]?.names[0],
      ]);
      const namespace = `claude-monitoring-${stack}`;
      assert.deepEqual(targets, [
        ["prometheus", undefined],
        ["otel-collector", `${stack}-otel-collector-replicas.${namespace}.svc`],
        ["loki", `${stack}-loki.${namespace}.svc`],
        ["tempo", `${stack}-tempo.${namespace}.svc`],
        ["grafana", `${stack}-grafana.${namespace}.svc`],
      ]);
    });

    it("does not delete Grafana's content by itself when its database goes", () => {
      const content = deployment.resources.filter(({ type }) => type.startsWith("grafana:oss/"));
      assert.deepEqual(
        content.filter(({ type }) => !type.endsWith(":Dashboard")).map(({ name }) => name),
        ["folder", "folder-permissions", "loki", "prometheus", "tempo"].map((name) => `grafana-content-${name}`),
      );
      for (const resource of content) {
        assert.equal((resource.options.deletedWith as { __name?: string }).__name, "grafana-volume", resource.name);
      }
    });

    it("makes Grafana's content anew in another database", async () => {
      const { options } = one(deployment, "grafana-content-provider");
      assert.equal(options.deleteBeforeReplace, true);
      assert.equal(await settled<unknown>(options.replacementTrigger), "grafana-volume-uid");
    });
  });
}
