import { type Attribute, attributeLists, type Json, objects, type Signal } from "./captures";
import type { Random } from "./random";

/** Exports that are well formed and yet nobody's: what is taken must do no harm. Each changes an export in place. */
type ValueMutation = (root: Json, random: Random, signal: Signal) => void;

const texts = [
  "",
  " ",
  "\0",
  "core\0",
  "a\nb\r\n\tc",
  "NaN",
  "-1",
  "1e308",
  "1e99999",
  "99999999999999999999999999",
  "0x10",
  "1_000",
  "\u0661\u0662",
  "+5",
  "5\n",
  "other",
  '{"a":[1]}',
  "'; DROP",
  "${env:HOME}",
  "\u202e\ufeff",
  "\u{1f4a9}".repeat(300),
  "x".repeat(5000),
];
const oddValues: { [key: string]: Json }[] = [
  {},
  { boolValue: true },
  { intValue: "9223372036854775807" },
  { intValue: "-9223372036854775808" },
  { intValue: 0 },
  { doubleValue: 1e308 },
  { doubleValue: -5 },
  { doubleValue: 5e-324 },
  { doubleValue: 1e21 },
  { bytesValue: "aG9vaw==" },
  { bytesValue: "hook" },
  { arrayValue: { values: [] } },
  { arrayValue: { values: [{ stringValue: "a" }, { intValue: 1 }, {}] } },
  { kvlistValue: { values: [{ key: "", value: {} }] } },
  { kvlistValue: { values: [{ key: "id", value: { kvlistValue: { values: [] } } }] } },
  ...texts.map((text) => ({ stringValue: text })),
];
/** What metrics are made of, and what tells series apart. */
const names = {
  metrics: ["session.id", "team", "user", "model", "type", "query_source", "tool_name", "claude_monitoring.demo"],
  logs: [
    ...["session.id", "team", "model", "query_source", "tool_name", "event.name", "event.sequence", "cost_usd"],
    ...["input_tokens", "output_tokens", "cache_read_tokens", "duration_ms", "ttft_ms", "status_code", "success"],
    ...["claude_monitoring.demo", "claude_monitoring.time_ms", "claude_monitoring.query_source", "prompt.id"],
  ],
  traces: ["session.id", "team", "decision", "source", "claude_monitoring.demo"],
} as const;
const numbers: Json[] = ["NaN", "Infinity", "-Infinity", 1e308, -1e308, -1, -0.5, 5e-324, 1e18, 0];
const times = ["0", "1", "18446744073709551615", "9223372036854775807", "9223372036854775808", "4102444800000000000"];
const eventNames = ["api_request", "api_error", "user_prompt", "tool_result", "tool_decision", "compaction", "", "A B"];

/** Each a label's value that Prometheus takes for another's. */
const spellings: ({ [key: string]: Json } | undefined)[] = [
  undefined,
  {},
  { stringValue: "" },
  { intValue: 7 },
  { stringValue: "7" },
  { boolValue: true },
  { stringValue: "true" },
  { arrayValue: { values: [] } },
  { stringValue: "[]" },
  // Shown in base64, which is the name of the team that others send for.
  { bytesValue: "core" },
];
const recordLists = ["logRecords", "spans", "dataPoints"];

const lists = (root: Json): Attribute[][] => attributeLists(root).filter((list) => list.length > 0);
const points = (root: Json) => objects(root).filter((object) => "asDouble" in object);
const metricsOf = (root: Json) =>
  objects(root).filter((object) => "sum" in object && typeof object["sum"] === "object");
const put = (list: Attribute[], key: string, value: { [key: string]: Json }): void => {
  const found = list.find((attribute) => attribute.key === key);
  if (found === undefined) {
    list.push({ key, value });
  } else {
    found.value = value;
  }
};

