import assert from "node:assert/strict";

import type { ConfigValues } from "../../../config/paths";
import { personLabels } from "../../../dashboards/people";
import { type Dashboard, panelsOf, parsedDashboard, targetsOf, variablesOf } from "../dashboards/dashboard-model";
import { deploy, type Deployment } from "./deployment";
import { externalGrafana } from "./external-grafana";
import { interpolated } from "../dashboards/grafana-variables";
import { loadParser, parses, resultLabels, selectors } from "../dashboards/promql";
import { ofType } from "./registered";
import { problemsOf as problemsOfStack } from "../config/stack-config";

const problemsOf = (values: ConfigValues) => problemsOfStack("prod", values);

const main = "claude-code-monitoring";
const restricted = { "folders.peopleRole": "Editor", "budgets.perUser.daily": "50", "budgets.daily": "500" };
const singleSessions = ["claude-code-session", "claude-code-events"];

interface Grant {
  readonly role?: string;
  readonly teamId?: string;
  readonly permission: string;
}

/** Who may do what, by the folder's uid, e.g. `Viewer: View`. */
function grants(deployment: Deployment): Record<string, string[]> {
  const declared = ofType(deployment, "grafana:oss/folderPermission:FolderPermission").map(({ inputs }) => {
    const permissions = inputs["permissions"] as Grant[];
    const lines = permissions.map(({ role, teamId, permission }) => `${role ?? teamId ?? ""}: ${permission}`);
    return [String(inputs["folderUid"]), lines] as const;
  });
  return Object.fromEntries(declared);
}

/** Dashboards, by the folder's uid. */
function dashboardsByFolder(deployment: Deployment): ReadonlyMap<string, Dashboard[]> {
  const found = new Map<string, Dashboard[]>();
  for (const { inputs } of ofType(deployment, "grafana:oss/dashboard:Dashboard")) {
    const folder = String(inputs["folder"]);
    const dashboard = parsedDashboard({ json: String(inputs["configJson"]) });
    found.set(folder, [...(found.get(folder) ?? []), dashboard]);
  }
  return found;
}

function uids(dashboards: readonly Dashboard[] | undefined): string[] {
  return (dashboards ?? []).map(({ uid }) => uid).sort();
}

/** Titles of panels with a query whose result tells people apart. */
function panelsWithPeople(dashboard: Dashboard): string[] {
  const byPerson = targetsOf(dashboard).filter(({ target }) =>
    // What is not summed is of the stack itself, unless it is a client's.
    resultLabels(target.expr).some((labels, index) =>
      labels === undefined
        ? selectors(target.expr)[index]!.metric.startsWith("claude_code")
        : labels.some((label) => personLabels.includes(label)),
    ),
  );
  return [...new Set(byPerson.map(({ panel }) => panel.title))];
}

