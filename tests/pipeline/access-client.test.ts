import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { basicAuthorization } from "../../client/authorization";
import { claudeCodeSettings } from "../../client/settings";
import { Authority } from "../support/collectors/authority";
import { clientVersion, installClient } from "../support/clients/claude-client";
import { runClientSessions } from "../support/clients/client-sessions";
import { type Amounts, assertSameAmounts } from "../support/compare";
import { writeHtpasswd } from "../support/collectors/htpasswd";
import { loopback } from "../support/loopback-ports";
import { type MessagesApi, startMessagesApi } from "../support/clients/messages-api";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { readTotals } from "../support/prometheus/totals";

const password = "second-of-web";

describe(`real client ${clientVersion} with a credential, over TLS`, function () {
  this.timeout(180_000);
  let directory: string;
  let authority: Authority;
  let api: MessagesApi;
  let stack: PipelineStack;

  before(async () => {
    await installClient();
    directory = temporaryDirectory("claude-monitoring-access-client");
    authority = new Authority(directory);
    authority.issue("collector", `IP:${loopback},DNS:localhost`);
    const htpasswdFile = writeHtpasswd(directory, { "web.2": password });
    const tls = { certFile: authority.path("collector.crt"), keyFile: authority.path("collector.key") };
    stack = await PipelineStack.start({ access: { htpasswdFile, tls } });
  });

  beforeEach(async () => {
    api = await startMessagesApi();
  });

  afterEach(async () => {
    await api.stop();
  });

  after(async () => {
    await stack.stop();
    removeTemporaryDirectory(directory);
  });

  /** The standard sessions, with the settings that a team is handed; they claim another team. */
  async function sessions(user: string, url: string, protocol: string, developer: string): Promise<Amounts> {
    const { env } = claudeCodeSettings({
      otlpHttpUrl: url.replace("http:", "https:").replace(loopback, "localhost"),
      metricsIntervalSeconds: 10,
      logsIntervalSeconds: 5,
      authorization: basicAuthorization(user, password),
    });
    return runClientSessions({
      api,
      directory: fs.mkdtempSync(path.join(directory, "sessions-")),
      telemetry: env,
      resourceAttributes: { user: developer, team: "platform", location: "home", device: "laptop" },
      extraEnv: { NODE_EXTRA_CA_CERTS: authority.file, OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
    });
  }

  for (const protocol of ["http/protobuf", "grpc"]) {
    it(`${protocol}: all it spent is the team's, to the cent`, async () => {
      const url = protocol === "grpc" ? stack.otlpGrpcUrl : stack.otlpHttpUrl;
      const truth = await sessions("web.2", url, protocol, protocol);
      await stack.drained();
      const of = async (team: string) =>
        readTotals(stack.reader, { window: "1h", matchers: `user="${protocol}",team="${team}"` });
      assertSameAmounts(truth, await of("web"), "Prometheus against the scripted API");
      assert.equal((await of("platform"))["cost"] ?? 0, 0);
    });
  }

  it("with a credential that was revoked, it works as before, and nothing of it is stored", async () => {
    const truth = await sessions("web.1", stack.otlpHttpUrl, "http/protobuf", "revoked");
    await stack.drained();
    assert.ok(Object.values(truth).some((amount) => amount > 0));
    assert.deepEqual([...(await stack.reader.sumOf("claude_code_cost_usage_USD_total", everything)).keys()].sort(), [
      "grpc|web",
      "http/protobuf|web",
    ]);
  });
});

const everything = { window: "1h", by: ["user", "team"] };
