import type { SyntaxNode } from "@lezer/common" with { "resolution-mode": "import" };

import type { Entry } from "./entries";

/**
 * A stand-in for Loki's evaluation of LogQL, which cannot be had here: of what the dashboards ask, and nothing more. It
 * walks the tree that Grafana's own parser makes, and refuses whatever it does not know.
 */

let parser: { parse(text: string): { readonly topNode: SyntaxNode } } | undefined;

/** Loads the parser, which is published as an ES module. Call it before all tests of a suite that parses. */
export async function loadLogParser(): Promise<void> {
  ({ parser } = await import("@grafana/lezer-logql"));
}

function parsed(query: string): SyntaxNode {
  if (parser === undefined) {
    throw new Error("the LogQL parser is not loaded; expected before(loadLogParser)");
  }
  return parser.parse(query).topNode;
}

/** True if a query parses, variables replaced. */
export function parsesAsLogs(query: string): boolean {
  const isValid = (node: SyntaxNode): boolean => !node.type.isError && children(node).every(isValid);
  return query !== "" && isValid(parsed(query));
}

/** Sums by group: the text of its labels that are not empty. */
export type Samples = ReadonlyMap<string, number>;

/** Answer to a query: entries in the order of the given ones, or samples. */
export type LogAnswer = readonly Entry[] | Samples;

/** Evaluates a query at an instant, as far as it is a metric query; a log query gives all entries that it lets through. */
export function evaluateLogs(query: string, entries: readonly Entry[], atMs: number): LogAnswer {
  const text = (node: SyntaxNode) => query.slice(node.from, node.to);
  const unknown = (node: SyntaxNode) => new Error(`the stand-in for Loki does not know ${node.name}: ${text(node)}`);

  const literal = (node: SyntaxNode) => JSON.parse(text(node)) as string;

  function matches(matcher: SyntaxNode, { fields }: Entry): boolean {
    const [name, operator, value] = children(matcher);
    if (name === undefined || operator === undefined || value === undefined) {
      throw unknown(matcher);
    }
    // A label that an entry lacks is empty.
    const found = fields[text(name)] ?? "";
    switch (operator.name) {
      case "Eq":
        return found === literal(value);
      case "Neq":
        return found !== literal(value);
      case "Re":
        return wholly(literal(value)).test(found);
      default:
        throw unknown(operator);
    }
  }

  function filter(node: SyntaxNode, entry: Entry): boolean {
    const parts = children(node);
    switch (node.name) {
      case "Selector":
      case "Matchers":
      case "PipelineExpr":
        return parts.every((part) => filter(part, entry));
      case "PipelineStage":
        return parts.filter(({ name }) => name !== "Pipe").every((part) => filter(part, entry));
      case "LabelFilter":
        if (parts.some(({ name }) => name === "And" || name === "Comma")) {
          throw unknown(node);
        }
        return parts.filter(({ name }) => name !== "Or").some((part) => filter(part, entry));
      case "Matcher":
        return matches(node, entry);
      default:
        throw unknown(node);
    }
  }

  function selected(node: SyntaxNode): Entry[] {
    return entries.filter((entry) => children(node).every((part) => filter(part, entry)));
  }

  /** Numbers of a window, with the entries that they are of. */
  function windowed(node: SyntaxNode): { readonly entry: Entry; readonly value: number | undefined }[] {
    const range = node.getChild("Range");
    if (range === null || children(node).some(({ name }) => !windowParts.includes(name))) {
      throw unknown(node);
    }
    const fromMs = atMs - windowMs(text(range).slice(1, -1));
    const unwrapped = node.getChild("UnwrapExpr");
    const field = unwrapped === null ? undefined : unwrappedField(unwrapped);
    const filters = [...node.getChildren("Selector"), ...node.getChildren("PipelineExpr")];
    return entries
      .filter((entry) => entry.timeMs > fromMs && entry.timeMs <= atMs)
      .filter((entry) => filters.every((part) => filter(part, entry)))
      .map((entry) => ({ entry, value: field === undefined ? undefined : numberIn(entry.fields[field]) }));
  }

  /** `| unwrap field | __error__=""`: without the second part, one word in a field fails Loki's whole query. */
  function unwrappedField(node: SyntaxNode): string {
    const [unwrap, , failures, ...more] = children(node);
    const [, , field] = unwrap === undefined ? [] : children(unwrap);
    if (field === undefined || failures === undefined || text(failures) !== '__error__=""' || more.length > 0) {
      throw unknown(node);
    }
    return text(field);
  }

  function samples(node: SyntaxNode): Samples {
    const [operator] = children(node);
    const [grouping, inner] = [node.getChild("Grouping"), node.getChild("MetricExpr")];
    const [of] = inner === null ? [] : children(inner);
    if (of?.name !== "RangeAggregationExpr" || text(operator ?? node) !== "sum") {
      throw unknown(node);
    }
    const by = grouping === null ? [] : descendants(grouping, "Identifier").map(text);
    const [operation, logs] = children(of);
    if (operation === undefined || logs === undefined) {
      throw unknown(of);
    }
    const counts = text(operation) === "count_over_time";
    if (!counts && text(operation) !== "sum_over_time") {
      throw unknown(operation);
    }
    const groups = new Map<string, number>();
    for (const { entry, value } of windowed(logs)) {
      const added = counts ? 1 : value;
      if (added !== undefined) {
        const key = groupOf(entry, by);
        groups.set(key, (groups.get(key) ?? 0) + added);
      }
    }
    return groups;
  }

  const [expression] = children(only(parsed(query)));
  if (expression?.name === "LogExpr") {
    return selected(expression);
  }
  const [aggregation] = expression?.name === "MetricExpr" ? children(expression) : [];
  if (aggregation?.name !== "VectorAggregationExpr") {
    throw unknown(expression ?? parsed(query));
  }
  return samples(aggregation);
}

const windowParts = ["Selector", "PipelineExpr", "UnwrapExpr", "Range"];

/** The key of a group: labels that an entry has, names in order. */
export function groupOf({ fields }: Entry, by: readonly string[]): string {
  const names = [...by].sort().filter((name) => fields[name]);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, fields[name]])));
}

function only(node: SyntaxNode): SyntaxNode {
  return node.firstChild ?? node;
}

function children(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    list.push(child);
  }
  return list;
}

function descendants(node: SyntaxNode, name: string): SyntaxNode[] {
  return children(node).flatMap((child) => [...(child.name === name ? [child] : []), ...descendants(child, name)]);
}

/** Loki's expressions match a whole value, and may begin with flags. */
function wholly(pattern: string): RegExp {
  const [, flags = "", rest = ""] = /^(?:\(\?([is]+)\))?([^]*)$/.exec(pattern) ?? [];
  return new RegExp(`^(?:${rest})$`, flags);
}

function windowMs(duration: string): number {
  const [, amount = "", unit = ""] = /^(\d+)(s|m|h)$/.exec(duration) ?? [];
  return Number(amount) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as "s" | "m" | "h"];
}

/** A number as Loki 3.7.7 was seen to read it: "1_000" and "NaN" are some, "0x10" and " 1" are none. */
function numberIn(text = ""): number | undefined {
  if (/^[+-]?(?:inf|infinity|nan)$/i.test(text)) {
    return /nan/i.test(text) ? NaN : text.startsWith("-") ? -Infinity : Infinity;
  }
  return /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text.replaceAll("_", "")) : undefined;
}
