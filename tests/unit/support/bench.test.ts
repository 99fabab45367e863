import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";

import { compared, joined } from "../../bench/check";
import { dropPageCache } from "../../bench/cold";
import { type DashboardQueries, measureDashboard, type PanelQuery, queryForm, type Run } from "../../bench/measure";
import { parseCpuSeconds, parseMemory, watchProcess } from "../../bench/process-usage";
import { measurementTable, median, queryTable } from "../../bench/table";
import { closeServer, listen, loopback } from "../../support/loopback-ports";
import { temporaryDirectory } from "../../support/processes";
import { day } from "../../../units";

const gibibyte = 2 ** 30;

function panel(name: string, more: Partial<PanelQuery> = {}): PanelQuery {
  return { panel: name, expr: `own_${name}`, kind: "instant", stepSeconds: 60, ...more };
}

function dashboard(...queries: PanelQuery[]): DashboardQueries {
  return { dashboard: "Costs", range: { name: "1 d", seconds: 86_400 }, queries };
}

function runOf(wallSeconds: number, errors: (string | undefined)[] = [undefined]): Run {
  return {
    wallSeconds,
    usage: { memory: { resident: 3 * gibibyte, own: wallSeconds * gibibyte }, cpuSeconds: 2 * wallSeconds },
    queries: errors.map((error, index) => ({
      panel: `p${index}`,
      seconds: wallSeconds / (index + 1),
      series: 2,
      bytes: 1500,
      ...(error === undefined ? {} : { error }),
    })),
  };
}

describe("the benchmark's check", () => {
  it("finds what differs, lacks or is too much", () => {
    const expected = new Map([
      ["same", 1e9],
      ["off", 1e9],
      ["lacking", 2],
      ["none", 0],
    ]);
    const found = new Map([
      ["same", 1e9 + 0.5],
      ["off", 1e9 + 2],
      ["extra", 3],
    ]);
    const result = compared("cost", expected, found);
    assert.deepEqual(result.differences, [
      "cost off: expected 1000000000, found 1000000002",
      "cost lacking: expected 2, found undefined",
      "cost extra: expected undefined, found 3",
    ]);
    assert.deepEqual(joined([result]), { compared: 5, differences: result.differences });
  });
});

describe("the benchmark's cold start", () => {
  it("says how cold it is", () => {
    const folder = temporaryDirectory("bench-test");
    const order = path.join(folder, "drop_caches");
    fs.writeFileSync(order, "");
    assert.equal(dropPageCache(folder, order), "disk");
    assert.equal(fs.readFileSync(order, "utf8"), "3");
    const missing = path.join(folder, "none");
    assert.match(dropPageCache(folder, missing), /^(advised|process)$/);
    assert.ok(!fs.existsSync(missing));
  });
});

describe("the benchmark's view of a process", () => {
  it("tells its own memory from the files that it has mapped, and the time that it was busy", () => {
    const status = "Name:\tprometheus\nVmRSS:\t    3072 kB\nRssAnon:\t    1024 kB\n";
    assert.deepEqual(parseMemory(status), { resident: 3 * 2 ** 20, own: 2 ** 20 });
    assert.throws(() => parseMemory("Name:\tzombie\n"), /found no VmRSS/);
    assert.equal(parseCpuSeconds("7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 250 50 0 0"), 3);
  });

  it("keeps what was seen, also when the process has ended", function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    const { memory, cpuSeconds } = watchProcess(process.pid)();
    assert.ok(memory.own > 0 && memory.resident >= memory.own && cpuSeconds >= 0);
    assert.deepEqual(watchProcess(2 ** 30)(), { memory: { resident: 0, own: 0 }, cpuSeconds: 0 });
  });
});

