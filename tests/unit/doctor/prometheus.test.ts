import assert from "node:assert/strict";
import * as http from "node:http";
import * as net from "node:net";

import { freePorts, loopback } from "../../support/loopback-ports";
import { examineChanged } from "./machine";
import { Servers } from "./servers";

describe("the doctor and Prometheus", () => {
  const servers = new Servers();
  let collector: string;
  const asked: string[] = [];

  beforeEach(async () => {
    collector = `http://${loopback}:${await servers.http([])}`;
    asked.length = 0;
  });

  afterEach(() => {
    servers.stop();
  });

  async function prometheus(answer: (count: number) => [number, string]): Promise<string> {
    const server = http.createServer((request, response) => {
      asked.push(request.url ?? "");
      const known = request.headers["authorization"] === `Basic ${Buffer.from("me:word").toString("base64")}`;
      const [status, text] = known ? [200, '{"data":[{}]}'] : answer(asked.length);
      response.writeHead(status).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
    const { port } = server.address() as net.AddressInfo;
    after(() => server.close());
    return `http://${loopback}:${port}`;
  }

  async function arrival(url: string): Promise<string> {
    const { checks } = await examineChanged(collector, {}, { prometheus: url });
    const check = checks.find(({ name }) => name === "arrival")!;
    return `${check.status} ${check.message}`;
  }

  it("finds the marked export, and tells how long it took", async () => {
    const url = await prometheus((count) => [200, count < 2 ? '{"data":[]}' : '{"data":[{}]}']);
    assert.match(await arrival(`${url}/prefix/`), /^ok the marked export was in Prometheus after 0\.[1-9] s$/);
    assert.equal(asked.length, 2);
    assert.match(
      decodeURIComponent(asked[0]!),
      /^\/prefix\/api\/v1\/series\?match\[\]=.*claude_code_doctor_check.*doctor_id="[0-9a-f-]{36}"/,
    );
  });

  it("says so if it does not arrive", async () => {
    const url = await prometheus(() => [200, '{"data":[]}']);
    assert.match(
      await arrival(url),
      /^failed the collector took the marked export, but it was not in .* within 0\.3 s$/,
    );
  });

  it("names what answers wrongly, and shows no password", async () => {
    assert.match(await arrival(await prometheus(() => [401, ""])), /^failed .*answered 401/);
    assert.match(await arrival(await prometheus(() => [200, "<html>"])), /^failed .*not as Prometheus does/);
    const [port] = await freePorts(1);
    const refused = await arrival(`http://me:hidden-word@${loopback}:${port!}`);
    assert.match(refused, /^failed .*ECONNREFUSED/);
    assert.ok(!refused.includes("hidden-word"));
  });

  it("sends user and password of the URL", async () => {
    const url = await prometheus(() => [401, ""]);
    assert.match(await arrival(url.replace("//", "//me:word@")), /^ok/);
  });
});
