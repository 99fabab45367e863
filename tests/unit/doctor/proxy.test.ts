import assert from "node:assert/strict";
import * as net from "node:net";

import { freePorts, loopback } from "../../support/loopback-ports";
import { examineChanged, examineMachine, goodSettings, troubles } from "./machine";
import { testServers } from "./servers";

describe("the doctor through a proxy", () => {
  const { servers, seen } = testServers();

  async function serve(): Promise<string> {
    return `http://${loopback}:${await servers.http(seen)}`;
  }

  const target = "otlp.test";

  /** A proxy that leads wherever it is asked to lead to the collector; gives its URL. */
  async function proxy(status: number, collector: number): Promise<string> {
    const port = await servers.tcp((socket) => {
      socket.once("data", (asked) => {
        seen.push({ path: asked.toString().split("\r\n")[0]!, headers: {}, body: asked });
        socket.write(`HTTP/1.1 ${status} said so\r\n\r\n`);
        if (status === 200) {
          const onwards = net.connect(collector, loopback);
          onwards.on("error", () => undefined);
          socket.pipe(onwards).pipe(socket);
        }
      });
    });
    return `http://me:hidden-word@${loopback}:${port}`;
  }

  it("reaches a host that this machine cannot resolve, and tells by what", async () => {
    const collector = Number(new URL(await serve()).port);
    const findings = await examineChanged(`http://${target}:4318`, { HTTP_PROXY: await proxy(200, collector) });
    assert.deepEqual(troubles(findings), []);
    assert.ok(seen.some(({ path }) => path === `CONNECT ${target}:4318 HTTP/1.1`));
    const credential = Buffer.from("me:hidden-word").toString("base64");
    assert.ok(seen.some(({ body }) => body.includes(`\r\nproxy-authorization: Basic ${credential}\r\n`)));
    const told = findings.checks.find(({ name }) => name === "proxy")!;
    assert.match(told.message, /connects to otlp\.test:4318/);
    assert.ok(!JSON.stringify(findings.checks).includes("hidden-word"));
  });

  for (const [status, expected] of [
    [407, /^failed proxy: .*credential \(407\).*HTTP_PROXY/],
    [403, /^failed proxy: .*answered 403 for otlp\.test:4318/],
  ] as const) {
    it(`names one that answers ${status}`, async () => {
      const found = troubles(await examineChanged(`http://${target}:4318`, { HTTP_PROXY: await proxy(status, 0) }));
      assert.equal(found.length, 1);
      assert.match(found[0]!, expected);
      assert.ok(!found[0]!.includes("hidden-word"));
    });
  }

  it("names one that is not there, one that is none and one that hangs", async () => {
    const [port] = await freePorts(1);
    const hanging = await servers.tcp(() => undefined);
    const server = `http://${loopback}:${await servers.http(seen, () => ({ status: 200 }))}`;
    for (const [url, expected] of [
      [`http://${loopback}:${port!}`, /ECONNREFUSED/],
      ["proxy.example.com:3128", /no URL of a proxy/],
      [`http://${loopback}:${hanging}`, /no answer within 0\.3 s/],
      [server, /ECONNRESET|socket hang up|as no proxy/],
    ] as const) {
      const found = troubles(await examineChanged(`http://${target}:4318`, { HTTP_PROXY: url }, { timeoutMs: 300 }));
      assert.match(found[0]!, /^failed proxy: /);
      assert.match(found[0]!, expected);
    }
  });

  it("tells that one is set but not used", async () => {
    const findings = await examineChanged(await serve(), { HTTP_PROXY: "http://proxy.invalid:1" });
    assert.deepEqual(troubles(findings), []);
    assert.match(findings.checks.find(({ name }) => name === "proxy")!.message, /set but not used: this very machine/);
  });
});

describe("the doctor with a headers helper", () => {
  const { servers, seen } = testServers();

  async function serve(): Promise<string> {
    return `http://${loopback}:${await servers.http(seen)}`;
  }

  async function examineWith(otelHeadersHelper: string, url: string, changes = {}): Promise<string[]> {
    const managed = { ...goodSettings(url), ...changes };
    const findings = await examineMachine({}, {}, (machine) => {
      machine.write("managed", { env: managed, otelHeadersHelper });
    });
    return troubles(findings);
  }

  it("sends what it gives", async () => {
    assert.deepEqual(await examineWith(`echo '{"Authorization":"Bearer word"}'`, await serve()), []);
    assert.ok(seen.length === 4 && seen.every(({ headers }) => headers["authorization"] === "Bearer word"));
  });

  for (const [command, expected] of [
    ["exit 3", /ended with status 3, and the client exports nothing/],
    ["/nowhere/helper", /ended with status 127/],
    ["echo secret-word", /prints no JSON object/],
    ["echo '[]'", /prints no JSON object/],
    [`echo '{"A":5,"B":"secret-word"}'`, /gives no text for A/],
    ["echo secret-word >&2; exit 1", /ended with status 1/],
  ] as const) {
    it(`names one that fails: ${command}`, async () => {
      const found = await examineWith(command, await serve());
      assert.equal(found.length, 1);
      assert.match(found[0]!, /^failed headers helper: /);
      assert.match(found[0]!, expected);
      assert.ok(!found[0]!.includes("secret-word"));
      assert.equal(seen.length, 0);
    });
  }

  it("tells that over gRPC it is ignored", async () => {
    const port = await servers.grpc(seen, () => "0");
    const found = await examineWith("exit 3", `http://${loopback}:${port}`, { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    assert.match(found[0]!, /^warning headers helper: .*over gRPC the client ignores it/);
  });

  it("runs none that a project names", async () => {
    const url = await serve();
    const findings = await examineMachine({ user: goodSettings(url) }, {}, (machine) => {
      machine.write("project", { otelHeadersHelper: `touch ${machine.folder}/ran; exit 3` });
    });
    assert.match(troubles(findings).join(), /^warning headers helper: .*a project's command is not run here$/);
  });
});