describe("the benchmark's measurement", () => {
  const requests: { path: string; form: Record<string, string> }[] = [];
  let waiting: http.ServerResponse[] = [];
  let atOnce = 1;
  let mostAtOnce = 0;
  let url: string;

  /** Answers when as many requests are there as are expected at once. */
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      if (form["query"] === "own_broken") {
        request.socket.destroy();
        return;
      }
      requests.push({ path: request.url ?? "", form });
      waiting.push(response);
      mostAtOnce = Math.max(mostAtOnce, waiting.length);
      if (waiting.length === atOnce) {
        waiting.forEach((one) => one.end(bodyFor(form["query"] ?? "")));
        waiting = [];
      }
    });
  });

  function bodyFor(query: string): string {
    const bodies: Record<string, string> = {
      own_many: '{"status":"error","error":"too many samples"}',
      own_odd: "not JSON",
    };
    return bodies[query] ?? '{"data":{"result":[{},{}]}}';
  }

  before(async () => {
    url = `http://${loopback}:${await listen(server, loopback, 0)}`;
  });

  beforeEach(() => {
    requests.length = 0;
    atOnce = 1;
    mostAtOnce = 0;
  });

  after(async () => {
    server.closeAllConnections();
    await closeServer(server);
  });

  it("asks everything at once, and again", async () => {
    atOnce = 8;
    const queries = Array.from({ length: 8 }, (_, index) => panel(String(index)));
    const { variants } = await measureDashboard({ url, end: 1000 }, dashboard(...queries), { warmRuns: 2 });
    assert.equal(mostAtOnce, 8);
    assert.equal(requests.length, 16);
    assert.deepEqual(Object.keys(variants), ["stack"]);
    assert.equal(variants.stack?.cold, undefined);
    assert.equal(variants.stack?.warm.length, 2);
    const [run] = variants.stack.warm;
    assert.deepEqual(
      run!.queries.map(({ panel: name, series }) => [name, series]),
      queries.map(({ panel: name }) => [name, 2]),
    );
    assert.ok(run!.queries.every(({ seconds }) => seconds > 0 && seconds <= run!.wallSeconds));
    assert.equal(run!.usage, undefined);
  });

  it("asks no more at once than it is told", async () => {
    const queries = Array.from({ length: 4 }, (_, index) => panel(String(index)));
    await measureDashboard({ url, end: 1000 }, dashboard(...queries), { warmRuns: 1, concurrency: 1 });
    assert.equal(mostAtOnce, 1);
    assert.equal(requests.length, 4);
  });

  it("asks the same number of questions in each variant, each from a cold start", async () => {
    const queries = [panel("a", { rawVariant: "raw_a" }), panel("b")];
    let starts = 0;
    const makeCold = () => {
      starts += 1;
      return Promise.resolve("process" as const);
    };
    const { variants } = await measureDashboard({ url, end: 1000, pid: process.pid }, dashboard(...queries), {
      makeCold,
      warmRuns: 0,
    });
    assert.deepEqual(requests.map(({ form }) => form["query"]).sort(), ["own_a", "own_b", "own_b", "raw_a"]);
    assert.equal(starts, 2);
    assert.deepEqual(Object.keys(variants), ["stack", "raw"]);
    assert.equal(variants.raw?.cold?.coldness, "process");
    assert.ok((variants.raw.cold.usage?.memory.own ?? 0) > 0);
  });

  it("says why a query has no answer", async () => {
    const failing = dashboard(panel("many"), panel("odd"), panel("broken"));
    const { variants } = await measureDashboard({ url, end: 1000 }, failing, { warmRuns: 1, concurrency: 1 });
    const errors = variants.stack!.warm[0]!.queries.map(({ error }) => error);
    assert.deepEqual(errors.slice(0, 2), ["too many samples", "not JSON"]);
    assert.ok(errors[2] !== undefined && errors[2] !== "fetch failed", errors[2]);
  });

  it("moves a range onto multiples of its step, as Grafana does", () => {
    assert.deepEqual(queryForm(panel("a", { kind: "range" }), "e", 1000, 600), {
      path: "/api/v1/query_range",
      form: { query: "e", start: "360", end: "960", step: "60" },
    });
    assert.deepEqual(queryForm(panel("a"), "e", 1000, 600), {
      path: "/api/v1/query",
      form: { query: "e", time: "1000" },
    });
  });
});

describe("the benchmark's table", () => {
  const cold = { ...runOf(2), coldness: "disk" as const };

  it("shows the variants side by side", () => {
    const measurement = {
      dashboard: "Costs",
      range: { name: "90 d", seconds: 90 * day },
      variants: {
        stack: { cold, warm: [runOf(0.5), runOf(0.25), runOf(0.75)] },
        raw: { warm: [runOf(12, ["too many samples", undefined])] },
      },
    };
    const other = {
      dashboard: "Teams",
      range: { name: "1 d", seconds: 86_400 },
      variants: { stack: { cold, warm: [] } },
    };
    assert.deepEqual(measurementTable([measurement, other]).split("\n"), [
      "| Dashboard | Range | Queries | this stack, cold | warm | CPU | memory | raw series, cold | warm | CPU | memory |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
      "| Costs | 90 d | 1 | 2.00 s | 0.50 s | 1.00 s | 2.0 GiB | – | 1 failed after 12 s | 24 s | 12.0 GiB |",
      "| Teams | 1 d | 1 | 2.00 s | – | – | 2.0 GiB | – | – | – | – |",
    ]);
    assert.equal(
      median<number>([], (each) => each),
      undefined,
    );
  });

  it("lists a dashboard's queries, slowest first, and why they failed", () => {
    const measurement = { ...dashboard(), variants: { stack: { warm: [runOf(4, [undefined, "a | b"])] } } };
    assert.deepEqual(queryTable(measurement, "stack").split("\n").slice(2), [
      "| p0 | 4.00 s | 2 | 2 KiB |  |",
      "| p1 | 2.00 s | 2 | 2 KiB | a \\| b |",
    ]);
    assert.equal(queryTable(measurement, "raw").split("\n").length, 2);
  });
});
