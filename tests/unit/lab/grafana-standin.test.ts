import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

import { ensureGrafanaProviderStandIn } from "../../../lab/lab";
import { loopback } from "../../support/loopback-ports";
import { type ManagedProcess, startProcess, temporaryDirectory, waitUntil } from "../../support/processes";
import { RecordingGrafana } from "./recording-grafana";

type Values = Record<string, JavaScriptValue>;

const types = {
  folder: "grafana:oss/folder:Folder",
  dataSource: "grafana:oss/dataSource:DataSource",
  dashboard: "grafana:oss/dashboard:Dashboard",
};
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const model = { uid: "costs", title: "Costs", panels: [{ id: 7, type: "stat" }] };

const urn = (type: string): string => `urn:pulumi:dev::project::claude-monitoring:grafana:GrafanaContent$${type}::name`;

function ask<Response>(
  send: (callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error === null) {
        resolve(response);
      } else {
        reject(error);
      }
    });
  });
}

describe("the stand-in for Grafana's provider plugin", function () {
  this.timeout(30_000);

  const folder = temporaryDirectory("grafana-standin");
  const recordFile = path.join(folder, "record.jsonl");
  const grafana = new RecordingGrafana();
  const { requests, answers } = grafana;
  let plugin: ManagedProcess;
  let client: ResourceProviderClient;
  let grafanaUrl: string;

  before(async () => {
    grafanaUrl = await grafana.start();
    const executable = await ensureGrafanaProviderStandIn();
    plugin = await startProcess({
      name: "plugin",
      command: executable,
      args: [],
      logFile: path.join(folder, "plugin.log"),
      env: { PATH: process.env["PATH"] ?? "", CLAUDE_MONITORING_GRAFANA_STANDIN_LOG: recordFile },
    });
    const printedPort = (): string | undefined => /^\d+$/m.exec(fs.readFileSync(plugin.logFile, "utf8"))?.[0];
    await waitUntil("the plugin prints its port", () => printedPort() !== undefined, 20_000, 25);
    client = new ResourceProviderClient(`${loopback}:${printedPort() ?? ""}`, grpc.credentials.createInsecure());
  });

  beforeEach(async () => {
    grafana.forget();
    await configure({});
  });

  after(async () => {
    client.close();
    await plugin.stop();
    await grafana.stop();
  });

  const configure = (more: Values): Promise<rpc.ConfigureResponse> => {
    const settings = {
      url: grafanaUrl,
      auth: "admin:pass:word",
      retries: "0",
      retryWait: "1",
      ...more,
    };
    const request = new rpc.ConfigureRequest().setArgs(Struct.fromJavaScript(settings));
    return ask((callback) => client.configure(request, callback));
  };
  const check = async (type: string, inputs: Values): Promise<string[]> => {
    const request = new rpc.CheckRequest().setUrn(urn(type)).setNews(Struct.fromJavaScript(inputs));
    const response = await ask<rpc.CheckResponse>((callback) => client.check(request, callback));
    return response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
  };
  const diff = (type: string, state: Values, inputs: Values): Promise<rpc.DiffResponse> => {
    const request = new rpc.DiffRequest().setId("1:x").setUrn(urn(type));
    request.setOlds(Struct.fromJavaScript(state)).setNews(Struct.fromJavaScript(inputs));
    return ask((callback) => client.diff(request, callback));
  };
  const create = (type: string, inputs: Values, preview: boolean): Promise<rpc.CreateResponse> => {
    const request = new rpc.CreateRequest().setUrn(urn(type)).setPreview(preview);
    request.setProperties(Struct.fromJavaScript(inputs));
    return ask((callback) => client.create(request, callback));
  };
  const read = (type: string, id: string, state: Values): Promise<rpc.ReadResponse> => {
    const request = new rpc.ReadRequest().setUrn(urn(type)).setId(id);
    request.setProperties(Struct.fromJavaScript(state)).setInputs(Struct.fromJavaScript(state));
    return ask((callback) => client.read(request, callback));
  };

  it("says what it is", () => {
    assert.match(fs.readFileSync(plugin.logFile, "utf8"), /^STAND-IN for pulumi-resource-grafana \d+\.\d+\.\d+: /);
  });

  it("refuses unknown, missing and unsupported inputs", async () => {
    assert.deepEqual(await check(types.folder, { uid: "team", title: "Team" }), []);
    assert.deepEqual(await check(types.dashboard, { configJson: unknown, folder: unknown }), []);
    assert.deepEqual(await check(types.folder, { titel: "Team" }), [
      "titel: grafana:oss/folder:Folder has no such property",
      "title: missing; it is required",
    ]);
    assert.match((await check(types.dataSource, { type: "prometheus" })).join(), /^name: missing/);
    assert.match(
      (await check(types.dashboard, { configJson: "[]" })).join(),
      /^configJson: expected the text of a JSON/,
    );
    assert.match(
      (await check(types.folder, { title: "x", parentFolderUid: "y" })).join(),
      /^parentFolderUid: the stand-in/,
    );
  });

  it("refuses resource types that it does not know", async () => {
    const type = "grafana:alerting/messageTemplate:MessageTemplate";
    await assert.rejects(check(type, {}), /stand-in for pulumi-resource-grafana does not support "grafana:alerting/);
  });

  it("checks the provider's own configuration", async () => {
    const news = Struct.fromJavaScript({ url: "x", retries: "many", usr: "x", caCert: "y", version: "2.40.0" });
    const request = new rpc.CheckRequest().setUrn(urn("pulumi:providers:grafana")).setNews(news);
    const response = await ask<rpc.CheckResponse>((callback) => client.checkConfig(request, callback));
    const refused = response.getFailuresList().map((failure) => failure.getProperty());
    assert.deepEqual(refused.sort(), ["caCert", "retries", "usr"]);
  });

  it("leaves Grafana alone in a preview", async () => {
    const response = await create(types.dashboard, { configJson: JSON.stringify(model) }, true);
    assert.equal(response.getProperties()?.toJavaScript()["url"], unknown);
    assert.deepEqual(requests, []);
  });

  it("creates a folder with the given credentials", async () => {
    const stored = { uid: "team", title: "Team", url: "/dashboards/f/team/team" };
    answers.set("POST /api/folders", stored).set("GET /api/folders/team", stored);
    const response = await create(types.folder, { uid: "team", title: "Team" }, false);
    assert.equal(response.getId(), "1:team");
    assert.deepEqual(response.getProperties()?.toJavaScript(), {
      ...stored,
      url: `${grafanaUrl}/dashboards/f/team/team`,
    });
    assert.deepEqual(requests[0], {
      line: "POST /api/folders",
      authorization: `Basic ${Buffer.from("admin:pass:word").toString("base64")}`,
      body: { uid: "team", title: "Team" },
    });
  });

  it("takes equal dashboards for equal, and replaces one whose uid changes", async () => {
    const state = { configJson: '{"panels":[{"type":"stat"}],"title":"Costs","uid":"costs"}', folder: "team" };
    const same = await diff(types.dashboard, state, { configJson: JSON.stringify(model), folder: "1:team" });
    assert.equal(same.getChanges(), rpc.DiffResponse.DiffChanges.DIFF_NONE);
    const titled = await diff(types.dashboard, state, {
      ...state,
      configJson: JSON.stringify({ ...model, title: "C" }),
    });
    assert.deepEqual([titled.getDiffsList(), titled.getReplacesList()], [["configJson"], []]);
    const renamed = await diff(types.dashboard, state, {
      ...state,
      configJson: JSON.stringify({ ...model, uid: "c" }),
    });
    assert.deepEqual(renamed.getReplacesList(), ["configJson"]);
    assert.equal(renamed.getDeletebeforereplace(), false);
  });

  it("deletes a data source before its replacement takes the name", async () => {
    const state = { uid: "a", name: "Prometheus", type: "prometheus", isDefault: true, jsonDataEncoded: "{}" };
    const moved = await diff(types.dataSource, state, { ...state, uid: "b", isDefault: false });
    assert.deepEqual([moved.getReplacesList(), moved.getDiffsList()], [["uid"], ["uid"]]);
    assert.equal(moved.getDeletebeforereplace(), true);
  });

  it("takes equal links between data sources for equal, in whatever order, and changes them in place", async () => {
    const link = { name: "trace_id", matcherType: "label", datasourceUid: "tempo" };
    const source = (derivedFields: object[]) => ({
      uid: "loki",
      name: "Loki",
      type: "loki",
      jsonDataEncoded: JSON.stringify({ derivedFields }),
    });
    const reordered = Object.fromEntries(Object.entries(link).reverse());
    const same = await diff(types.dataSource, source([link]), source([reordered]));
    assert.equal(same.getChanges(), rpc.DiffResponse.DiffChanges.DIFF_NONE);
    const moved = await diff(types.dataSource, source([link]), source([{ ...link, datasourceUid: "other" }]));
    assert.deepEqual([moved.getDiffsList(), moved.getReplacesList()], [["jsonDataEncoded"], []]);
  });

  it("notices a dashboard that was changed or deleted by hand", async () => {
    const state = { configJson: JSON.stringify(model), overwrite: true };
    assert.equal((await read(types.dashboard, "1:costs", state)).getId(), "");
    const dashboard = { ...model, id: 3, version: 2, title: "By hand" };
    answers.set("GET /api/dashboards/uid/costs", { meta: { folderUid: "", url: "/d/costs/by-hand" }, dashboard });
    const changed = await read(types.dashboard, "1:costs", state);
    assert.equal(changed.getId(), "1:costs");
    assert.match(JSON.stringify(changed.getProperties()?.toJavaScript()["configJson"]), /By hand/);
    assert.match(JSON.stringify(changed.getInputs()?.toJavaScript()["configJson"]), /By hand/);
  });

  it("repeats a request as often as it is told, then fails", async () => {
    grafana.busy = 9;
    await assert.rejects(create(types.folder, { title: "Team" }, false), /POST http:\S+\/api\/folders\]\[503\]/);
    assert.equal(requests.length, 1);
    await configure({ retries: "1" });
    grafana.busy = 1;
    answers.set("GET /api/folders/team", { uid: "team", title: "Team", url: "/x" });
    assert.equal((await read(types.folder, "1:team", {})).getId(), "1:team");
    assert.equal(requests.length, 3);
  });

  it("records calls and requests, and no secret", async () => {
    const stored = { uid: "p", name: "P", type: "prometheus", access: "proxy", isDefault: true, jsonData: {} };
    answers.set("POST /api/datasources", { datasource: stored }).set("GET /api/datasources/uid/p", stored);
    const secureJsonDataEncoded = JSON.stringify({ token: "hush" });
    await create(types.dataSource, { uid: "p", name: "P", type: "prometheus", secureJsonDataEncoded }, false);
    assert.match(JSON.stringify(requests[0]?.body), /hush/);
    const lines = fs.readFileSync(recordFile, "utf8");
    const last = lines
      .trimEnd()
      .split("\n")
      .slice(-3)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      last.map(({ call, http: sent }) => call ?? sent),
      ["POST /api/datasources", "GET /api/datasources/uid/p", "Create"],
    );
    assert.equal(last[2]?.["urn"], urn(types.dataSource));
    assert.doesNotMatch(lines, /hush|pass:word/);
  });
});
