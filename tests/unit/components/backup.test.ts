import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import type { types } from "@pulumi/kubernetes";

import type { ConfigValues } from "../../../config/paths";
import { images } from "../../../components/kubernetes/images";
import { deploy, Deployment, Registered } from "./deployment";
import { dashboardsOnly, externalGrafana } from "./external-grafana";
import { type Container, metadata, ofType, one, PodTemplate, specOf } from "./registered";
import { root } from "../config/stack-config";

interface PodSpec {
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken: boolean;
  readonly restartPolicy: string;
  readonly affinity: {
    readonly podAffinity: {
      readonly requiredDuringSchedulingIgnoredDuringExecution: readonly {
        readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> };
        readonly topologyKey: string;
      }[];
    };
  };
  readonly containers: readonly (Container & {})[];
  readonly volumes: readonly {
    readonly name: string;
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}

interface CronJobSpec {
  readonly schedule: string;
  readonly timeZone: string;
  readonly concurrencyPolicy: string;
  readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: PodSpec } } };
}

function cronJobs(deployment: Deployment): readonly Registered[] {
  return ofType(deployment, "kubernetes:batch/v1:CronJob");
}

describe("backups", () => {
  it("are none in dev, and of Prometheus, Loki and Grafana in prod", async () => {
    assert.deepEqual(cronJobs(await deploy("dev")), []);
    assert.deepEqual(
      cronJobs(await deploy("prod")).map((job) => metadata(job).name),
      ["prod-grafana-backup", "prod-loki-backup", "prod-prometheus-backup"],
    );
  });

  it("are of what is deployed only", async () => {
    const names = async (values: ConfigValues) =>
      cronJobs(await deploy("prod", values)).map((job) => metadata(job).name);
    assert.deepEqual(await names({ "loki.enabled": "false" }), ["prod-grafana-backup", "prod-prometheus-backup"]);
    assert.deepEqual(await names(externalGrafana), ["prod-loki-backup", "prod-prometheus-backup"]);
    assert.deepEqual(await names(dashboardsOnly), []);
  });

  for (const store of ["prometheus", "loki", "grafana"]) {
    it(`of ${store} run beside it, as its user, and only read its volume`, async () => {
      const deployment = await deploy("prod", { timeZone: "Asia/Taipei", "backup.keep": "3" });
      const spec = one(deployment, `${store}-backup-schedule`).inputs["spec"] as CronJobSpec;
      assert.deepEqual([spec.schedule, spec.timeZone, spec.concurrencyPolicy], ["17 3 * * *", "Asia/Taipei", "Forbid"]);
      const workload = one(deployment, `${store}-workload`).inputs["spec"] as PodTemplate & {
        selector: { matchLabels: Record<string, string> };
      };
      const pod = spec.jobTemplate.spec.template.spec;
      assert.deepEqual(pod.securityContext, workload.template.spec.securityContext);
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.restartPolicy, "Never");
      const [beside] = pod.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      assert.deepEqual(beside!.labelSelector.matchLabels, workload.selector.matchLabels);
      assert.equal(beside!.topologyKey, "kubernetes.io/hostname");

      const container = pod.containers[0]!;
      assert.equal(container.image, images.prometheus);
      assert.deepEqual(container.args, [store, "backup"]);
      assert.deepEqual(container.env, [
        { name: "DATA", value: "/data" },
        { name: "BACKUPS", value: "/backups" },
        { name: "KEEP", value: "3" },
        {
          name: "REPORT_URL",
          value: "http://prod-prometheus-write:9090/api/v1/otlp/v1/metrics",
        },
        { name: "REPORT_AS", value: "claude_monitoring.backup.completed.timestamp" },
      ]);
      assert.deepEqual(container.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      assert.deepEqual(container.resources, {
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "1", memory: "256Mi" },
      });
    });

    it(`of ${store} may start a day late, take six hours, be tried three times, and are shown for a week`, async () => {
      const spec = specOf(await deploy("prod"), `${store}-backup-schedule`) as types.output.batch.v1.CronJobSpec;
      const { startingDeadlineSeconds, successfulJobsHistoryLimit, failedJobsHistoryLimit } = spec;
      const { backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished } = spec.jobTemplate.spec;
      assert.deepEqual([startingDeadlineSeconds, activeDeadlineSeconds], [86_400, 6 * 3600]);
      assert.equal(backoffLimit, 2, "after the first");
      assert.deepEqual([successfulJobsHistoryLimit, failedJobsHistoryLimit], [3, 3]);
      assert.equal(ttlSecondsAfterFinished, 7 * 86_400);
    });

    it(`of ${store} run the script of the repository, between the two volumes`, async () => {
      const { spec } = (specOf(await deploy("prod"), `${store}-backup-schedule`) as types.output.batch.v1.CronJobSpec)
        .jobTemplate.spec.template;
      const [container] = spec.containers;
      const script = fs.readFileSync(path.join(root, "components/backup/backup.sh"), "utf8");
      assert.equal(container!.name, "backup");
      assert.deepEqual(container!.command, ["sh", "-c", script, "backup.sh"]);
      assert.deepEqual(container!.volumeMounts, [
        { name: "data", mountPath: "/data", readOnly: true },
        { name: "backups", mountPath: "/backups" },
        { name: "tmp", mountPath: "/tmp" },
      ]);
      assert.deepEqual(spec.volumes, [
        { name: "data", persistentVolumeClaim: { claimName: `prod-${store}` } },
        { name: "backups", persistentVolumeClaim: { claimName: `prod-${store}-backup` } },
        { name: "tmp", emptyDir: {} },
      ]);
      assert.equal(spec.enableServiceLinks, false);
      const [beside] = spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      assert.deepEqual(beside!.namespaces, ["claude-monitoring-prod"]);
    });

    it(`of ${store} have a volume of their own, protected with the data`, async () => {
      const volume = one(await deploy("prod", { "backup.storageClass": "elsewhere" }), `${store}-backup-volume`);
      assert.equal(metadata(volume).name, `prod-${store}-backup`);
      assert.equal(volume.options.protect, true);
      const { storageClassName, resources } = volume.inputs["spec"] as {
        storageClassName: string;
        resources: { requests: { storage: string } };
      };
      assert.equal(storageClassName, "elsewhere");
      assert.equal(resources.requests.storage, store === "grafana" ? "5Gi" : "100Gi");
    });
  }
});
