import { isIP } from "node:net";

import { z } from "zod";

import { type ImageName, images, isImageName, isImageReference } from "../components/kubernetes/images";
import { durationSeconds, parseCpu, parseQuantity } from "../units";

/** Kinds of configuration values: each turns the text that Pulumi hands over into what the program works with. */

/** A value that `parse` understands; `expected` completes the sentence "expected …". */
export function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  return z.string({ error: `expected ${expected}` }).transform((text, context): T => {
    const value = parse(text);
    if (value === undefined) {
      context.addIssue({ code: "custom", message: `expected ${expected}` });
      return z.NEVER;
    }
    return value;
  });
}

/** The same, where an empty text stands for no value. */
export function optional(expected: string, parse: (text: string) => string | undefined) {
  return parsed(`${expected}, or nothing`, (text) => (text === "" ? "" : parse(text))).transform(
    (text) => text || undefined,
  );
}

export function matching(expected: string, pattern: RegExp) {
  return parsed(expected, (text) => whole(pattern, text));
}

function whole(pattern: RegExp, text: string): string | undefined {
  return pattern.test(text) ? text : undefined;
}

export function objectName(text: string): string | undefined {
  return whole(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, text);
}

/** Five fields of digits, names, `*`, `/`, `,` and `-`; Kubernetes checks their ranges. */
export function cronSchedule(text: string): string | undefined {
  return whole(/^[\w*/,-]+( [\w*/,-]+){4}$/, text);
}

export function oneOf<const T extends string>(...choices: readonly T[]) {
  return parsed(`one of ${choices.join(", ")}`, (text) => choices.find((choice) => choice === text));
}

/** One of the choices; nothing where the text is empty. */
export function optionalOneOf<const T extends string>(...choices: readonly T[]) {
  return parsed(`one of ${choices.join(", ")}, or nothing`, (text) =>
    text === "" ? "" : choices.find((choice) => choice === text),
  ).transform((value) => (value === "" ? undefined : value));
}

export function wholeNumber(from: number, to: number) {
  return parsed(`a whole number from ${from} to ${to}`, (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  });
}

export function httpUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === "/" && !/[?#@]/.test(text);
  return plain ? text.replace(/\/$/, "") : undefined;
}

