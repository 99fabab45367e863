import assert from "node:assert/strict";

import { PulumiStack } from "../../cli/stack";
import { waitUntil } from "../support/processes";
import { say, TestCluster } from "./test-cluster";

const nothing = { created: 0, updated: 0, replaced: 0, deleted: 0 };

/** Shows that `up`, `preview` and `refresh` of a stack that is deployed change nothing. */
export async function assertUnchanged(stack: PulumiStack): Promise<void> {
  for (const operation of ["up", "preview", "refresh"] as const) {
    const { created, updated, replaced, deleted, unchanged, output } = await stack[operation]();
    // A refresh counts an object that was only looked up as updated: a look-up keeps no inputs to compare with.
    const lookedUp = /kubernetes:storage\.k8s\.io\/v1:StorageClass storage-class updated/.test(output) ? 1 : 0;
    say(`${operation}: ${unchanged} unchanged, ${created + updated + replaced + deleted - lookedUp} changed`);
    assert.deepEqual({ created, updated: updated - lookedUp, replaced, deleted }, nothing, output);
    assert.ok(unchanged > 20, output);
  }
}

/** Shows that a stack which was destroyed left nothing: no state, no namespace, no volume. */
export async function assertNothingLeft(cluster: TestCluster, stack: PulumiStack, namespace: string): Promise<void> {
  assert.deepEqual(await stack.resourceTypes(), []);
  await cluster.gone(namespace);
  const volumesAreGone = async () => (await cluster.list("persistentvolumes")).length === 0;
  await waitUntil("no volume is left", volumesAreGone, 60_000, 500);
}
