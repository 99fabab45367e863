import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withPodReports } from "../../../cli/pods";
import { removeTemporaryDirectory, temporaryDirectory, waitUntil } from "../../support/processes";

describe("npm run up, while pods do not become ready", function () {
  this.timeout(120_000);
  const location = {
    target: { kind: "context", context: "work", overrides: {} },
    namespace: "monitoring",
    namePrefix: "dev",
  } as const;
  const searched = process.env["PATH"] ?? "";
  const writeError = process.stderr.write.bind(process.stderr);
  let folder: string;
  let shown: string;
  const looks = () => path.join(folder, "looks");

  beforeEach(() => {
    folder = temporaryDirectory("pods-test");
    // Each look finds one restart more.
    const kubectl = `#!/bin/sh
case "$*" in
  *" get pods "*) echo x >>"${looks()}"; sed "s/RESTARTS/$(wc -l <"${looks()}")/" "${folder}/pods.json" ;;
  *" logs "*) echo "$@" >"${folder}/logs"; echo "reading the configuration"; echo "no such file" ;;
esac
`;
    fs.writeFileSync(path.join(folder, "kubectl"), kubectl, { mode: 0o755 });
    process.env["PATH"] = [folder, searched].join(path.delimiter);
    shown = "";
    process.stderr.write = (text: string | Uint8Array) => {
      shown += String(text);
      return true;
    };
  });

  afterEach(() => {
    process.stderr.write = writeError;
    process.env["PATH"] = searched;
    removeTemporaryDirectory(folder);
  });

  function pods(status: object, kind = "ReplicaSet"): void {
    const metadata = { name: "dev-grafana-0", uid: "1", ownerReferences: [{ kind }] };
    const text = JSON.stringify({ items: [{ metadata, status }] }).replaceAll('"RESTARTS"', "RESTARTS");
    fs.writeFileSync(path.join(folder, "pods.json"), text);
  }

  const container = (waiting: object | undefined, restartCount: unknown = 0) => ({
    containerStatuses: [
      { name: "grafana", ready: false, restartCount, state: waiting === undefined ? { running: {} } : { waiting } },
    ],
  });

  /** Watches until something was shown, or nothing at six looks. @returns what was shown */
  async function watched(): Promise<string> {
    shown = "";
    fs.rmSync(looks(), { force: true });
    const enough = () => shown !== "" || (fs.existsSync(looks()) && fs.readFileSync(looks(), "utf8").length > 11);
    await withPodReports(location, () => waitUntil("there was a report", enough, 60_000), 20);
    return shown;
  }

  it("says that no node takes one", async () => {
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    pods({ conditions: [{ type: "PodScheduled", status: "False", message }] });
    assert.match(await watched(), /waiting for dev-grafana-0: 0\/1 nodes are available: 1 Insufficient memory\.\n/);
  });

  it("says that an image cannot be pulled, and that one runs and is not ready, with its log", async () => {
    pods(container({ reason: "ImagePullBackOff", message: "no such host" }));
    assert.match(await watched(), /waiting for dev-grafana-0: ImagePullBackOff: no such host\n/);
    pods(container(undefined));
    assert.match(await watched(), /it runs, but is not ready; its last lines:\n +reading [^\n]*\n +no such file\n/);
    assert.ok(!fs.readFileSync(path.join(folder, "logs"), "utf8").includes("--previous"));
  });

  it("ends with the last run's log where one crashes again and again", async () => {
    pods(container({ reason: "CrashLoopBackOff" }, "RESTARTS"));
    const work = (signal: AbortSignal) => sleep(60_000, undefined, { signal });
    await assert.rejects(
      withPodReports(location, work, 20),
      /^Error: dev-grafana-0: CrashLoopBackOff; restarted \d+ times; its last lines:\n.*\n +no such file\nIt crashes/,
    );
    assert.match(shown, /waiting for dev-grafana-0: CrashLoopBackOff; restarted 1 times/);
    assert.match(fs.readFileSync(path.join(folder, "logs"), "utf8"), /--container grafana --tail=5 --previous/);
  });

  it("says nothing of pods that are ready, of Jobs, or where it may not look", async () => {
    pods({ containerStatuses: [{ name: "grafana", ready: true, restartCount: 9, state: { running: {} } }] });
    assert.equal(await watched(), "");
    pods(container({ reason: "CrashLoopBackOff" }), "Job");
    assert.equal(await watched(), "");
    fs.writeFileSync(path.join(folder, "pods.json"), "error: forbidden");
    assert.equal(await watched(), "");
    assert.equal(await withPodReports(location, () => Promise.resolve("done")), "done");
  });
});
