import assert from "node:assert/strict";
import * as http from "node:http";
import { AddressInfo } from "node:net";

import { whenGrafanaAnswers } from "../../components/grafana-ready";

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
    assert.equal(await whenGrafanaAnswers(url, { timeoutSeconds: 5, intervalSeconds: 0.02 }), url);
    assert.deepEqual(answers, []);
  });

  it("gives up in time, with the last answer and what to do", async () => {
    answers = Array<number>(1000).fill(503);
    await assert.rejects(
      whenGrafanaAnswers(url, { timeoutSeconds: 0.2, intervalSeconds: 0.02 }),
      /did not answer within 0\.2 s \(last: 503\).*grafanaApiUrl/,
    );
  });

  it("names the error of a server that is not there", async () => {
    server.close();
    await assert.rejects(whenGrafanaAnswers(url, { timeoutSeconds: 0 }), /last: .*ECONNREFUSED/);
  });

  it("speaks TLS where the URL says so", async () => {
    const secure = url.replace("http:", "https:");
    await assert.rejects(whenGrafanaAnswers(secure, { timeoutSeconds: 0 }), /last: .*(SSL|ECONNRESET|EPROTO)/);
  });
});