describe("folders", () => {
  before(loadParser);

  it("are one by default, where viewers look and do not edit", async () => {
    for (const stack of ["dev", "prod"]) {
      const deployment = await deploy(stack);
      assert.deepEqual(grants(deployment), { [main]: ["Viewer: View", "Editor: Edit"] });
      assert.deepEqual([...dashboardsByFolder(deployment).keys()], [main]);
    }
  });

  it("let viewers edit in no configuration", async () => {
    const teams: Record<string, string> = { "folders.perTeam": "true" };
    for (const values of [{}, restricted, teams, { ...teams, ...restricted, "folders.role": "Viewer" }]) {
      const lines = Object.values(grants(await deploy("prod", values))).flat();
      assert.ok(lines.length > 0);
      assert.deepEqual(
        lines.filter((line) => line.startsWith("Viewer") && line !== "Viewer: View"),
        [],
      );
    }
  });

  it("are open from the role on that is configured", async () => {
    const of = async (role: string) => grants(await deploy("prod", { "folders.role": role }))[main];
    assert.deepEqual(await of("Editor"), ["Editor: Edit"]);
    assert.deepEqual(await of("Admin"), ["Admin: Admin"]);
  });

  it("keep the permissions that another Grafana gave them, unless a role is configured", async () => {
    assert.deepEqual(grants(await deploy("prod", externalGrafana)), {});
    const told = await deploy("prod", { ...externalGrafana, "folders.role": "Viewer" });
    assert.deepEqual(grants(told), { [main]: ["Viewer: View", "Editor: Edit"] });
  });

  it("have their dashboards only once it is said who sees them", async () => {
    const deployment = await deploy("prod", restricted);
    const waitsFor = (dependsOn: unknown) =>
      (dependsOn as { __name: string }[]).map((one) => one.__name).filter((name) => name.endsWith("permissions"));
    for (const { inputs, options } of ofType(deployment, "grafana:oss/dashboard:Dashboard")) {
      const own = inputs["folder"] === main ? "folder-permissions" : "folder-people-permissions";
      assert.deepEqual(waitsFor(options.dependsOn), [`grafana-content-${own}`]);
    }
  });

  for (const [values, expected] of [
    [{ "folders.role": "Owner" }, /^folders.role: found "Owner"; expected one of Viewer, Editor, Admin, or no/],
    [
      { "folders.peopleRole": "Viewer" },
      /^folders.peopleRole: found "Viewer"; expected one of Editor, Admin, or nothing$/,
    ],
    [
      { "folders.role": "Admin", "folders.peopleRole": "Editor" },
      /^folders.peopleRole: found "Editor"; expected at least folders.role, "Admin"$/,
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(values)}`, () => {
      const [problem = "", ...more] = problemsOf(values);
      assert.match(problem, expected);
      assert.deepEqual(more, []);
    });
  }

  it("refuse folders of teams without teams", () => {
    assert.deepEqual(problemsOfStack("dev", { "folders.perTeam": "true" }), [
      'folders.perTeam: found "true"; without teams expected "false"',
    ]);
  });
});

describe("the folder that names people", () => {
  before(loadParser);

  let folders: ReadonlyMap<string, Dashboard[]>;
  let deployment: Deployment;
  const people = `${main}-people`;

  before(async () => {
    deployment = await deploy("prod", restricted);
    folders = dashboardsByFolder(deployment);
  });

  it("is there where a role is configured, for that role", async () => {
    assert.deepEqual(grants(deployment), { [main]: ["Viewer: View", "Editor: Edit"], [people]: ["Editor: Edit"] });
    const admins = await deploy("prod", { "folders.peopleRole": "Admin" });
    assert.deepEqual(grants(admins)[people], ["Admin: Admin"]);
  });

  it("has single sessions and events to itself, and leaves every uid what it was", async () => {
    const before = uids(dashboardsByFolder(await deploy("prod")).get(main));
    assert.deepEqual([...uids(folders.get(main)), ...singleSessions].sort(), before);
    assert.deepEqual(
      uids(folders.get(people)),
      [
        ...singleSessions,
        ...["monitoring-api", "spend", "adoption", "trust"].map((name) => `claude-code-${name}-people`),
      ].sort(),
    );
  });

  it("is the only one whose queries tell people apart", async () => {
    const found = (dashboards: readonly Dashboard[] = []) =>
      Object.fromEntries(dashboards.map((dashboard) => [dashboard.uid, panelsWithPeople(dashboard)]));
    assert.deepEqual(
      Object.values(found(folders.get(main))).flat(),
      [],
      "a panel of the folder that everybody sees names people",
    );
    const { title } = folders.get(people)!.find(({ uid }) => uid === "claude-code-spend-people")!;
    assert.match(title, /: people$/);
    // The same panels as ever are in the folder of people.
    const ever = found(dashboardsByFolder(await deploy("prod")).get(main));
    for (const [uid, panels] of Object.entries(found(folders.get(people)))) {
      assert.ok(panels.length > 0 || singleSessions.includes(uid), uid);
      assert.deepEqual(panels, ever[uid.replace(/-people$/, "")], uid);
    }
  });

  it("leaves the other no list of people, no filter by them, and no link to their sessions", () => {
    for (const dashboard of folders.get(main)!) {
      const json = JSON.stringify(dashboard);
      assert.doesNotMatch(json, /claude-code-session|claude-code-events/, dashboard.uid);
      assert.doesNotMatch(json, /label_values\([^)]*, (user|device|session_id)\)/, dashboard.uid);
      const { shown, hidden } = variablesOf(dashboard);
      assert.ok(!shown.some(({ name }) => ["user", "device"].includes(name)), dashboard.uid);
      for (const { name, type, query, skipUrlSync } of hidden.filter(({ name: one }) => /^(user|device)$/.test(one))) {
        assert.deepEqual([type, query, skipUrlSync], ["constant", ".*", true], name);
      }
      for (const { target } of targetsOf(dashboard)) {
        const asked = interpolated(target.expr, dashboard, "day");
        assert.ok(parses(asked), asked);
        assert.doesNotMatch(asked, /\$(user|device)/);
      }
    }
  });

  it("leaves panels of the other where they were in links, and no gaps", async () => {
    const ever = dashboardsByFolder(await deploy("prod")).get(main)!;
    for (const { uid, panels } of folders.get(main)!) {
      const known = new Map(ever.find((one) => one.uid === uid)!.panels.map(({ id, title }) => [id, title]));
      assert.deepEqual(
        panels.filter(({ id, title }) => known.get(id) !== title),
        [],
      );
      const bottom = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
      const covered = panels.reduce((area, { gridPos }) => area + gridPos.w * gridPos.h, 0);
      assert.equal(covered, bottom * 24, uid);
    }
  });

  it("holds the alerts whose messages name people, which link to its own panels", () => {
    interface Rule {
      readonly uid: string;
      readonly annotations: Readonly<Record<string, string>>;
      readonly datas: readonly { readonly model: string }[];
    }
    const rules = ofType(deployment, "grafana:alerting/ruleGroup:RuleGroup").flatMap(({ inputs }) =>
      (inputs["rules"] as Rule[]).map((rule) => ({ ...rule, folder: String(inputs["folderUid"]) })),
    );
    for (const { uid, folder, annotations, datas } of rules) {
      const { expr } = JSON.parse(datas[0]!.model) as { expr: string };
      const named = resultLabels(expr).some((labels) => labels?.includes("user"));
      assert.equal(folder, named ? people : main, uid);
      const linked = folders.get(folder)!.find((dashboard) => dashboard.uid === annotations["__dashboardUid__"]);
      const panels = linked === undefined ? [] : panelsOf(linked).map(({ id }) => String(id));
      assert.ok(panels.includes(annotations["__panelId__"]!), uid);
      assert.ok(uid.length <= 40, uid);
    }
    assert.equal(new Set(rules.map(({ uid }) => uid)).size, rules.length);
    assert.equal(rules.filter(({ folder }) => folder === people).length, 4);
  });
});

describe("folders of teams", () => {
  before(loadParser);

  const long = "the-team-with-the-longest-name-of-them-al";
  const values = { "folders.perTeam": "true", teams: ["web", long.slice(0, 40)] };

  it("are one for each, seen by the Grafana team of that name", async () => {
    const deployment = await deploy("prod", values);
    assert.deepEqual(
      ofType(deployment, "grafana:oss/team:Team").map(({ inputs }) => inputs),
      [{ name: long.slice(0, 40) }, { name: "web" }],
    );
    const { [main]: everybody, ...teams } = grants(deployment);
    assert.deepEqual(everybody, ["Viewer: View", "Editor: Edit"]);
    assert.deepEqual(teams[`${main}-team-web`], ["grafana-content-team-web-id: View"]);
    assert.equal(Object.keys(teams).length, 2);
    for (const uid of [...Object.keys(teams), ...[...dashboardsByFolder(deployment).values()].flatMap(uids)]) {
      assert.ok(uid.length <= 40, uid);
    }
  });

  it("have an overview of that team and no other", async () => {
    const [overview, ...more] = dashboardsByFolder(await deploy("prod", values)).get(`${main}-team-web`) ?? [];
    assert.ok(overview && more.length === 0);
    assert.match(overview.title, /: web$/);
    const { shown, hidden } = variablesOf(overview);
    assert.ok(!shown.some(({ name }) => name === "team"));
    const team = hidden.find(({ name }) => name === "team");
    assert.deepEqual([team?.type, team?.query, team?.skipUrlSync], ["constant", "web", true]);
    let asked = 0;
    for (const { panel, target } of targetsOf(overview)) {
      const expr = interpolated(target.expr, overview, "day");
      const amounts = selectors(expr).filter(({ metric }) => /claude_code/.test(metric) && !/:evaluated$/.test(metric));
      for (const { metric, matchers } of amounts) {
        asked += 1;
        assert.ok(matchers.includes('team=~"web"'), `${panel.title}: ${metric}`);
      }
    }
    assert.ok(asked >= 50, String(asked));
  });

  it("name people unless that is for a role", async () => {
    const overviewOf = async (more: ConfigValues) =>
      dashboardsByFolder(await deploy("prod", { ...values, ...more })).get(`${main}-team-web`)![0]!;
    assert.ok(panelsWithPeople(await overviewOf({})).length > 0);
    assert.deepEqual(panelsWithPeople(await overviewOf(restricted)), []);
  });
});
