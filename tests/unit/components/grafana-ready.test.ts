import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import { type GrafanaTrust, whenGrafanaAnswers } from "../../../components/grafana/ready";
import { Authority, type Issued } from "../../support/collectors/authority";
import { deploy } from "./deployment";

describe("waiting for Grafana", () => {
  let server: http.Server;
  let answers: number[];
  let url: string;

  beforeEach(async () => {
    answers = [];
    server = http.createServer((_request, response) => {
      response.statusCode = answers.shift() ?? 200;
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.close();
  });

  it("returns the URL once the health check succeeds, however slow the start", async () => {
    answers = [503, 503, 503, 200];
    assert.equal(await whenGrafanaAnswers(url, { readyTimeoutSeconds: 5, intervalSeconds: 0.02 }), url);
    assert.deepEqual(answers, []);
  });

  it("gives up in time, with the last answer and what to do", async () => {
    answers = Array<number>(1000).fill(503);
    await assert.rejects(
      whenGrafanaAnswers(url, { readyTimeoutSeconds: 0.2, intervalSeconds: 0.02 }),
      /did not answer within 0\.2 s \(last: 503\).*grafana.apiUrl/,
    );
  });

  it("names the error of a server that is not there", async () => {
    server.close();
    await assert.rejects(whenGrafanaAnswers(url, { readyTimeoutSeconds: 0 }), /last: .*ECONNREFUSED/);
  });

  it("speaks TLS where the URL says so", async () => {
    const secure = url.replace("http:", "https:");
    await assert.rejects(whenGrafanaAnswers(secure, { readyTimeoutSeconds: 0 }), /last: .*(SSL|ECONNRESET|EPROTO)/);
  });

  it("follows redirects, but not for ever", async () => {
    const { port } = server.address() as AddressInfo;
    const moved = http.createServer(({ url: from }, response) => {
      response.writeHead(302, { location: from === "/api/health" ? `http://127.0.0.1:${port}/elsewhere` : "/loop" });
      response.end();
    });
    await new Promise<void>((resolve) => moved.listen(0, "127.0.0.1", resolve));
    const movedUrl = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
    try {
      assert.equal(await whenGrafanaAnswers(movedUrl, { readyTimeoutSeconds: 0 }), movedUrl);
      await assert.rejects(whenGrafanaAnswers(`${movedUrl}/loop`, { readyTimeoutSeconds: 0 }), /last: 302/);
    } finally {
      moved.close();
    }
  });
});

describe("waiting for Grafana with a certificate of its own", () => {
  const servers: https.Server[] = [];
  let folder: string;
  let authority: Authority;
  let selfSigned: Issued;
  let asked: number;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "grafana-ready-"));
    authority = new Authority(folder);
    selfSigned = authority.selfSigned("grafana");
  });

  after(() => {
    servers.forEach((server) => server.close());
    fs.rmSync(folder, { recursive: true });
  });

  async function served(certificate: Issued): Promise<string> {
    const server = https.createServer(certificate, (_request, response) => {
      asked += 1;
      response.end("{}");
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function answers(url: string, trust: GrafanaTrust): Promise<string> {
    return whenGrafanaAnswers(url, { readyTimeoutSeconds: 0, ...trust });
  }

  it("does not trust it unasked", async () => {
    await assert.rejects(answers(await served(selfSigned), {}), /last: .*self-signed certificate/);
  });

  it("trusts the certificate that it is given, of Grafana itself or of its authority, and no other", async () => {
    const [own, issued] = [await served(selfSigned), await served(authority.issue("issued", "IP:127.0.0.1"))];
    assert.equal(await answers(own, { caCertificate: selfSigned.cert }), own);
    assert.equal(await answers(issued, { caCertificate: authority.certificate }), issued);
    await assert.rejects(answers(own, { caCertificate: authority.certificate }), /last: .*self-signed certificate/);
  });

  it("trusts anything where it is told to", async () => {
    const url = await served(selfSigned);
    assert.equal(await answers(url, { insecureSkipVerify: true }), url);
  });

  for (const key of ["grafana.caCertificate", "grafana.insecureSkipVerify"] as const) {
    it(`is trusted in an update by ${key} of the configuration`, async () => {
      const apiUrl = await served(selfSigned);
      asked = 0;
      const value = { "grafana.caCertificate": selfSigned.cert, "grafana.insecureSkipVerify": "true" }[key];
      await deploy("dev", { "grafana.apiUrl": apiUrl, [key]: value }, false);
      assert.equal(asked, 1);
    });
  }
});
