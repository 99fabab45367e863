/** Labels of one series; a label with an empty value is absent. */
type Labels = Readonly<Record<string, string>>;

/** A sample as Prometheus' instant queries answer it. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

const operators: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
};

/**
 * What Prometheus answers to the little of PromQL that hidden variables ask in: `vector`, comparisons with a number,
 * `label_replace` and `or`.
 */
export function answered(query: string): Sample[] {
  let rest = query;
  const taken = (pattern: RegExp): string | undefined => {
    const [found] = new RegExp(`^(?:${pattern.source})`).exec(rest) ?? [];
    rest = rest.slice(found?.length ?? 0);
    return found;
  };
  const expect = (pattern: RegExp): string => {
    const found = taken(pattern);
    if (found === undefined) {
      throw new Error(`found "${rest}" in ${query}; expected ${pattern.source}`);
    }
    return found;
  };
  const text = () => {
    expect(/, /);
    // The two languages escape alike.
    return JSON.parse(expect(/"(?:[^"\\]|\\.)*"/)) as string;
  };
  const operand = (): Sample[] => {
    if (taken(/label_replace\(/) === undefined) {
      expect(/vector\(/);
      const value = Number(expect(/\d+/));
      expect(/\)/);
      return [{ labels: {}, value }];
    }
    const inner = alternatives();
    const [to, replacement, from, pattern] = [text(), text(), text(), text()];
    expect(/\)/);
    return inner.map(({ labels, value }) => ({ labels: replaced(labels, to, replacement, from, pattern), value }));
  };
  const compared = (): Sample[] => {
    let samples = operand();
    for (let operator = taken(/ (?:<=|>) /); operator !== undefined; operator = taken(/ (?:<=|>) /)) {
      const holds = operators[operator.trim()]!;
      const limit = Number(expect(/\d+/));
      samples = samples.filter(({ value }) => holds(value, limit));
    }
    return samples;
  };
  const alternatives = (): Sample[] => {
    const all = [compared()];
    while (taken(/ or /) !== undefined) {
      all.push(compared());
    }
    const keys = new Set<string>();
    return all.flatMap((samples) => {
      const fresh = samples.filter(({ labels }) => !keys.has(JSON.stringify(labels)));
      fresh.forEach(({ labels }) => keys.add(JSON.stringify(labels)));
      return fresh;
    });
  };
  const result = alternatives();
  expect(/$/);
  return result;
}

/** `label_replace`: the pattern must match the whole value, and the replacement may name its groups. */
function replaced(labels: Labels, to: string, replacement: string, from: string, pattern: string): Labels {
  const match = new RegExp(`^(?:${pattern})$`, "s").exec(labels[from] ?? "");
  if (match === null) {
    return labels;
  }
  const value = replacement.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (found, braced?: string, plain?: string) =>
    found === "$$" ? "$" : (match[Number(braced ?? plain)] ?? ""),
  );
  const others = Object.entries(labels).filter(([name]) => name !== to);
  return Object.fromEntries([...others, ...(value === "" ? [] : [[to, value] as const])].sort());
}
