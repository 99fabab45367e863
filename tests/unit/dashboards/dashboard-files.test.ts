import type { Command } from "commander";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { dashboardOptions } from "../../../config/dashboards";
import { allDashboards } from "../../../dashboards/dashboards";
import { texts } from "../../../dashboards/text/texts";
import { type DashboardFilesOptions, register, writeDashboardFiles } from "../../../cli/commands/dashboards";
import { stackConfig } from "../../../cli/stack-file";
import { productionValues } from "../../support/production-values";
import { type } from "../cli/command-line";
import { type Dashboard, panelsOf } from "./dashboard-model";

interface Importable extends Dashboard {
  readonly id: null;
  readonly __inputs: readonly Readonly<Record<string, string>>[];
  readonly __requires: readonly { readonly type: string; readonly id: string; readonly version: string }[];
}

describe("npm run dashboards", () => {
  let folder = "";

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "dashboards-"));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  async function written(language?: string, stack = "prod"): Promise<{ file: string; dashboard: Importable }[]> {
    const output = path.join(folder, "new", "folder");
    const files = await writeDashboardFiles({ output, stack, ...(language === undefined ? {} : { language }) });
    return files.map((file) => ({ file, dashboard: JSON.parse(fs.readFileSync(file, "utf8")) as Importable }));
  }

  it("writes a file for each dashboard, with the uids of those that are deployed", async () => {
    const deployed = allDashboards(dashboardOptions(stackConfig("prod", productionValues)));
    const files = await written();
    assert.deepEqual(
      files.map(({ dashboard }) => dashboard.uid),
      deployed.map(({ uid }) => uid),
    );
    for (const { file, dashboard } of files) {
      assert.equal(path.basename(file), `${dashboard.uid}.json`);
      assert.equal(dashboard.id, null);
    }
  });

  it("differs from what is deployed in nothing but the data source", async () => {
    const options = dashboardOptions(stackConfig("prod", productionValues));
    const deployed = allDashboards(options);
    (await written()).forEach(({ dashboard }, index) => {
      const model = JSON.stringify({ ...dashboard, __inputs: undefined, __requires: undefined, id: undefined });
      const back = model
        .replaceAll("${DS_PROMETHEUS}", options.dataSource.uid)
        .replaceAll("${DS_LOKI}", options.events!.loki.uid)
        .replaceAll("${DS_TEMPO}", options.events!.tempo!.uid);
      assert.deepEqual(JSON.parse(back), JSON.parse(deployed[index]!.json));
      assert.ok(!/claude-code-monitoring-(prometheus|loki|tempo)/.test(model), dashboard.uid);
    });
  });

  it("asks for the data sources at import, and for what Grafana must have", async () => {
    const asked = {
      prometheus: ["DS_PROMETHEUS", "datasource", "prometheus", "Prometheus"],
      loki: ["DS_LOKI", "datasource", "loki", "Loki"],
      tempo: ["DS_TEMPO", "datasource", "tempo", "Tempo"],
    };
    for (const { dashboard } of await written()) {
      const used = new Set(panelsOf(dashboard).map(({ datasource }) => datasource?.type));
      // Filters are asked of Prometheus everywhere. A dashboard of one text asks nobody.
      const isAsked = used.has("prometheus") || dashboard.templating.list !== undefined;
      const needed = Object.entries(asked).filter(([kind]) => used.has(kind) || (kind === "prometheus" && isAsked));
      assert.deepEqual(
        dashboard.__inputs.map(({ name, type, pluginId, pluginName }) => [name, type, pluginId, pluginName]),
        needed.map(([, input]) => input),
      );
      for (const { label, description } of dashboard.__inputs) {
        assert.ok(label && description);
      }
      const sources = dashboard.__requires.filter(({ type: kind }) => kind === "datasource").map(({ id }) => id);
      assert.deepEqual(
        sources,
        needed.map(([type]) => type),
      );
      const required = dashboard.__requires.filter(({ type: kind }) => kind === "panel").map(({ id }) => id);
      const types = new Set(dashboard.panels.map((panel) => panel.type));
      types.delete("row");
      assert.deepEqual(required, [...types].sort(), "a kind of panel has no name in cli/importable-dashboard.ts");
      assert.match(dashboard.__requires.find(({ id }) => id === "grafana")!.version, /^\d+\.\d+\.\d+$/);
    }
  });

  it("speaks the language that is asked for, or the stack's own", async () => {
    for (const [language, text] of Object.entries(texts)) {
      assert.equal((await written(language))[0]!.dashboard.title, text.overview.title);
    }
    assert.equal((await written(undefined, "dev"))[0]!.dashboard.title, texts.en.overview.title);
  });

  it("may be repeated into the same folder", async () => {
    await written();
    const { length } = allDashboards(dashboardOptions(stackConfig("prod", productionValues)));
    assert.equal((await written()).length, length);
  });

  it("reads its options", async () => {
    const seen: DashboardFilesOptions[] = [];
    const command = (monitor: Command) => {
      register(monitor, (options) => Promise.resolve(seen.push(options)).then(() => []));
    };
    await type(command, "dashboards", "--output", folder);
    await type(command, "dashboards", "--output", folder, "--language", "zh-TW", "--stack", "prod");
    assert.deepEqual(seen, [
      { output: folder, stack: "dev" },
      { output: folder, language: "zh-TW", stack: "prod" },
    ]);
    assert.match(await type(command, "dashboards", "--help"), /^Usage: npm run [^]*--output <folder>[^]*en or zh-TW/);
  });

  it("says in one line what is wrong", async () => {
    const file = path.join(folder, "file");
    fs.writeFileSync(file, "");
    const refused: readonly (readonly [string[], RegExp])[] = [
      [[], /required option '--output <folder>' not specified/],
      [["--output", ""], /^--output: found ""; expected a folder/],
      [["--output", file], /^--output: found ".*file", which is no folder/],
      [["--output", folder, "--language", "fr"], /^--language: found "fr"; expected one of en, zh-TW$/],
      [["--output", folder, "--language", "toString"], /^--language: found "toString"/],
      [["--output", folder, "--stack", "test"], /^--stack: found "test"; expected one of dev, prod$/],
    ];
    for (const [args, message] of refused) {
      await assert.rejects(type(register, "dashboards", ...args), { message });
    }
  });
});
