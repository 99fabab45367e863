import assert from "node:assert/strict";

import { dayMs } from "../../../units";
import { freePorts, loopback } from "../../support/loopback-ports";
import { removeTemporaryDirectory, temporaryDirectory } from "../../support/processes";
import { examineChanged, troubles } from "./machine";
import { Authority, Issued } from "../../support/collectors/authority";
import { testServers } from "./servers";

const grpcProtocol = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };

describe("the doctor over TLS", function () {
  this.timeout(20_000);
  const { servers, seen } = testServers();
  let folder: string;
  let authority: Authority;
  let good: Issued;
  let trusted: Record<string, string>;

  before(() => {
    folder = temporaryDirectory("doctor-tls");
    authority = new Authority(folder);
    good = authority.issue("good", `IP:${loopback},DNS:localhost`);
    authority.issue("client", "DNS:client");
    trusted = { NODE_EXTRA_CA_CERTS: authority.file };
  });

  after(() => {
    removeTemporaryDirectory(folder);
  });

  /** Client certificate and key by the names of their variables. */
  function clientFiles(certificate: string, key: string): Record<string, string> {
    return { [certificate]: authority.path("client.crt"), [key]: authority.path("client.key") };
  }

  it("is content with a certificate of an authority that is trusted", async () => {
    const port = await servers.http(seen, undefined, good);
    const findings = await examineChanged(`https://${loopback}:${port}`, trusted);
    assert.deepEqual(troubles(findings), []);
    const until = new Date(Date.now() + 100 * dayMs).toISOString().slice(0, 10);
    const told = findings.checks.find(({ name }) => name === "certificate")!.message;
    assert.equal(told, `of ${loopback}, issued by Test authority, valid until ${until}`);
    assert.equal(seen.length, 4);
  });

  const refused: readonly (readonly [string, (ca: Authority) => { cert: string; key: string }, RegExp])[] = [
    ["self-signed", (ca) => ca.selfSigned("self"), /is self-signed/],
    ["expired", (ca) => ca.issue("old", `IP:${loopback}`, [-30, -10]), /ended: its own is valid until 20/],
    ["not yet valid", (ca) => ca.issue("new", `IP:${loopback}`, [2, 10]), /begins only on 20/],
    ["of another name", (ca) => ca.issue("other", "DNS:other.example.com"), /not for 127\.0\.0\.1 but for DNS:other/],
  ];
  for (const [name, issue, expected] of refused) {
    it(`refuses one that is ${name}, and sends nothing`, async () => {
      const port = await servers.http(seen, undefined, issue(authority));
      const found = troubles(await examineChanged(`https://${loopback}:${port}`, trusted));
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0]!, /^failed certificate: /);
      assert.match(found[0]!, expected);
      assert.equal(seen.length, 0);
    });
  }

  it("refuses one of an unknown authority", async () => {
    const port = await servers.http(seen, undefined, good);
    const found = troubles(await examineChanged(`https://${loopback}:${port}`, {}));
    assert.equal(found.length, 1);
    assert.match(found[0]!, /^failed certificate: .*issued by Test authority, which this machine does not trust/);
    assert.equal(seen.length, 0);
  });

  it("warns of one that ends soon", async () => {
    const port = await servers.http(seen, undefined, authority.issue("soon", `IP:${loopback}`, [-1, 5.5]));
    const found = troubles(await examineChanged(`https://${loopback}:${port}`, trusted));
    assert.equal(found.length, 1);
    assert.match(found[0]!, /^warning certificate: .*5 days are left/);
  });

  it("names a port without TLS, and one that hangs", async () => {
    const plain = await servers.http(seen);
    assert.match(
      troubles(await examineChanged(`https://${loopback}:${plain}`, {}))[0]!,
      /^failed certificate: .*speaks no TLS/,
    );
    const hanging = await servers.tcp(() => undefined);
    const found = troubles(await examineChanged(`https://${loopback}:${hanging}`, {}, { timeoutMs: 300 }));
    assert.match(found[0]!, /^failed certificate: .*no TLS handshake within 0\.3 s/);
  });

  it("shows the client's certificate over HTTP, and names its lack", async () => {
    const options = { ...good, ca: [authority.certificate], requestCert: true, rejectUnauthorized: true };
    const port = await servers.http(seen, undefined, options);
    const url = `https://${loopback}:${port}`;
    const lacking = troubles(await examineChanged(url, trusted));
    assert.match(lacking[0]!, /^failed credential: .*wants another client certificate/);
    const own = clientFiles("CLAUDE_CODE_CLIENT_CERT", "CLAUDE_CODE_CLIENT_KEY");
    assert.deepEqual(troubles(await examineChanged(url, { ...trusted, ...own })), []);
    // Only the exporters over gRPC look at these.
    const otlp = clientFiles("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY");
    const ignored = troubles(await examineChanged(url, { ...trusted, ...otlp }));
    assert.match(
      ignored[0]!,
      /^warning certificate files: over HTTP the client ignores OTEL_EXPORTER_OTLP_CLIENT_CERT/,
    );
    assert.match(ignored[1]!, /^failed credential: /);
  });

  it("names files of certificates that are not there or are none", async () => {
    const port = await servers.http(seen, undefined, good);
    const url = `https://${loopback}:${port}`;
    const missing = troubles(await examineChanged(url, { NODE_EXTRA_CA_CERTS: "nowhere.crt" }));
    assert.match(missing[0]!, /^failed certificate files: NODE_EXTRA_CA_CERTS: ENOENT: nowhere\.crt/);
    const swapped = {
      CLAUDE_CODE_CLIENT_CERT: authority.path("client.key"),
      CLAUDE_CODE_CLIENT_KEY: authority.path("client.crt"),
    };
    assert.match(troubles(await examineChanged(url, { ...trusted, ...swapped }))[0]!, /^failed certificate files: /);
  });

  describe("over gRPC", () => {
    const clockOnly = /^warning clock: was not compared/;

    /** Names that clients asked for in their handshakes. */
    const names = new Set<string>();

    async function secured(options = {}): Promise<string> {
      names.clear();
      const SNICallback = (name: string, answer: (error: Error | null) => void): void => {
        names.add(name);
        answer(null);
      };
      const port = await servers.grpc(seen, () => "0", { ...good, SNICallback, ...options });
      return `https://localhost:${port}`;
    }

    it("trusts the authority of OTEL_EXPORTER_OTLP_CERTIFICATE, and shows the client's certificate", async () => {
      const url = await secured({ ca: [authority.certificate], requestCert: true, rejectUnauthorized: true });
      const files = clientFiles("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY");
      const all = { ...grpcProtocol, OTEL_EXPORTER_OTLP_CERTIFICATE: authority.file };
      const found = troubles(await examineChanged(url, { ...all, ...files }));
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0]!, clockOnly);
      assert.equal(seen.length, 4);
      assert.deepEqual([...names], ["localhost"]);
      assert.match(troubles(await examineChanged(url, all))[0]!, /^failed /);
    });

    it("refuses an unknown authority", async () => {
      const found = troubles(await examineChanged(await secured(), grpcProtocol));
      assert.match(found.join(), /^failed certificate: .*does not trust/);
      assert.equal(seen.length, 0);
    });
  });
});

