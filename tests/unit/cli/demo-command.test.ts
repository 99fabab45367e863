import type { Command } from "commander";
import assert from "node:assert/strict";
import * as http from "node:http";
import { AddressInfo } from "node:net";

import { demo } from "../../../synthetic/demo";
import { DemoExport } from "../../../synthetic/exports";
import { total } from "../../../synthetic/ledger";
import { register } from "../../../cli/commands/demo";
import { checkStack, daysLetIn, type DemoOptions } from "../../../cli/demo/options";
import { removeDemo } from "../../../cli/demo/remove";
import { PrometheusAccess, PrometheusApi } from "../../../cli/prometheus-api";
import { closing, removalClosing } from "../../../cli/demo/report";
import { sendAll } from "../../../cli/demo/send";
import { stackConfig } from "../../../cli/stack-file";
import { productionValues } from "../../support/production-values";
import { hour } from "../../../units";
import { type } from "./command-line";

const defaults: DemoOptions = { stack: "dev", seed: 1 };
const now = Date.UTC(2026, 10, 24, 14, 7, 3, 210);

describe("sending the demo", () => {
  let server: http.Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const one: DemoExport = { signal: "metrics", version: "1.2.3", resource: {}, temporality: "delta", points: [] };
  const never = new AbortController().signal;

  /** Answers each request with what `answer` says of it, and 200 for undefined. */
  async function serve(answer: (count: number) => Promise<number | undefined> | number | undefined): Promise<string> {
    let requests = 0;
    server = http.createServer((request, response) => {
      const count = requests++;
      request.resume().once("end", () => {
        void Promise.resolve(answer(count)).then((status) => {
          response.writeHead(status ?? 200, { location: "/login" }).end(status === undefined ? "{}" : "no, thank you");
        });
      });
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("sends everything, at most 16 at a time, the exports of one process one after the other", async () => {
    let [underWay, most, wanted] = [0, 0, 16];
    const url = await serve(async () => {
      most = Math.max(most, ++underWay);
      // Nobody is answered before so many wait, and then not at once: there could be one too many.
      for (let waited = 0; waited < 15_000 && most < wanted; waited += 5) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay--;
      return undefined;
    });
    const many = Array.from({ length: 40 }, () => [one, one]);
    const counts: number[] = [];
    assert.equal(await sendAll(many, { url, signal: never, onSent: (sent) => counts.push(sent) }), 80);
    assert.deepEqual(
      counts,
      Array.from({ length: 80 }, (_, index) => index + 1),
    );
    assert.equal(most, 16);
    [most, wanted] = [0, 1];
    await sendAll([[one, one, one]], { url, signal: never });
    assert.equal(most, 1);
  });

  it("tries again after 503, and says so if that does not pass", async () => {
    const patient = await serve((count) => (count < 2 ? 503 : undefined));
    assert.equal(await sendAll([[one]], { url: patient, signal: never }), 1);
    server?.close();
    const url = await serve(() => 503);
    await assert.rejects(sendAll([[one]], { url, signal: never, retryForMs: 1000 }), {
      message: `${url}/v1/metrics answered 503 for 1 s: no, thank you`,
    });
  });

  for (const status of [302, 400, 404, 500]) {
    it(`stops at ${status}, naming URL and answer`, async () => {
      const url = await serve((count) => (count === 3 ? status : undefined));
      const message = `${url}/v1/metrics answered ${status}: no, thank you`;
      const many = Array.from({ length: 100 }, () => [one, one, one]);
      let sent = 0;
      await assert.rejects(sendAll(many, { url, signal: never, onSent: (count) => (sent = count) }), { message });
      assert.ok(sent < 100, `${sent} were sent all the same`);
    });
  }

  it("stops if nobody listens, naming URL and reason", async () => {
    const url = await serve(() => undefined);
    server?.close();
    await assert.rejects(sendAll([[one]], { url, signal: never }), /\/v1\/metrics gave no answer: .*ECONNREFUSED/);
  });

  it("stops when it is told to, and says how many were sent", async () => {
    const stop = new AbortController();
    const url = await serve(() => undefined);
    const many = Array.from({ length: 100 }, () => [one, one, one]);
    const onSent = (count: number): void => {
      if (count === 30) {
        stop.abort();
      }
    };
    const sent = await sendAll(many, { url, signal: stop.signal, onSent });
    assert.ok(sent >= 30 && sent <= 46, `${sent} were sent`);
  });
});

describe("removing the demo", () => {
  /** A Prometheus with so many series, of which a deletion leaves some. */
  function prometheus(adminApi: string, before: number, after: number): PrometheusAccess & { posted: string[] } {
    const posted: string[] = [];
    const vector = (value: number): object => ({
      data: { resultType: "vector", result: value === 0 ? [] : [{ metric: {}, value: [0, String(value)] }] },
    });
    return {
      posted,
      get: (path) =>
        Promise.resolve(
          path.endsWith("/flags")
            ? { data: { "web.enable-admin-api": adminApi, "storage.tsdb.min-block-duration": "2h" } }
            : path.includes("head_min_time")
              ? vector(10_000)
              : vector(posted.length === 0 ? before : after),
        ),
      post: (path) => Promise.resolve(void posted.push(path)),
    };
  }

  it("deletes what is marked, counts before and after, and cleans up", async () => {
    const access = prometheus("true", 7000, 0);
    assert.deepEqual(await removeDemo(new PrometheusApi(access), "200h"), {
      before: 7000,
      after: 0,
      restFrom: undefined,
    });
    assert.deepEqual(access.posted.map(decodeURIComponent), [
      '/api/v1/admin/tsdb/delete_series?match[]={claude_monitoring_demo="true"}',
      "/api/v1/admin/tsdb/clean_tombstones",
    ]);
    assert.equal(
      removalClosing({ before: 7000, after: 0, restFrom: undefined }),
      "7,000 series were marked as the demo's before, 0 are now.",
    );
  });

  it("says when Prometheus can delete what is left", async () => {
    // The oldest sample in memory, and one and a half blocks of two hours.
    assert.equal((await removeDemo(new PrometheusApi(prometheus("true", 5, 3)), "200h")).restFrom, 10_000 + 1.5 * 7200);
    assert.match(
      removalClosing({ before: 5, after: 3, restFrom: 10_000 }),
      /3 are now\.[^]*from \d\d:\d\d, and npm run demo/,
    );
    assert.match(removalClosing({ before: 5, after: 3, restFrom: undefined }), /within three hours/);
  });

  it("names the configuration key if the admin API is off, and deletes nothing", async () => {
    const access = prometheus("false", 5, 5);
    await assert.rejects(
      removeDemo(new PrometheusApi(access), "200h"),
      /admin API is off.*"prometheus.adminApi" to be true/,
    );
    assert.deepEqual(access.posted, []);
  });
});

describe("npm run demo", () => {
  it("takes its defaults and options", async () => {
    const seen: DemoOptions[] = [];
    const command = (monitor: Command) => {
      register(monitor, (options) => Promise.resolve(seen.push(options)).then(() => 0));
    };
    await type(command, "demo");
    await type(command, "demo", "--url", "http://localhost:30318/", "--seed", "7", "--days", "3");
    await type(command, "demo", "--remove", "--yes", "--stack=prod");
    assert.deepEqual(seen, [
      defaults,
      { ...defaults, url: "http://localhost:30318", seed: 7, days: 3 },
      { ...defaults, stack: "prod", remove: true, yes: true },
    ]);
    assert.match(await type(command, "demo", "--help"), /^Usage: npm run /);
  });

  for (const [args, message] of [
    [["--stack", "test"], /^--stack: found "test"; expected one of dev, prod$/],
    [["--url", "localhost:30318"], /^--url: found "localhost:30318"; expected a URL such as/],
    [["--url", "somewhere"], /^--url: found "somewhere"; expected a URL such as/],
    [["--url", "http://localhost:1?a=b"], /^--url: found "http:\/\/localhost:1\?a=b"/],
    [["--seed", "-1"], /--seed/],
    [["--seed", "4294967296"], /^--seed: found "4294967296"; expected a whole number from 0 to 4294967295$/],
    [["--seed", "1.5"], /^--seed: found "1\.5"/],
    [["--days", "0"], /^--days: found "0"; expected a whole number from 1 to 14$/],
    [["--days", "15"], /^--days: found "15"/],
    [["--remove", "--url", "http://localhost:1"], /^--url: found together with --remove/],
    [["--force"], /unknown option '--force'/],
  ] as const) {
    it(`refuses ${args.join(" ")}`, async () => {
      await assert.rejects(type(register, "demo", ...args), { message });
    });
  }

  it("refuses a production stack unless it is meant, and stacks that cannot take a day-old point", () => {
    const options = defaults;
    const dev = stackConfig("dev", {});
    checkStack(dev, options);
    assert.throws(
      () => {
        checkStack(stackConfig("prod", productionValues), { ...options, stack: "prod" });
      },
      { message: /^stack prod: found environment "production"; expected "development", or --yes, as this sends/ },
    );
    assert.throws(() => {
      checkStack(stackConfig("prod", productionValues), { ...options, stack: "prod", remove: true });
    }, /deletes data of it/);
    checkStack(stackConfig("prod", productionValues), { ...options, stack: "prod", yes: true });
    const narrow = { ...dev, prometheus: { ...dev.prometheus, outOfOrderWindow: 12 * hour } };
    assert.throws(() => {
      checkStack(narrow, options);
    }, /found prometheus.outOfOrderWindow of 12h; expected at least 25h/);
    assert.throws(() => {
      checkStack(stackConfig("prod", productionValues), { ...options, stack: "prod", yes: true, days: 2 });
    }, /outOfOrderWindow of 30h; expected at least 49h, or Prometheus refuses what is 2 days old/);
    assert.deepEqual([dev, stackConfig("prod", productionValues)].map(daysLetIn), [14, 1]);
    checkStack(narrow, { ...options, remove: true });
    assert.throws(() => {
      checkStack({ ...dev, collection: "none" }, options);
    }, /found collection "none"/);
  });

  it("ends with what was sent and where to look", () => {
    const day = demo({ seed: 1, now, days: 1 });
    const text = closing(day, 1, { url: "http://collector", dashboardUrl: "http://grafana/d/overview" });
    const sum = total(day.ledger);
    const tokens = ["input", "output", "cacheRead", "cacheCreation"].reduce(
      (all, type) => all + sum[`tokens|${type}`]!,
      0,
    );
    assert.ok(text.includes(`cost      $${(sum["cost"]! / 1e9).toFixed(2)}`));
    assert.ok(text.includes(`tokens    ${tokens.toLocaleString("en-US")}`));
    assert.ok(text.includes(`sessions  ${sum["sessions"]}`));
    assert.ok(text.includes("users     40"));
    assert.ok(text.includes("http://grafana/d/overview?from=now-24h&to=now"));
    assert.equal(text.split("\n").filter((line) => line.startsWith("  demo-")).length, 7);
    assert.match(
      closing(day, 1, { url: "http://collector" }),
      /Look at: {3}its stack's Grafana, over the last 24 hours/,
    );
  });
});
