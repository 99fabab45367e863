import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import assert from "node:assert/strict";
import * as fs from "node:fs";

import { previousRelease } from "./previous-release";
import { releaseFile, type StackState } from "./release-state";
import { say, TestCluster } from "./test-cluster";

const { version } = previousRelease;

/** What must outlive an upgrade: data, what holds it, and what was generated with it. */
const lasting: ReadonlySet<string> = new Set([
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "kubernetes:apps/v1:StatefulSet",
  "random:index/randomPassword:RandomPassword",
]);

describe(`an upgrade from release ${version}, previewed against its recorded state`, function () {
  this.timeout(180_000);

  for (const stack of ["dev", "prod"]) {
    it(`of stack ${stack} neither deletes nor replaces what lasts`, async () => {
      const recorded = JSON.parse(fs.readFileSync(releaseFile(version, stack), "utf8")) as StackState;
      const before = recorded.deployment.resources.filter(({ type }) => lasting.has(type));
      assert.ok(before.length >= (stack === "prod" ? 5 : 4), `${before.length} resources that last`);

      const cluster = await TestCluster.get();
      const upgraded = cluster.stack(
        stack,
        { "grafana.databaseKey": "public", verifyStorageClass: false },
        "/nonexistent/kubeconfig",
      );
      await upgraded.prepare();
      const engine = await upgraded.automation;
      await engine.importStack({ version: recorded.version, deployment: recorded.deployment });
      const steps: StepEventMetadata[] = [];
      await engine.preview({
        onEvent: ({ resourcePreEvent }) => {
          if (resourcePreEvent !== undefined && resourcePreEvent.metadata.op !== "same") {
            steps.push(resourcePreEvent.metadata);
          }
        },
      });
      assert.ok(steps.length > 0, "a release that changes nothing");
      const touched = before.flatMap(({ urn }) =>
        steps.filter((step) => step.urn === urn).map(({ op }) => ({ urn, op })),
      );
      say(`${stack}: ${before.length} resources last; ${touched.map(describeStep).join(", ") || "none is touched"}`);
      assert.deepEqual(touched.filter(({ op }) => op !== "same" && op !== "update").map(describeStep), []);
      await engine.workspace.removeStack(stack, { force: true });
    });
  }
});

function describeStep({ urn, op }: { urn: string; op: string }): string {
  return `${urn.split("::").at(-1) ?? ""}: ${op}`;
}