describe("the doctor over gRPC", () => {
  const { servers, seen } = testServers();

  async function examineGrpc(status: (service: string) => string, changes = {}): Promise<string[]> {
    const url = `http://${loopback}:${await servers.grpc(seen, status)}`;
    return troubles(await examineChanged(url, { ...grpcProtocol, ...changes }, { timeoutMs: 1000 }));
  }

  it("calls every service with an empty message, then metrics with a marked one", async () => {
    const found = await examineGrpc(() => "0", { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20word" });
    assert.deepEqual(found, [
      "warning clock: was not compared: no answer carries the time (over gRPC collectors send none)",
    ]);
    const calls = seen.map(
      ({ path, body }) => `${path.replace("/opentelemetry.proto.collector.", "")} ${body.length > 5}`,
    );
    assert.deepEqual(calls.sort(), [
      "logs.v1.LogsService/Export false",
      "metrics.v1.MetricsService/Export false",
      "metrics.v1.MetricsService/Export true",
      "trace.v1.TraceService/Export false",
    ]);
    const marked = seen.find(({ body }) => body.length > 5)!.body;
    assert.deepEqual([marked[0], marked.readUInt32BE(1)], [0, marked.length - 5]);
    assert.ok(seen.every(({ headers }) => headers["authorization"] === "Bearer word" && headers["te"] === "trailers"));
  });

  it("names UNIMPLEMENTED", async () => {
    const found = await examineGrpc((service) => (service.includes("Trace") ? "12" : "0"));
    assert.match(found[0]!, /^failed traces: .*TraceService answered UNIMPLEMENTED: said so/);
  });

  for (const [status, name] of [
    ["16", "UNAUTHENTICATED"],
    ["7", "PERMISSION_DENIED"],
  ] as const) {
    it(`names ${name}`, async () => {
      const found = await examineGrpc(() => status);
      assert.equal(found.length, 3);
      assert.match(found[0]!, new RegExp(`^failed credential: .*answered ${name}`));
    });
  }

  it("names UNAVAILABLE and a status of its own", async () => {
    assert.match((await examineGrpc(() => "14"))[0]!, /^failed metrics: .*answered UNAVAILABLE/);
    assert.match((await examineGrpc(() => "77"))[0]!, /^failed metrics: .*answered status 77/);
  });

  it("names a port for HTTP, one that hangs and one that nothing listens on", async () => {
    const [closed] = await freePorts(1);
    const ports: readonly (readonly [number, RegExp])[] = [
      [await servers.http([]), /^failed metrics: .*does not speak HTTP\/2/],
      [await servers.tcp(() => undefined), /^failed metrics: .*no answer within 0\.3 s/],
      [closed!, /^failed connection: .*refuses connections/],
    ];
    for (const [port, expected] of ports) {
      const found = troubles(await examineChanged(`http://${loopback}:${port}`, grpcProtocol, { timeoutMs: 300 }));
      assert.match(found[0]!, expected);
    }
  });
});