/** By name. */
export const valueMutations: Readonly<Record<string, ValueMutation>> = {
  "attribute of another kind": (root, random, signal) => {
    for (let count = 1 + random.below(4); count > 0; count--) {
      put(random.pick(lists(root)), random.pick(names[signal]), structuredClone(random.pick(oddValues)));
    }
  },
  "attribute given twice": (root, random, signal) => {
    const list = random.pick(lists(root));
    const key = random.pick(names[signal]);
    list.push({ key, value: structuredClone(random.pick(oddValues)) }, { key, value: { stringValue: "second" } });
  },
  "one label, spelled in several ways": (root, random, signal) => {
    const holder = objects(root).find((object) => recordLists.some((name) => name in object)) ?? {};
    const name = recordLists.find((candidate) => candidate in holder) ?? "";
    const key = signal === "metrics" ? random.pick(["team", "user"]) : random.pick(["team", "claude_monitoring.demo"]);
    const [record] = holder[name] as { [key: string]: Json }[];
    // In metrics, which clients count themselves, it would only be one more way to say another team's name.
    const values = signal === "metrics" ? spellings.slice(0, -1) : spellings;
    holder[name] = values.map((value, index) => {
      const attributes = structuredClone((record?.["attributes"] ?? []) as Attribute[]);
      put(attributes, "event.name", { stringValue: "api_request" });
      // Of the same value, Prometheus would take both.
      put(attributes, "duration_ms", { intValue: 1500 + 1000 * index });
      return { ...record, attributes: [...attributes, ...(value === undefined ? [] : [{ key, value }])] };
    });
  },
  "time that cannot be": (root, random) => {
    for (const object of objects(root)) {
      for (const name of Object.keys(object).filter((key) => key.endsWith("UnixNano"))) {
        object[name] = random.pick(times);
      }
    }
  },
  "number that cannot be": (root, random, signal) => {
    if (signal === "metrics") {
      points(root).forEach((point) => (point["asDouble"] = random.pick(numbers)));
      return;
    }
    for (const list of lists(root)) {
      for (const attribute of list.filter(({ value }) => "intValue" in value || "doubleValue" in value)) {
        attribute.value = { doubleValue: random.pick(numbers) };
      }
    }
  },
  "name that is none": (root, random) => {
    for (const object of objects(root).filter((candidate) => typeof candidate["name"] === "string")) {
      object["name"] = random.pick(texts);
    }
  },
  "many values of each label": (root, random, signal) => {
    for (const list of lists(root)) {
      for (const key of names[signal]) {
        put(list, key, { stringValue: `${key}-${random.below(2 ** 30)}` });
      }
    }
  },
  "event of another kind": (root, random) => {
    lists(root).forEach((list) => {
      put(list, "event.name", { stringValue: random.pick(eventNames) });
    });
  },
  "everything twice": (root) => {
    for (const object of objects(root)) {
      for (const [key, value] of Object.entries(object)) {
        if (Array.isArray(value) && key !== "attributes" && key !== "values") {
          object[key] = [...value, ...structuredClone(value)];
        }
      }
    }
  },
  "histogram that contradicts itself": (root, random) => {
    for (const metric of metricsOf(root)) {
      const bounds = [...Array(random.below(6)).keys()].map(() => random.pick([1, 5, 2, -3, 1e308]));
      metric["histogram"] = {
        aggregationTemporality: 1 + random.below(2),
        dataPoints: [
          {
            timeUnixNano: `${Date.now()}000000`,
            count: String(random.below(100)),
            sum: random.pick([1, -1, 1e308]),
            bucketCounts: [...Array(random.below(9)).keys()].map(() => String(random.below(50))),
            explicitBounds: bounds,
            attributes: [{ key: "team", value: { stringValue: "fuzz" } }],
          },
        ],
      };
      delete metric["sum"];
    }
  },
  "running total of nobody": (root, random) => {
    for (const metric of metricsOf(root)) {
      (metric["sum"] as { [key: string]: Json })["aggregationTemporality"] = random.pick([0, 2, 7]);
      points(metric).forEach((point) => (point["asDouble"] = random.pick(numbers)));
    }
  },
  "nothing in it": (root, random) => {
    for (const object of objects(root)) {
      for (const key of Object.keys(object).filter((name) => name !== "key")) {
        if (random.below(4) === 0 && Array.isArray(object[key])) {
          object[key] = [];
        }
      }
    }
  },
};
