import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { basicAuthorization } from "../../client/authorization";
import { metrics } from "../../telemetry/client-metrics";
import { histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { Authority, type Issued } from "../support/collectors/authority";
import { claimedEvent, claimedMetrics, claimedSpan } from "../support/otlp/claimed-exports";
import { assertSameAmounts } from "../support/compare";
import { EventStore } from "../support/collectors/event-store";
import { writeHtpasswd } from "../support/collectors/htpasswd";
import { type DoorRequest, type DoorSignal, overGrpc, overHttp } from "../support/otlp/otlp-door";
import { loopback } from "../support/loopback-ports";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";

/** Passwords that the collector knows; the expired one was revoked by leaving it out. */
const passwords = { "platform.2": "second-of-platform", "web.1": "first-of-web" } as const;

/** Each credential a client may come with, and the team it stands for. */
const credentials: readonly (readonly [name: string, authorization: string | undefined, team: string | undefined])[] = [
  ["none", undefined, undefined],
  ["a wrong password", basicAuthorization("platform.2", "guessed"), undefined],
  ["an unknown team's", basicAuthorization("finance.1", passwords["web.1"]), undefined],
  ["an expired one", basicAuthorization("platform.1", "first-of-platform"), undefined],
  ["a team without number", basicAuthorization("platform", passwords["platform.2"]), undefined],
  ["a bearer token", `Bearer ${passwords["web.1"]}`, undefined],
  ["the team's own", basicAuthorization("platform.2", passwords["platform.2"]), "platform"],
  ["another team's", basicAuthorization("web.1", passwords["web.1"]), "web"],
];

/** Every request claims to be of this team, in its resource and on its points. */
const claimedTeam = "platform";
const doors = { HTTP: overHttp, gRPC: overGrpc } as const;
const refusals = { HTTP: "401", gRPC: "UNAUTHENTICATED" } as const;
/** What each signal's exports are made by, and where their amount is found. */
const signals = {
  metrics: { claimed: claimedMetrics, amount: metrics.cost.prometheus },
  logs: { claimed: claimedEvent, amount: ledgerMetrics.cost.prometheus },
  traces: { claimed: claimedSpan, amount: `${histogramMetrics.toolWait.prometheus}_sum` },
} as const;
const signalNames = Object.keys(signals) as DoorSignal[];

describe("who gets in", function () {
  this.timeout(60_000);
  let directory: string;
  let right: Authority;
  let wrong: Authority;
  let stack: PipelineStack;
  /** Stands for Loki and Tempo. */
  let store: EventStore;
  /** Millionths that were accepted, of a USD or a second, by signal and by the team whose credential they came with. */
  const accepted: Record<DoorSignal, Map<string, number>> = { metrics: new Map(), logs: new Map(), traces: new Map() };
  /** How many exports were accepted, by signal and team. */
  const exports: Record<string, number> = {};
  let sent = 0;

  before(async () => {
    directory = temporaryDirectory("claude-monitoring-access");
    [right, wrong] = ["right", "wrong"].map((name) => {
      fs.mkdirSync(path.join(directory, name));
      return new Authority(path.join(directory, name));
    }) as [Authority, Authority];
    right.issue("collector", `IP:${loopback},DNS:localhost`);
    store = await EventStore.start();
    stack = await PipelineStack.start({
      stores: store,
      access: { htpasswdFile: writeHtpasswd(directory, passwords), tls: serverFiles(right) },
    });
  });

  after(async () => {
    await stack.stop();
    await store.remove();
    removeTemporaryDirectory(directory);
  });

  /** Tries one export; what is accepted is entered into the books by the credential. */
  async function attempt(
    protocol: keyof typeof doors,
    signal: DoorSignal,
    credential: { readonly authorization: string | undefined; readonly team: string | undefined },
    tls: DoorRequest["tls"],
  ): Promise<string> {
    sent += 1;
    // Powers of no common factor with their number: no two sets of requests add up to the same.
    const costMicroUsd = 1_000 + sent * 7_919;
    const claim = { team: claimedTeam, session: `session-${sent}`, costMicroUsd, timeMs: Date.now() };
    const body = signals[signal].claimed(claim);
    const port = stack.collector.ports[protocol === "HTTP" ? "otlpHttp" : "otlpGrpc"];
    const { authorization } = credential;
    const outcome = await doors[protocol]({
      port,
      signal,
      body,
      ...(authorization === undefined ? {} : { authorization }),
      ...(tls === undefined ? {} : { tls }),
    });
    if (outcome === "accepted") {
      const team = credential.team ?? "(nobody)";
      accepted[signal].set(team, (accepted[signal].get(team) ?? 0) + costMicroUsd);
      exports[`${signal} ${team}`] = (exports[`${signal} ${team}`] ?? 0) + 1;
    }
    return outcome;
  }

  for (const protocol of ["HTTP", "gRPC"] as const) {
    for (const [name, authorization, team] of credentials) {
      it(`${protocol}, with ${name}: ${team === undefined ? "nobody" : `${team}, over TLS only`}`, async () => {
        for (const signal of signalNames) {
          const come = async (tls: DoorRequest["tls"]) => attempt(protocol, signal, { authorization, team }, tls);
          const plain = await come(undefined);
          assert.match(plain, protocol === "HTTP" ? /^(400|no connection)$/ : /^no connection$/, "plain text");
          assert.equal(
            await come({ ca: wrong.certificate }),
            "no connection",
            "a server that the client must not trust",
          );
          assert.equal(await come({ ca: right.certificate }), team === undefined ? refusals[protocol] : "accepted");
        }
      });
    }
  }

  it("books everything on the team of the credential, whatever was claimed", async () => {
    await stack.drained();
    for (const signal of signalNames) {
      const stored = await stack.reader.sumOf(signals[signal].amount, { window: "1h", by: ["team"] });
      const expected = [...accepted[signal]].map(([team, microUsd]) => [team, microUsd / 1e6] as const);
      assert.equal(expected.length, 2);
      assertSameAmounts(Object.fromEntries(expected), Object.fromEntries(stored), signal);
    }
  });

  it("stores events and spans under that team, and no other", () => {
    for (const [signal, stored] of [
      ["logs", store.events()],
      ["traces", store.spans()],
    ] as const) {
      const found: Record<string, number> = {};
      for (const { attributes, resource } of stored) {
        assert.equal(resource["team"], undefined, "a claim on the resource");
        const key = `${signal} ${attributes["team"]}`;
        found[key] = (found[key] ?? 0) + 1;
      }
      const own = Object.entries(exports).filter(([key]) => key.startsWith(signal));
      assert.deepEqual(found, Object.fromEntries(own));
    }
  });

  it("with certificates for clients: nobody without one that the right authority signed", async () => {
    const clients = authorityIn("clients");
    const access = {
      htpasswdFile: writeHtpasswd(directory, passwords),
      tls: { ...serverFiles(right), clientCaFile: clients.file },
    };
    const mutual = await PipelineStack.start({ access });
    try {
      const own = clients.issue("laptop", "DNS:laptop");
      const stranger = authorityIn("strangers").issue("stranger", "DNS:laptop");
      const expired = clients.issue("expired", "DNS:laptop", [-10, -1]);
      for (const protocol of ["HTTP", "gRPC"] as const) {
        const port = mutual.collector.ports[protocol === "HTTP" ? "otlpHttp" : "otlpGrpc"];
        const come = async (certificate: Issued | undefined, authorization?: string) =>
          doors[protocol]({
            port,
            signal: "metrics",
            body: claimedMetrics({ team: claimedTeam, session: protocol, costMicroUsd: 1, timeMs: Date.now() }),
            ...(authorization === undefined ? {} : { authorization }),
            tls: { ca: right.certificate, ...(certificate === undefined ? {} : { own: certificate }) },
          });
        const credential = basicAuthorization("web.1", passwords["web.1"]);
        assert.equal(await come(undefined, credential), "no connection");
        assert.equal(await come(stranger, credential), "no connection");
        assert.equal(await come(expired, credential), "no connection");
        assert.equal(await come(own), refusals[protocol]);
        assert.equal(await come(own, credential), "accepted");
      }
    } finally {
      await mutual.stop();
    }
  });

  function authorityIn(name: string): Authority {
    fs.mkdirSync(path.join(directory, name));
    return new Authority(path.join(directory, name));
  }
});

function serverFiles(authority: Authority) {
  return { certFile: authority.path("collector.crt"), keyFile: authority.path("collector.key") };
}