/** A URL of the web with its path, without user, query or fragment. */
export function endpointUrl(text: string): string | undefined {
  return anyUrl(text) !== undefined && !/[?#@]/.test(text) ? text : undefined;
}

/** Any URL of the web, path and query included: webhooks carry their secret there. */
export function anyUrl(text: string): string | undefined {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined;
}

export const duration = parsed("a duration such as 90s, 24h or 15d", durationSeconds);
export const quantity = parsed("a quantity such as 512Mi or 10Gi", parseQuantity);
export const cpu = parsed("a CPU quantity such as 250m or 2", parseCpu);
export const urlExpected = "a URL such as https://grafana.example.com, without path";
export const url = parsed(urlExpected, httpUrl);
export const nodePort = wholeNumber(30000, 32767);
export const bool = parsed("true or false", (text) => (text === "true" ? true : text === "false" ? false : undefined));
export const dnsLabel = matching(
  "a DNS label: lower-case letters, digits and hyphens, at most 40, first a letter",
  /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
);

/** An amount of USD; nothing where the text is empty. */
export const optionalUsd = parsed("an amount of USD such as 500 or 99.5, or nothing", (text) =>
  text === "" ? "" : usd(text),
).transform((value) => (value === "" ? undefined : value));

/** Amounts of USD by name, e.g. `platform=500, web=300`. */
export const usdByName = parsed("names and amounts of USD such as platform=500, web=300, or nothing", (text) => {
  const entries = list(text).map((item) => {
    const split = item.lastIndexOf("=");
    return [item.slice(0, Math.max(split, 0)).trim(), usd(item.slice(split + 1).trim())] as const;
  });
  const names = new Set(entries.map(([name]) => name));
  const valid = entries.every(([name, value]) => name !== "" && value !== undefined) && names.size === entries.length;
  return valid ? new Map(entries.map(([name, value]) => [name, Number(value)])) : undefined;
});

function usd(text: string): number | undefined {
  return /^\d{1,12}(\.\d{1,6})?$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

function list(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((item) => item.trim());
}

/** Mail addresses, separated by commas. */
export const emails = parsed("mail addresses separated by commas, or nothing", (text) =>
  list(text).every((item) => /^[^\s@]+@[^\s@]+$/.test(item)) ? list(text) : undefined,
);

/** Some of the choices, separated by commas; none where the text is empty. */
export function someOf<const T extends string>(...choices: readonly T[]) {
  return parsed(`some of ${choices.join(", ")}, separated by commas, or nothing`, (text) => {
    const chosen = list(text).map((item) => choices.find((choice) => choice === item));
    return chosen.every((choice) => choice !== undefined) ? [...new Set(chosen)] : undefined;
  });
}

const attributeName = /^[a-zA-Z_][\w.-]{0,99}$/;

/** Names of attributes, separated by commas. */
export const attributeNames = parsed("attribute names such as cost.center, separated by commas, or nothing", (text) =>
  list(text).every((item) => attributeName.test(item)) ? list(text) : undefined,
);

/** Values by name, e.g. `team=core|web, model=claude-new`. */
export const valuesByName = parsed("names and values such as team=core|web, tool_name=MyTool, or nothing", (text) => {
  const entries = list(text).map((item) => {
    const [name = "", values = ""] = item.split(/=(.*)/s);
    return [name.trim(), values.split("|").map((value) => value.trim())] as const;
  });
  const valid = entries.every(([name, values]) => attributeName.test(name) && values.every((value) => value !== ""));
  const distinct = new Set(entries.map(([name]) => name)).size === entries.length;
  return valid && distinct ? Object.fromEntries(entries) : undefined;
});

const teamName = /^[a-zA-Z0-9][\w-]{0,39}$/;
const generation = /^[1-9]\d{0,3}$/;

/** Teams and the numbers of their credentials that are valid, e.g. `platform, web=2, mobile=2|3`. */
export const teams = parsed("teams such as platform, web=2, mobile=2|3, or nothing", (text) => {
  const entries = list(text).map((item) => {
    const [name = "", numbers = "1"] = item.split(/\s*=\s*(.*)/s);
    return [name, numbers.split("|").map((number) => number.trim())] as const;
  });
  const valid = entries.every(
    ([name, numbers]) =>
      teamName.test(name) &&
      numbers.every((number) => generation.test(number)) &&
      new Set(numbers).size === numbers.length,
  );
  const distinct = new Set(entries.map(([name]) => name)).size === entries.length;
  return valid && distinct ? new Map(entries.map(([name, numbers]) => [name, numbers.map(Number)])) : undefined;
});

/** A cert-manager issuer, e.g. `ClusterIssuer/letsencrypt`. */
export const issuer = parsed("an issuer of cert-manager such as ClusterIssuer/letsencrypt, or nothing", (text) => {
  const [, kind, name] = /^(ClusterIssuer|Issuer)\/([a-z0-9][a-z0-9.-]{0,251})$/.exec(text) ?? [];
  return text === ""
    ? ""
    : name && { kind: kind === "Issuer" ? ("Issuer" as const) : ("ClusterIssuer" as const), name };
}).transform((value) => (value === "" ? undefined : value));

const imagesExpected =
  "images by component such as grafana=registry.example.com/grafana/grafana:13.2.2, each with a tag and perhaps a " +
  `digest (@sha256:…), components ${Object.keys(images).join(", ")}, or nothing`;

/** References of images, by component. */
export const imagesByComponent = parsed(imagesExpected, (text) => {
  const entries = list(text).map((item) => {
    const [name = "", reference = ""] = item.split(/=(.*)/s);
    return [name.trim(), reference.trim()] as const;
  });
  const valid = entries.every(([name, reference]) => isImageName(name) && isImageReference(reference));
  const distinct = new Set(entries.map(([name]) => name)).size === entries.length;
  const byComponent: Partial<Record<ImageName, string>> = Object.fromEntries(entries);
  return valid && distinct ? byComponent : undefined;
});

/** Blocks of addresses, separated by commas. */
export const addressBlocks = parsed("blocks of addresses such as 10.96.0.10/32, fd00::/8, or nothing", (text) =>
  list(text).every(isAddressBlock) ? list(text) : undefined,
);

function isAddressBlock(text: string): boolean {
  const [address = "", length = ""] = text.split(/\/(.*)/s);
  const version = isIP(address);
  return version !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
}

/** Names of namespaces, separated by commas. */
export const namespaces = parsed("names of namespaces separated by commas, or nothing", (text) =>
  list(text).every((item) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(item)) ? list(text) : undefined,
);

/** Names of labels, separated by commas. */
export const labelNames = parsed("label names separated by commas", (text) =>
  list(text).length > 0 && list(text).every((item) => /^[a-zA-Z_]\w*$/.test(item)) ? list(text) : undefined,
);

/** An IANA time zone. */
export const timeZone = parsed("a time zone such as UTC or Europe/Berlin", (text) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
});

/** Days and hours of a week, in the stack's time zone. */
export interface WeeklyTime {
  /** 0 is Sunday. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Minutes since midnight. */
  readonly from: number;
  /** Minutes since midnight, after `from`. */
  readonly to: number;
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const weeklyExpected = "days and hours such as Mon-Fri 08:00-18:00";

function weekly(text: string): WeeklyTime | undefined {
  const match = /^(\w{3})(?:-(\w{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text.trim());
  const [, first = "", last = first, ...clock] = match ?? [];
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = clock.map(Number);
  const time = {
    firstDay: days.indexOf(first),
    lastDay: days.indexOf(last),
    from: fromHour * 60 + fromMinute,
    to: toHour * 60 + toMinute,
  };
  const valid = time.firstDay >= 0 && time.lastDay >= 0 && time.from < time.to && time.to <= 24 * 60;
  return valid && fromMinute < 60 && toMinute < 60 ? time : undefined;
}

/** One span of days and hours. */
export const weeklyTime = parsed(weeklyExpected, weekly);

/** Spans of days and hours, separated by commas. */
export const weeklyTimes = parsed(`${weeklyExpected}, more separated by commas, or nothing`, (text) => {
  const times = list(text).map(weekly);
  return times.every((time) => time !== undefined) ? times : undefined;
});
