import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { effectiveSettings, valueOf } from "../../../doctor/checks/effective";
import { destinations } from "../../../doctor/checks/endpoints";
import { headersFor } from "../../../doctor/checks/headers";
import { proxyFor } from "../../../doctor/checks/proxy";
import { managedFolder, readSources, Source } from "../../../doctor/sources";
import { effectiveOf, goodSettings, Settings, sourcesOf, TestMachine, troubles } from "./machine";

const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
const metricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const temporality = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
const attributes = "OTEL_RESOURCE_ATTRIBUTES";
const url = "https://otlp.example.com";

describe("the doctor finds which settings win", () => {
  // Each line was seen with client 2.1.330.
  const cases: readonly (readonly [string, string, Settings, string | undefined])[] = [
    ["the shell alone", endpoint, { shell: { [endpoint]: "s" } }, "s"],
    ["the user beats the shell", endpoint, { shell: { [endpoint]: "s" }, user: { [endpoint]: "u" } }, "u"],
    ["managed beats the user", endpoint, { user: { [endpoint]: "u" }, managed: { [endpoint]: "m" } }, "m"],
    ["a project has no endpoint", endpoint, { shell: { [endpoint]: "s" }, project: { [endpoint]: "p" } }, "s"],
    ["not even where nobody else has", endpoint, { project: { [endpoint]: "p" } }, undefined],
    [
      "a project's attributes beat the user's",
      attributes,
      { user: { [attributes]: "u" }, project: { [attributes]: "p" } },
      "p",
    ],
    [
      "local ones beat the project's",
      attributes,
      { project: { [attributes]: "p" }, local: { [attributes]: "l" } },
      "l",
    ],
    ["managed ones beat both", attributes, { local: { [attributes]: "l" }, managed: { [attributes]: "m" } }, "m"],
    [
      "a project changes the temporality",
      temporality,
      { user: { [temporality]: "u" }, project: { [temporality]: "p" } },
      "p",
    ],
    ["a project names a proxy", "HTTP_PROXY", { shell: { HTTP_PROXY: "s" }, project: { HTTP_PROXY: "p" } }, "p"],
    ["a project names an authority", "NODE_EXTRA_CA_CERTS", { project: { NODE_EXTRA_CA_CERTS: "p" } }, "p"],
    ["a project starts no exporter", "OTEL_LOGS_EXPORTER", { project: { OTEL_LOGS_EXPORTER: "otlp" } }, undefined],
    ["but ends one that nobody asked for", "OTEL_LOGS_EXPORTER", { project: { OTEL_LOGS_EXPORTER: "none" } }, "none"],
    [
      "and none that somebody asked for",
      "OTEL_LOGS_EXPORTER",
      { shell: { OTEL_LOGS_EXPORTER: "otlp" }, project: { OTEL_LOGS_EXPORTER: "none" } },
      "otlp",
    ],
    [
      "a managed endpoint takes away a signal's own",
      metricsEndpoint,
      { user: { [metricsEndpoint]: "u" }, managed: { [endpoint]: "m" } },
      undefined,
    ],
    [
      "managed headers take away another's endpoint",
      endpoint,
      { user: { [endpoint]: "u" }, managed: { OTEL_EXPORTER_OTLP_HEADERS: "a=b" } },
      undefined,
    ],
    [
      "managed headers of one signal leave the others alone",
      endpoint,
      { user: { [endpoint]: "u" }, managed: { OTEL_EXPORTER_OTLP_METRICS_HEADERS: "a=b" } },
      "u",
    ],
    [
      "the server's beat managed ones",
      attributes,
      { managed: { [attributes]: "m" }, server: { [attributes]: "s" } },
      "s",
    ],
    ["and leave what they do not name", attributes, { managed: { [attributes]: "m" }, server: { OTEL_X: "s" } }, "m"],
    [
      "but take endpoint and contents as a whole: one switch of contents takes a managed endpoint away",
      endpoint,
      { managed: { [endpoint]: "m" }, server: { OTEL_LOG_USER_PROMPTS: "0" } },
      undefined,
    ],
    [
      "an empty switch takes nothing away",
      endpoint,
      { managed: { [endpoint]: "m" }, server: { OTEL_LOG_USER_PROMPTS: "" } },
      "m",
    ],
    [
      "nor does one beside it in managed settings",
      endpoint,
      { managed: { [endpoint]: "m", OTEL_LOG_USER_PROMPTS: "0" }, server: { [attributes]: "s" } },
      "m",
    ],
    [
      "a server's endpoint takes away a user's for one signal",
      metricsEndpoint,
      { user: { [metricsEndpoint]: "u" }, server: { [endpoint]: "s" } },
      undefined,
    ],
    [
      "a managed signal's own endpoint stays beside the general one",
      metricsEndpoint,
      { managed: { [endpoint]: "m", [metricsEndpoint]: "own" } },
      "own",
    ],
  ];
  for (const [name, key, settings, expected] of cases) {
    it(name, () => {
      assert.equal(valueOf(effectiveOf(settings), key), expected);
    });
  }

  it("and tells what they beat and what is ignored", () => {
    const effective = effectiveOf({
      shell: { [endpoint]: "s" },
      user: { [endpoint]: "u" },
      project: { [endpoint]: "p" },
    });
    const setting = effective.settings.get(endpoint)!;
    assert.deepEqual([setting.source.scope, setting.beaten.map(({ value }) => value)], ["user", ["s"]]);
    assert.deepEqual(
      effective.ignored.map(({ key, value }) => [key, value]),
      [[endpoint, "p"]],
    );
  });

  it("a managed headers helper takes away another's endpoint, and keeps its own", () => {
    const [user] = sourcesOf({ user: { [endpoint]: "u" } });
    const managed: Source = { scope: "managed", where: "m", env: {}, headersHelper: "h" };
    assert.equal(valueOf(effectiveSettings([user!, managed]), endpoint), undefined);
    assert.equal(valueOf(effectiveSettings([user!, { ...managed, env: { [endpoint]: "m" } }]), endpoint), "m");
  });
});

