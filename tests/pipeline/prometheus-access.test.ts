import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { metricsRequest } from "../../synthetic/otlp/request";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { removeTemporaryDirectory, temporaryDirectory, waitUntil } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus/prometheus-process";

/** What changes Prometheus, or ends it, and the answer with which it refuses. */
const refused: readonly (readonly [string, string, RegExp])[] = [
  ["POST", "/-/quit", /^403 Lifecycle API is not enabled/],
  ["PUT", "/-/quit", /^403 Lifecycle API is not enabled/],
  ["POST", "/-/reload", /^403 Lifecycle API is not enabled/],
  ["PUT", "/-/reload", /^403 Lifecycle API is not enabled/],
  ["POST", "/api/v1/admin/tsdb/delete_series?match[]=up", /^500 .*admin APIs disabled/],
  ["PUT", "/api/v1/admin/tsdb/delete_series?match[]=up", /^500 .*admin APIs disabled/],
  ["POST", "/api/v1/admin/tsdb/clean_tombstones", /^500 .*admin APIs disabled/],
  ["POST", "/api/v1/admin/tsdb/snapshot", /^500 .*admin APIs disabled/],
];

/** The only type that Grafana's plugin posts with, whatever it was asked with. */
const form = "application/x-www-form-urlencoded";

/** One amount, as an export in OTLP's JSON form. */
function exportOf(metric: string): string {
  const point = { attributes: {}, startMs: Date.now() - 1000, timeMs: Date.now(), value: 1 };
  return JSON.stringify(metricsRequest({ scope: { name: "test" } }, [{ name: metric, points: [point] }]));
}

describe("Prometheus with the stack's flags, asked what Grafana can be made to ask", function () {
  this.timeout(60_000);
  let directory: string;
  let prometheus: PrometheusProcess;

  before(async () => {
    directory = temporaryDirectory("claude-monitoring-prometheus-access");
    prometheus = await started("as-deployed");
  });

  after(async () => {
    await prometheus.stop();
    removeTemporaryDirectory(directory);
  });

  async function started(name: string, extraFlags: readonly string[] = []): Promise<PrometheusProcess> {
    const { prometheus: binary } = await pipelineBinaries();
    const own = path.join(directory, name);
    fs.mkdirSync(own);
    const process = await PrometheusProcess.prepare(binary, own, { outOfOrderTimeWindow: "30h", extraFlags });
    await process.start();
    return process;
  }

  /** Status and text of the answer. */
  async function send(to: PrometheusProcess, method: string, target: string, type = form, body = ""): Promise<string> {
    const response = await fetch(to.reader.url + target, { method, headers: { "Content-Type": type }, body });
    return `${response.status} ${await response.text()}`;
  }

  for (const [method, target, answer] of refused) {
    it(`refuses ${method} ${target}`, async () => {
      assert.match(await send(prometheus, method, target), answer);
    });
  }

  it("takes no remote write that comes by way of Grafana, nor one of version 1", async () => {
    // Of no length, by its compression.
    const nothing = "\0";
    for (const type of [form, "application/x-protobuf", ""]) {
      assert.match(await send(prometheus, "POST", "/api/v1/write", type, nothing), /^415 /, type);
    }
    const version2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    assert.match(await send(prometheus, "POST", "/api/v1/write", version2, nothing), /^204/);
  });

  it("takes no export that comes by way of Grafana, and takes the same from the collector", async () => {
    const otlp = "/api/v1/otlp/v1/metrics";
    const byGrafana = await send(prometheus, "POST", otlp, form, exportOf("by_grafana"));
    assert.match(byGrafana, /^400 unsupported content type/);
    assert.match(await send(prometheus, "POST", otlp, "application/json", exportOf("by_collector")), /^200/);
    const stored = await prometheus.reader.query('{__name__=~"by_(grafana|collector).*"}');
    assert.deepEqual(
      stored.map(({ labels }) => labels["__name__"]),
      ["by_collector_total"],
    );
  });

  it("would do what it is asked, with the flags that production refuses", async () => {
    const open = await started("open", ["--web.enable-admin-api", "--web.enable-lifecycle"]);
    assert.match(await send(open, "POST", "/api/v1/admin/tsdb/delete_series?match[]=up"), /^204/);
    assert.match(await send(open, "POST", "/-/reload"), /^200/);
    assert.match(await send(open, "POST", "/-/quit"), /^200/);
    const gone = (): Promise<boolean> =>
      fetch(`${open.reader.url}/-/ready`).then(
        () => false,
        () => true,
      );
    await waitUntil("Prometheus has ended", gone, 20_000);
  });
});
