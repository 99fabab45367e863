import assert from "node:assert/strict";

interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly type: { readonly isError: boolean };
  readonly node: { readonly parent: TreeNode | null };
}

interface TreeNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly parent: TreeNode | null;
  getChild(name: string): TreeNode | null;
  getChildren(name: string): TreeNode[];
}

interface Parser {
  parse(text: string): { iterate(visitor: { enter(node: Node): void }): void };
}

let parser: Parser | undefined;

/** Loads the parser, which is published as an ES module only. Call it before all tests of a suite that parses. */
export async function loadParser(): Promise<void> {
  ({ parser } = await import("@prometheus-io/lezer-promql"));
}

/** Calls back for every node of a query. */
function visit(query: string, enter: (node: Node) => void): void {
  if (parser === undefined) {
    throw new Error("the PromQL parser is not loaded; expected before(loadParser)");
  }
  parser.parse(query).iterate({ enter });
}

/** Whether a query parses. */
export function parses(query: string): boolean {
  let valid = query !== "";
  visit(query, ({ type }) => {
    valid &&= !type.isError;
  });
  return valid;
}

/** Names of the functions and aggregations that a query calls. */
export function calledFunctions(query: string): string[] {
  const names: string[] = [];
  visit(query, ({ name, from, to }) => {
    if (name === "FunctionIdentifier" || name === "AggregateOp") {
      names.push(query.slice(from, to));
    }
  });
  return names;
}

/** One selector of a query. */
export interface Selector {
  /** The name, or the pattern of names. */
  readonly metric: string;
  /** The names that it selects by: one, or the pattern's alternatives. */
  readonly names: readonly string[];
  /** Its other matchers, as written. */
  readonly matchers: readonly string[];
  /** The function that its window is handed to; undefined for a selector without a window. */
  readonly windowFunction: string | undefined;
  /** The operator that it is on the right side of, alone or as an alternative, with its modifiers. */
  readonly rightOf: string | undefined;
  /** The labels of the nearest aggregation around it. */
  readonly groupedBy: readonly string[];
  /** The functions and aggregations around it, the nearest first. */
  readonly within: readonly string[];
}

/** All selectors of a query. */
export function selectors(query: string): Selector[] {
  const found: Selector[] = [];
  visit(query, ({ name, node }) => {
    if (name === "VectorSelector") {
      // A cursor's node is the selector itself.
      found.push(described(query, node as TreeNode));
    }
  });
  return found;
}

/** Aggregations that keep some of the series as they are. */
const choosing = ["topk", "bottomk", "limitk", "limit_ratio"];

/** The labels that a query's result has from each of its selectors; undefined: all that the selector has. */
export function resultLabels(query: string): (readonly string[] | undefined)[] {
  const found: (readonly string[] | undefined)[] = [];
  const text = (part: TreeNode | null) => (part === null ? "" : query.slice(part.from, part.to));
  visit(query, ({ name, node }) => {
    if (name === "VectorSelector") {
      const outermost = ancestors(node as TreeNode)
        .filter((one) => one.name === "AggregateExpr" && !choosing.includes(text(one.getChild("AggregateOp"))))
        .at(-1);
      const modifier = text(outermost?.getChild("AggregateModifier") ?? null);
      assert.doesNotMatch(modifier, /^without/, query);
      found.push(
        outermost &&
          modifier
            .replace(/^by \(|\)$/g, "")
            .split(", ")
            .filter(Boolean),
      );
    }
  });
  return found;
}

function described(query: string, node: TreeNode): Selector {
  const text = (part: TreeNode | null) => (part === null ? "" : query.slice(part.from, part.to));
  const around = ancestors(node);
  const within = around.flatMap((one) => {
    const called = one.getChild("FunctionIdentifier") ?? one.getChild("AggregateOp");
    return called === null ? [] : [text(called)];
  });
  const aggregation = around.find(({ name }) => name === "AggregateExpr");
  const matchers = (node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? []).map(text);
  const byName = matchers.filter((matcher) => matcher.startsWith("__name__"));
  const [metric = text(node.getChild("Identifier"))] = byName.map((matcher) => /^__name__=~"(.*)"$/.exec(matcher)![1]!);
  return {
    metric,
    names: alternatives(metric),
    matchers: matchers.filter((matcher) => !byName.includes(matcher)),
    windowFunction: node.parent?.name === "MatrixSelector" ? within[0] : undefined,
    rightOf: operatorBefore(query, node),
    groupedBy: text(aggregation?.getChild("AggregateModifier") ?? null)
      .replace(/^by \(|\)$/g, "")
      .split(", ")
      .filter(Boolean),
    within,
  };
}

/** The texts that a pattern of names stands for, which has groups and alternatives and nothing else. */
function alternatives(pattern: string): string[] {
  const group = /\(([^()]*)\)/.exec(pattern);
  const all =
    group === null
      ? pattern.split("|")
      : group[1]!.split("|").flatMap((one) => alternatives(pattern.replace(group[0], () => one)));
  return [...new Set(all)];
}

function operatorBefore(query: string, node: TreeNode): string | undefined {
  let at = node;
  while (at.parent !== null && isAlternativeOrAlone(at.parent)) {
    at = at.parent;
  }
  const binary = at.parent?.name === "BinaryExpr" && at.parent.from !== at.from ? at.parent : undefined;
  return /(\S+(?: on \([^)]*\))?) $/.exec(query.slice(binary?.from ?? at.from, at.from))?.[1];
}

function isAlternativeOrAlone(node: TreeNode): boolean {
  const { name } = node;
  return name === "ParenExpr" || name === "OffsetExpr" || (name === "BinaryExpr" && node.getChild("Or") !== null);
}

function ancestors(node: TreeNode): TreeNode[] {
  const list: TreeNode[] = [];
  for (let at = node.parent; at !== null; at = at.parent) {
    list.push(at);
  }
  return list;
}