describe("the doctor reads", () => {
  let machine: TestMachine;

  beforeEach(() => {
    machine = new TestMachine({ shell: { HOME: "/h" }, user: { A: "1" }, project: { B: "2" }, local: { C: "3" } });
  });

  afterEach(() => {
    machine.remove();
  });

  it("the files of every scope, fragments of managed settings on top of the file", () => {
    machine.write("managed", { env: { [attributes]: "file", [endpoint]: "file", NUMBER: 5 } });
    const fragments = path.join(machine.managedFolder, "managed-settings.d");
    fs.mkdirSync(fragments);
    fs.writeFileSync(path.join(fragments, "20.json"), JSON.stringify({ env: { [attributes]: "second" } }));
    fs.writeFileSync(path.join(fragments, "10.json"), JSON.stringify({ env: { [attributes]: "first" } }));
    const { sources, checks } = readSources(machine);
    const scopesRead = ["shell", "user", "project", "local", "managed", "managed", "managed"];
    assert.deepEqual(
      sources.map(({ scope }) => scope),
      scopesRead,
    );
    assert.equal(sources[4]!.env["NUMBER"], "5");
    assert.deepEqual(troubles({ checks }), []);
    const effective = effectiveSettings(sources);
    assert.deepEqual([valueOf(effective, attributes), valueOf(effective, endpoint)], ["second", "file"]);
  });

  it("a file that is named, in place of the machine's own managed settings", () => {
    machine.write("managed", { env: { [endpoint]: "machine" } });
    fs.writeFileSync(path.join(machine.project, "new.json"), JSON.stringify({ env: { [endpoint]: "file" } }));
    assert.equal(valueOf(effectiveSettings(readSources(machine, "new.json").sources), endpoint), "file");
  });

  it("what the organisation's console handed out, and says why a managed endpoint is not used", () => {
    machine.write("managed", { env: { [endpoint]: "machine" } });
    machine.write("server", { env: { OTEL_LOG_USER_PROMPTS: "0" } });
    const { sources, checks } = readSources(machine);
    assert.deepEqual(troubles({ checks }), []);
    const [ignored] = effectiveSettings(sources).ignored;
    assert.deepEqual([ignored?.key, ignored?.value], [endpoint, "machine"]);
    assert.match(ignored!.reason, /^settings from the server have a part of it/);
    const named = readSources(machine, machine.file("managed")).sources;
    assert.equal(valueOf(effectiveSettings(named), endpoint), "machine");
  });

  it("a block that no client reads: a warning", () => {
    machine.write("user", { telemetry: { endpoint: "https://secret.example.com" } });
    const [trouble, ...more] = troubles(readSources(machine));
    assert.match(
      trouble!,
      /^warning settings: .*settings\.json has a block "telemetry", which Claude Code does not read$/,
    );
    assert.deepEqual(more, []);
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", '{ "env": { "OTEL_EXPORTER_OTLP_HEADERS": "secret" }', /not a JSON object/],
    ["a list", "[]", /not a JSON object/],
    ["an env that is no object", '{ "env": "A=B" }', /"env" is not an object/],
  ];
  for (const [name, text, expected] of broken) {
    it(`${name}: failed, without showing the contents`, () => {
      machine.write("user", text);
      const [trouble, ...more] = troubles(readSources(machine));
      assert.match(trouble!, expected);
      assert.deepEqual(more, []);
      assert.ok(!trouble!.includes("secret"));
    });
  }

  it("a named file that is missing: failed", () => {
    assert.match(troubles(readSources(machine, "nowhere.json")).join(), /^failed settings: .*nowhere\.json/);
  });

  it("managed settings where each system has them", () => {
    assert.equal(managedFolder("linux"), "/etc/claude-code");
    assert.equal(managedFolder("darwin"), "/Library/Application Support/ClaudeCode");
    assert.equal(managedFolder("win32"), "C:\\Program Files\\ClaudeCode");
  });
});

describe("the doctor sends what the client sends", () => {
  it("headers: decoded over gRPC and for one signal, as they are for all signals over HTTP", () => {
    const effective = effectiveOf({
      managed: { OTEL_EXPORTER_OTLP_HEADERS: "A=x%20y,b=1", OTEL_EXPORTER_OTLP_METRICS_HEADERS: "b=2,c=z%20z" },
    });
    assert.deepEqual(headersFor(effective, "metrics", "http/json", { d: "4" }), {
      a: "x%20y",
      b: "1",
      c: "z z",
      d: "4",
    });
    assert.deepEqual(headersFor(effective, "metrics", "grpc", { d: "4" }), { a: "x y", b: "2", c: "z z" });
    assert.deepEqual(headersFor(effective, "logs", "http/json", {}), { a: "x%20y", b: "1" });
  });

  const proxied: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
    ["no proxy", {}, undefined],
    ["a proxy", { HTTPS_PROXY: "http://p:1" }, "http://p:1"],
    ["small letters first", { HTTPS_PROXY: "http://p:1", https_proxy: "http://q:1" }, "http://q:1"],
    ["a host that is excepted", { HTTPS_PROXY: "http://p:1", NO_PROXY: "a, otlp.example.com" }, undefined],
    ["a domain that is excepted", { HTTPS_PROXY: "http://p:1", NO_PROXY: ".example.com" }, undefined],
    ["a domain without its dot", { HTTPS_PROXY: "http://p:1", NO_PROXY: "example.com" }, "http://p:1"],
    ["a port that is excepted", { HTTPS_PROXY: "http://p:1", NO_PROXY: "otlp.example.com:443" }, undefined],
    ["another port", { HTTPS_PROXY: "http://p:1", NO_PROXY: "otlp.example.com:80" }, "http://p:1"],
    ["everything excepted", { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
    ["this machine", { HTTPS_PROXY: "http://p:1", [endpoint]: "http://localhost:4318" }, undefined],
    ["gRPC reads no capitals", { HTTPS_PROXY: "http://p:1", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, undefined],
    [
      "gRPC excepts domains without a dot",
      { https_proxy: "http://p:1", no_proxy: "example.com", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      undefined,
    ],
  ];
  for (const [name, changes, expected] of proxied) {
    it(`by a proxy: ${name}`, () => {
      const effective = effectiveOf({ managed: { ...goodSettings(url), ...changes } });
      assert.equal(proxyFor(effective, destinations(effective)[0]!).proxy, expected);
    });
  }
});
