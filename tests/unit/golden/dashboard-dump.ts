import { isDeepStrictEqual } from "node:util";

import { flow } from "./yaml";

type Json = Readonly<Record<string, unknown>>;

interface Panel extends Json {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: Json; readonly overrides: readonly Override[] };
  readonly targets?: readonly Json[];
  readonly transformations?: readonly { readonly id: string; readonly options: unknown }[];
}

interface Override {
  readonly matcher: { readonly id: string; readonly options: unknown };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

interface Dashboard extends Json {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list?: readonly (Json & { readonly name: string })[] };
}

/** A dashboard, read from Grafana's JSON model. */
export function dashboardOf(json: string): Dashboard {
  return JSON.parse(json) as Dashboard;
}

/** What all panels of a type have in common, by type. */
export function panelTypes(dashboards: readonly Dashboard[]): ReadonlyMap<string, Json> {
  const types = new Map<string, Json>();
  for (const panel of dashboards.flatMap(({ panels }) => panels)) {
    const known = types.get(panel.type);
    const settings = settingsOf(panel);
    types.set(panel.type, known === undefined ? settings : common(known, settings));
  }
  return types;
}

/**
 * A dashboard as a list: a line for each variable, and for each panel what it does not share with all of its type.
 * Queries and descriptions are left out: those have tests of their own, these are in `docs/panels.md`.
 */
export function dashboardDump(dashboard: Dashboard, types: ReadonlyMap<string, Json>): string {
  const { panels, templating } = dashboard;
  return [
    ...Object.entries(omit(dashboard, ["panels", "templating", "description"])).map(
      ([key, value]) => `${key}: ${flow(value)}`,
    ),
    "variables:",
    ...(templating.list ?? []).map((variable) => `  - ${flow(variable)}`),
    "panels:",
    ...panels.flatMap((panel) => panelLines(panel, types.get(panel.type)!)),
    "",
  ].join("\n");
}

function panelLines(panel: Panel, shared: Json): string[] {
  const { type, title, id, gridPos, fieldConfig, targets = [], transformations } = panel;
  const { x, y, w, h } = gridPos;
  const place = `${w}x${h} at ${x},${y}`;
  const settings = without(settingsOf(panel), shared);
  if (type === "row") {
    return [`  - row: ${flow({ title, id, place, ...settings })}`];
  }
  const overrides = Object.fromEntries(
    (fieldConfig?.overrides ?? []).map(({ matcher, properties }) => [
      `${matcher.id} ${flow(matcher.options)}`,
      Object.fromEntries(properties.map((property) => [property.id, property.value])),
    ]),
  );
  const answers = new Set(targets.map(answerOf));
  return [
    `  - panel: ${flow({ title, type, id, place, ...settings })}`,
    ...[...answers].map((answer, index) => `${index === 0 ? "    answers:\n" : ""}      - ${answer}`),
    ...(Object.keys(overrides).length === 0 ? [] : [`    overrides: ${flow(overrides)}`]),
    ...(transformations === undefined
      ? []
      : [`    transformations: ${flow(transformations.map((each) => ({ [each.id]: each.options })))}`]),
  ];
}

/** What a panel asks for beside the query itself: the form of the answer and its legend. */
function answerOf(target: Json): string {
  const { uid } = target["datasource"] as { readonly uid: string };
  return flow({ from: uid, ...omit(target, ["datasource", "expr", "query", "refId"]) });
}

/** The rest of a panel: options, the defaults of its fields, and what is rarely set. */
function settingsOf(panel: Panel): Json {
  const elsewhere = ["type", "title", "id", "gridPos", "description", "targets", "transformations", "fieldConfig"];
  return { ...panel.fieldConfig?.defaults, ...omit(panel, elsewhere) };
}

function omit(object: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** What two objects have in common, at any depth. */
function common(a: Json, b: Json): Json {
  return Object.fromEntries(
    Object.entries(a).flatMap(([key, value]) => {
      const other = b[key];
      if (isDeepStrictEqual(value, other)) {
        return [[key, value]];
      }
      const part = isMap(value) && isMap(other) ? common(value, other) : {};
      return Object.keys(part).length === 0 ? [] : [[key, part]];
    }),
  );
}

/** An object without what is in another, at any depth. */
function without(a: Json, shared: Json): Json {
  return Object.fromEntries(
    Object.entries(a).flatMap(([key, value]) => {
      const other = shared[key];
      if (isDeepStrictEqual(value, other)) {
        return [];
      }
      return [[key, isMap(value) && isMap(other) ? without(value, other) : value]];
    }),
  );
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
