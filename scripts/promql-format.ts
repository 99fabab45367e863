/** Breaks long PromQL into lines, for people to read. Knows brackets, quotes and binary operators, and no more. */

const width = 100;

/** Binary operators with their modifiers, those that bind weakest first. */
const operators = ["or", "and|unless", "==|!=|<=|<|>=|>", "\\+|-", "\\*|/|%"].map(
  (names) => new RegExp(` (?:${names})(?: on \\([^)]*\\))?(?: group_left \\([^)]*\\))? `, "y"),
);

/** A query in lines of at most {@link width} characters, where brackets and operators allow it. */
export function formatPromql(query: string): string {
  return lines(query, "").join("\n");
}

function lines(text: string, indent: string): string[] {
  if (indent.length + text.length <= width) {
    return [indent + text];
  }
  for (const operator of operators) {
    const [first, ...rest] = splitAt(text, operator);
    if (first !== undefined && rest.length > 0) {
      return [...lines(first.text, indent), ...rest.flatMap((operand) => operandLines(operand, indent))];
    }
  }
  return callLines(text, indent);
}

function operandLines({ before, text }: Part, indent: string): string[] {
  const [first = "", ...rest] = lines(text, indent);
  return [`${indent}${before.trim()} ${first.trimStart()}`, ...rest];
}

/** The longest pair of parentheses opened: what is in it goes on lines of its own, one for each argument. */
function callLines(text: string, indent: string): string[] {
  const groups = [...parentheses(text)].sort((a, b) => b.to - b.from - (a.to - a.from));
  const [longest] = groups;
  if (longest === undefined) {
    return [indent + text];
  }
  const parameters = splitAt(text.slice(longest.from + 1, longest.to), /, /y);
  return [
    indent + text.slice(0, longest.from + 1),
    ...parameters.flatMap((parameter, index) => {
      const own = lines(parameter.text, `${indent}  `);
      return index === parameters.length - 1 ? own : [...own.slice(0, -1), `${own[own.length - 1] ?? ""},`];
    }),
    indent + text.slice(longest.to),
  ];
}

interface Part {
  /** The separator before it. */
  readonly before: string;
  readonly text: string;
}

/** A text's parts between separators that stand outside of all brackets and quotes. */
function splitAt(text: string, separator: RegExp): Part[] {
  const parts: Part[] = [];
  let before = "";
  let start = 0;
  for (let at = 0; at < text.length;) {
    separator.lastIndex = at;
    const found = separator.exec(text)?.[0];
    if (found === undefined) {
      at = skipped(text, at);
      continue;
    }
    parts.push({ before, text: text.slice(start, at) });
    before = found;
    at += found.length;
    start = at;
  }
  return [...parts, { before, text: text.slice(start) }];
}

function* parentheses(text: string): Generator<{ readonly from: number; readonly to: number }> {
  for (let at = 0; at < text.length;) {
    const next = skipped(text, at);
    if (text[at] === "(") {
      yield { from: at, to: next - 1 };
    }
    at = next;
  }
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Where what begins at a place ends: a bracket with all in it, a quoted text, or one character. */
export function skipped(text: string, from: number): number {
  const first = text[from] ?? "";
  if (first === '"') {
    const end = text.indexOf('"', from + 1);
    return end < 0 ? text.length : end + 1;
  }
  const close = closing[first];
  if (close === undefined) {
    return from + 1;
  }
  let at = from + 1;
  while (at < text.length && text[at] !== close) {
    at = skipped(text, at);
  }
  return at + 1;
}
