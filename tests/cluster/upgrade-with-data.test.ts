import assert from "node:assert/strict";

import { ports } from "../../components/kubernetes/ports";
import type { Overrides } from "../../cli/overrides";
import { metrics } from "../../telemetry/client-metrics";
import { assertSameAmounts, sameAmount } from "../support/compare";
import { type LedgerEntry, runLoad, totalsOf } from "../support/clients/load-generator";
import { waitUntil } from "../support/processes";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { auditSessions } from "../support/prometheus/session-audit";
import { teamAuthorizations } from "../support/collectors/team-credentials";
import { readTotals } from "../support/prometheus/totals";
import { openDoor } from "./door";
import { previousRelease } from "./previous-release";
import { releaseProgram } from "./release-program";
import { assertNothingLeft } from "./stack-assertions";
import { say, TestCluster } from "./test-cluster";

const namespace = "claude-monitoring-prod";
const doorPort = 31318;
/** What must outlive an upgrade: data, and what holds it. */
const lasting = ["persistentvolumeclaims", "statefulsets", "services"] as const;

interface Identified {
  readonly metadata: { readonly name: string; readonly uid: string };
}

describe(`stack prod upgraded from release ${previousRelease.version}, with what it holds`, function () {
  this.timeout(300_000);

  let cluster: TestCluster;
  let grafana: { url: string; stop: () => Promise<void> } | undefined;
  let reader: PrometheusReader;
  let url: string;
  let old: string;
  let password: unknown;
  let kept: Map<string, string>;
  const sent: LedgerEntry[] = [];

  before(async function () {
    cluster = await TestCluster.get();
    const program = await releaseProgram(previousRelease, cluster.directory);
    if (program === undefined) {
      say(`NOT SHOWN: this clone has no release ${previousRelease.version} (git fetch --unshallow --tags)`);
      this.skip();
    }
    old = program;
    grafana = await cluster.forward(namespace, "prod-grafana", ports.grafana);
    reader = new PrometheusReader(cluster.proxyUrl(namespace, "services", "prod-prometheus", ports.prometheus));
  });

  after(() => grafana?.stop());

  async function stack(program?: string, more: Overrides = {}) {
    const url = grafana?.url ?? "";
    // The release had other keys, and no other database key.
    const own: Overrides =
      program === undefined ? { "grafana.apiUrl": url, "grafana.databaseKey": "public" } : { grafanaApiUrl: url };
    const overrides = { ...own, ...more };
    const result = cluster.stack("prod", overrides, undefined, program);
    await result.prepare();
    return result;
  }

  /** Sends for ten seconds, and waits until as much as was sent is stored. */
  async function send(team: string, authorization?: string): Promise<void> {
    const access = authorization === undefined ? {} : { access: { authorization: () => authorization } };
    const ledger = await runLoad({ url, team, exports: 200, perSecond: 20, ...access });
    sent.push(...ledger.entries);
    const usd = totalsOf(sent)["cost"] ?? 0;
    const isStored = async () => sameAmount(usd, await reader.totalOf(metrics.cost.prometheus, { window: "1h" }));
    await waitUntil("what was sent is stored", isStored, 60_000, 1000);
  }

  /** Everything that was sent: in total, by kind of amount, and each session by itself. */
  async function assertStored(): Promise<void> {
    assert.deepEqual(sent.filter(({ outcome }) => outcome !== "accepted").length, 0, "exports that were not accepted");
    assertSameAmounts(totalsOf(sent), await readTotals(reader, { window: "1h" }), "Prometheus");
    assert.deepEqual(await auditSessions(reader, sent, { window: "1h" }), []);
  }

  /** Identities of what lasts, by kind and name. */
  async function identities(): Promise<Map<string, string>> {
    const kinds = await Promise.all(
      lasting.map(async (kind) =>
        (await cluster.list<Identified>(kind, namespace)).map(
          ({ metadata }) => [`${kind}/${metadata.name}`, metadata.uid] as const,
        ),
      ),
    );
    return new Map(kinds.flat());
  }

  it("the release holds what is sent to it", async () => {
    const released = await stack(old);
    const { created } = await released.up();
    await cluster.rolledOut(namespace, "statefulset/prod-otel-collector");
    password = (await released.outputs(true))["grafanaAdminPassword"];
    url = await openDoor(cluster, { namespace, namePrefix: "prod" }, doorPort);
    await send("before");
    await assertStored();
    kept = await identities();
    say(`release ${previousRelease.version}: ${created} created; ${kept.size} objects must last`);
    assert.ok(kept.has("persistentvolumeclaims/prod-prometheus"));
  });

  it("the upgrade replaces nothing that lasts, and every number stays", async () => {
    const upgraded = await stack();
    const { created, updated, replaced, deleted } = await upgraded.up();
    await cluster.rolledOut(namespace, "statefulset/prod-otel-collector");
    say(`upgrade: ${created} created, ${updated} updated, ${replaced} replaced, ${deleted} deleted`);
    const now = await identities();
    assert.deepEqual(
      [...kept].filter(([name, uid]) => now.get(name) !== uid),
      [],
    );
    assert.equal((await upgraded.outputs(true))["grafanaAdminPassword"], password);
    await assertStored();
  });

  it("what is sent afterwards, with the credentials that are new, adds to it", async () => {
    const [authorization] = (await teamAuthorizations(await stack())).values();
    await send("after", authorization);
    await assertStored();
    say(`${totalsOf(sent)["cost"]} USD sent before and after, all stored`);
  });

  it("is gone with the stack", async () => {
    const released = await stack(undefined, { protectVolumes: false });
    await released.up();
    await released.destroy();
    await assertNothingLeft(cluster, released, namespace);
  });
});
