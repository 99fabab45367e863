import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { z } from "zod";

import { previousRelease } from "./previous-release";
import { releaseFile, type StackState } from "./release-state";
import { say, TestCluster } from "./test-cluster";

const { version } = previousRelease;

const plan = z.object({
  steps: z.array(z.object({ op: z.string(), urn: z.string() })),
});

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
      const file = releaseFile(version, stack);
      const { deployment } = JSON.parse(fs.readFileSync(file, "utf8")) as StackState;
      const before = deployment.resources.filter(({ type }) => lasting.has(type));
      assert.ok(before.length >= (stack === "prod" ? 5 : 4), `${before.length} resources that last`);

      const cluster = await TestCluster.get();
      const upgraded = cluster.stack(
        stack,
        { "grafana.databaseKey": "public", verifyStorageClass: false },
        "/nonexistent/kubeconfig",
      );
      await upgraded.prepare();
      await upgraded.pulumi(["stack", "import", "--stack", stack, "--file", path.resolve(file)]);
      const { steps } = plan.parse(JSON.parse(await upgraded.pulumi(["preview", "--stack", stack, "--json"])));
      // What stays as it is is no step.
      assert.ok(steps.length > 0, "a release that changes nothing");
      const touched = before.flatMap(({ urn }) =>
        steps.filter((step) => step.urn === urn).map(({ op }) => ({ urn, op })),
      );
      say(`${stack}: ${before.length} resources last; ${touched.map(describeStep).join(", ") || "none is touched"}`);
      assert.deepEqual(touched.filter(({ op }) => op !== "same" && op !== "update").map(describeStep), []);
      await upgraded.pulumi(["stack", "rm", stack, "--force", "--yes"]);
    });
  }
});

function describeStep({ urn, op }: { urn: string; op: string }): string {
  return `${urn.split("::").at(-1) ?? ""}: ${op}`;
}
