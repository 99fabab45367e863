import assert from "node:assert/strict";

import { doctorMetric } from "../../../telemetry/doctor-metric";
import { freePorts, loopback } from "../../support/loopback-ports";
import { examineChanged, troubles } from "./machine";
import { Answering, testServers } from "./servers";

describe("the doctor over HTTP", () => {
  const { servers, seen } = testServers();

  async function serve(answering?: Answering): Promise<string> {
    return `http://${loopback}:${await servers.http(seen, answering)}`;
  }

  it("finds nothing wrong with a collector that takes everything, and sends one point", async () => {
    const findings = await examineChanged(await serve(), { OTEL_EXPORTER_OTLP_HEADERS: "x-team=core" });
    assert.deepEqual(troubles(findings), []);
    assert.deepEqual(seen.map(({ path, body }) => [path, body.toString().includes(doctorMetric.name)]).sort(), [
      ["/v1/logs", false],
      ["/v1/metrics", false],
      ["/v1/metrics", true],
      ["/v1/traces", false],
    ]);
    assert.ok(
      seen.every(({ headers }) => headers["x-team"] === "core" && headers["content-type"] === "application/json"),
    );
    const names = findings.checks.map(({ name }) => name);
    for (const name of ["host", "connection", "credential", "metrics", "logs", "traces", "marked export", "clock"]) {
      assert.ok(names.includes(name), `${name} in ${names.join()}`);
    }
  });

  it("sends protobuf where the settings say so", async () => {
    await examineChanged(await serve(), { OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" });
    assert.ok(seen.every(({ headers }) => headers["content-type"] === "application/x-protobuf"));
    const marked = seen.filter(({ body }) => body.length > 0);
    assert.equal(marked.length, 1);
    assert.ok(marked[0]!.body.includes(doctorMetric.name));
    // The first field, of bytes; the pipeline tests see that a real collector reads the rest.
    assert.equal(marked[0]!.body[0], 0x0a);
  });

  it("uses a signal's own endpoint as it is", async () => {
    const url = await serve();
    await examineChanged(url, { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${url}/elsewhere` });
    assert.ok(seen.some(({ path }) => path === "/elsewhere"));
  });

  const answers: readonly (readonly [string, Answering, readonly RegExp[]])[] = [
    [
      "401",
      () => ({ status: 401, text: "who are you?" }),
      Array<RegExp>(3).fill(/^failed credential: .* 401: who are you\?/),
    ],
    ["403", () => ({ status: 403 }), Array<RegExp>(3).fill(/^failed credential: .* 403$/)],
    ["404 for traces", ofTraces(404), [/^failed traces: \/v1\/traces answered 404/]],
    [
      "503 for all",
      () => ({ status: 503 }),
      [/^failed metrics: .* 503/, /^failed logs: .* 503/, /^failed traces: .* 503/],
    ],
    ["429 for traces", ofTraces(429), [/^failed traces: .* 429/]],
    ["502 for traces", ofTraces(502), [/^failed traces: .* 502/]],
    ["500 for traces", ofTraces(500), [/^failed traces: .* 500/]],
    ["415 for traces", ofTraces(415), [/^failed traces: .* 415/]],
    ["a redirect for traces", ofTraces(302), [/^failed traces: .* 302/]],
    [
      "a web page for traces",
      ({ path }) =>
        path === "/v1/traces" ? { status: 200, text: "<p>Hello", headers: { "content-type": "text/html" } } : undefined,
      [/^failed traces: .* 200: a web page/],
    ],
    [
      "400 for what has content",
      ({ body }) => (body.includes(doctorMetric.name) ? { status: 400 } : undefined),
      [/^failed metrics: \/v1\/metrics answered 400/],
    ],
  ];
  for (const [name, answering, expected] of answers) {
    it(`names ${name}`, async () => {
      const findings = await examineChanged(await serve(answering), {});
      const found = troubles(findings);
      assert.equal(found.length, expected.length, found.join("\n"));
      found.forEach((trouble, index) => {
        assert.match(trouble, expected[index]!);
      });
      assert.ok(findings.checks.every(({ status, cure = "" }) => status !== "failed" || cure !== ""));
    });
  }

  it("only warns of what fails for a signal that is not exported", async () => {
    const off = { OTEL_TRACES_EXPORTER: "", CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "" };
    const [trouble, ...more] = troubles(await examineChanged(await serve(ofTraces(404)), off));
    assert.match(trouble!, /^warning traces: .*404.*now no traces are exported/);
    assert.deepEqual(more, []);
  });

  const clocks: readonly (readonly [number, RegExp | undefined])[] = [
    [0, undefined],
    [180, undefined],
    [-270, /^warning clock: 2(69|70|71) s ahead of the server/],
    [270, /^warning clock: 2(69|70|71) s behind the server/],
    [400, /^failed clock: (399|400|401) s behind the server/],
    [-400, /^failed clock: (399|400|401) s ahead of the server/],
  ];
  for (const [seconds, expected] of clocks) {
    it(`compares the clock with a server's that is ${seconds} s ahead`, async () => {
      const date = () => new Date(Date.now() + seconds * 1000).toUTCString();
      const url = await serve(() => ({ status: 200, headers: { date: date() } }));
      const found = troubles(await examineChanged(url, {}));
      assert.equal(found.length, expected === undefined ? 0 : 1, found.join("\n"));
      found.forEach((trouble) => {
        assert.match(trouble, expected!);
      });
    });
  }

  it("names a port that nothing listens on, once", async () => {
    const [port] = await freePorts(1);
    const found = troubles(await examineChanged(`http://${loopback}:${port!}`, {}));
    assert.deepEqual(found, [`failed connection: ${loopback}:${port!} refuses connections: nothing listens there`]);
  });

  it("names a host that there is not", async () => {
    const found = troubles(await examineChanged("http://collector.invalid", {}, { timeoutMs: 3000 }));
    assert.equal(found.length, 1);
    assert.match(found[0]!, /^failed host: .*collector\.invalid/);
  });

  it("gives a server up that never answers", async () => {
    const port = await servers.tcp(() => undefined);
    const started = Date.now();
    const found = troubles(await examineChanged(`http://${loopback}:${port}`, {}, { timeoutMs: 300 }));
    assert.ok(Date.now() - started < 2000);
    assert.equal(found.length, 3);
    assert.match(found[0]!, /^failed metrics: .*accepts the connection, then: no answer within 0\.3 s/);
  });

  it("gives a server up that trickles", async () => {
    const port = await servers.tcp((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
    });
    const found = troubles(await examineChanged(`http://${loopback}:${port}`, {}, { timeoutMs: 300 }));
    assert.match(found[0]!, /^failed metrics: .*no answer within 0\.3 s/);
  });

  it("names a server that hangs up", async () => {
    const port = await servers.tcp((socket) => {
      socket.destroy();
    });
    assert.match(
      troubles(await examineChanged(`http://${loopback}:${port}`, {}))[0]!,
      /^failed metrics: .*accepts the conn/,
    );
  });

  it("names a port for gRPC", async () => {
    const port = await servers.grpc([], () => "0");
    const found = troubles(await examineChanged(`http://${loopback}:${port}`, {}));
    assert.match(found[0]!, /^failed metrics: .*does not speak HTTP\/1\.1/);
  });

  it("names a header that cannot be sent", async () => {
    const found = troubles(
      await examineChanged(await serve(), { OTEL_EXPORTER_OTLP_HEADERS: "authorization=sécret\u{1F600}" }),
    );
    assert.match(found[0]!, /^failed headers: .*authorization/);
    assert.ok(!found[0]!.includes("cret"));
  });
});

function ofTraces(status: number): Answering {
  return ({ path }) => (path === "/v1/traces" ? { status } : undefined);
}
