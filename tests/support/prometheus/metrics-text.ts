/** One sample of Prometheus' text format. */
export interface TextSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads Prometheus' text format, as far as collectors write it; comments and time stamps are skipped. */
function parseMetricsText(text: string): TextSample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseLine);
}

/** Reads the samples that an HTTP endpoint serves. Rejects unless it answers 2xx. */
export async function scrape(url: string): Promise<TextSample[]> {
  const response = await fetch(url);
  const body = await response.text();
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}: ${body.slice(0, 200)}`);
  }
  return parseMetricsText(body);
}

/** Sum of all samples of a metric whose labels hold all of `labels`; `undefined` if there are none. */
export function sumSamples(
  samples: readonly TextSample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value));
  return found.length === 0 ? undefined : found.reduce((sum, sample) => sum + sample.value, 0);
}

function parseLine(line: string): TextSample {
  const match = /^([\w:]+)(?:\{(.*)\})? (\S+)(?: \d+)?$/.exec(line);
  if (match === null) {
    throw new Error(`not a line of Prometheus' text format: ${line}`);
  }
  const [, name = "", labels = "", value = ""] = match;
  return { name, labels: parseLabels(labels), value: value === "+Inf" ? Infinity : Number(value) };
}

function parseLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key, value.replace(/\\(.)/g, "$1")]));
}
