import { isIP } from "node:net";

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { imageReference } from "../components/kubernetes/images";
import { durationSeconds, parseCpu, parseQuantity } from "../units";

/** Kinds of configuration values: each turns what a stack's file says into what the program works with. */

/** The validated values of a feature's schema. */
export type ValuesOf<Schema extends z.ZodRawShape> = Readonly<z.output<z.ZodObject<Schema>>>;

/**
 * A value that `parse` understands; `expected` completes the sentence "expected …". Numbers and booleans count as their
 * text: Pulumi hands over either, depending on how a value was set.
 */
export function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  const error = `expected ${expected}`;
  return z.union([z.string(), z.number(), z.boolean()], { error }).transform((found, context): T => {
    const value = parse(String(found));
    if (value === undefined) {
      context.addIssue({ code: "custom", message: error });
      return z.NEVER;
    }
    return value;
  });
}

/** The same, where no value and an empty text stand for none. */
export function optional<T>(expected: string, parse: (text: string) => T | undefined) {
  return parsed(`${expected}, or nothing`, (text): { readonly value?: T } | undefined => {
    const value = text === "" ? undefined : parse(text);
    return text === "" || value !== undefined ? { value } : undefined;
  })
    .transform(({ value }) => value)
    .optional();
}

/** A value that must not be shown. Pulumi keeps what is made of it encrypted, and nothing prints it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value, for components: secret in the engine's state and in its output. */
  get output(): pulumi.Output<string> {
    return pulumi.secret(this.#text);
  }

  /** Answers a question about the value without showing it. */
  tell<T extends number | boolean>(question: (text: string) => T): T {
    return question(this.#text);
  }
}

/** A secret, or none. Its schema says so: errors show no value, and production takes none in plain text. */
export function secret(expected: string, parse: (text: string) => string | undefined = (text) => text) {
  return optional(expected, (text) => {
    const value = parse(text);
    return value === undefined ? undefined : new Secret(value);
  }).meta({ secret: true });
}

/** A list; `expected` names its elements in the plural. */
export function list<Element extends z.ZodType>(expected: string, element: Element) {
  return z.array(element, { error: `expected a list of ${expected}` });
}

/** Keys that belong together; without the group, each has its default. */
export function group<Shape extends z.ZodRawShape>(shape: Shape) {
  const error = `expected keys such as ${Object.keys(shape).slice(0, 3).join(", ")}`;
  return z.strictObject(shape, { error }).prefault({} as z.input<z.ZodObject<Shape, z.core.$strict>>);
}

export function matching(expected: string, pattern: RegExp) {
  return parsed(expected, whole(pattern));
}

/** The name of an attribute that clients send. */
export function attributeName(example: string) {
  return matching(`an attribute's name such as ${example}`, /^[a-zA-Z_][\w.-]{0,99}$/);
}

/** Understands a text that matches as it is. */
export function whole(pattern: RegExp) {
  return (text: string): string | undefined => (pattern.test(text) ? text : undefined);
}

export function oneOf<const T extends string>(...choices: readonly T[]) {
  return parsed(`one of ${choices.join(", ")}`, (text) => choices.find((choice) => choice === text));
}

export function optionalOneOf<const T extends string>(...choices: readonly T[]) {
  return optional(`one of ${choices.join(", ")}`, (text) => choices.find((choice) => choice === text));
}

export function wholeNumber(from: number, to: number) {
  return parsed(`a whole number from ${from} to ${to}`, (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  });
}

export const bool = parsed("true or false", (text) => (text === "true" ? true : text === "false" ? false : undefined));
export const duration = parsed("a duration such as 90s, 24h or 15d", durationSeconds);
export const quantity = parsed("a quantity such as 512Mi or 10Gi", parseQuantity);
export const cpu = parsed("a CPU quantity such as 250m or 2", parseCpu);
/** Five fields of cron; Kubernetes checks their ranges. */
export const cron = matching("five fields of cron such as 17 3 * * *", /^[\w*/,-]+( [\w*/,-]+){4}$/);
export const nodePort = wholeNumber(30000, 32767);
export const text = (expected: string) => optional(expected, (value) => value);

/** CPU and memory of a container. */
export function resources(defaults: {
  readonly cpuRequest: string;
  readonly cpuLimit: string;
  readonly memory: string;
}) {
  return group({
    cpuRequest: cpu.prefault(defaults.cpuRequest).describe("CPU that is reserved"),
    cpuLimit: cpu.prefault(defaults.cpuLimit).describe("Most CPU that it may use"),
    memory: quantity.prefault(defaults.memory).describe("Memory that is reserved, and the most that it may use"),
  }).superRefine(({ cpuRequest, cpuLimit }, context) => {
    if (cpuRequest.cores > cpuLimit.cores) {
      const message = `expected at most cpuLimit, "${cpuLimit.text}"`;
      context.addIssue({ code: "custom", message, params: { found: `cpuRequest "${cpuRequest.text}"` } });
    }
  });
}

const objectName = whole(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/);
const storageClassExpected = "the name of a StorageClass of the cluster";

export const storageClass = parsed(storageClassExpected, objectName);
export const optionalStorageClass = optional(storageClassExpected, objectName);
export const optionalName = (kind: string) => optional(`the name of ${kind}`, objectName);
export const dnsLabel = matching(
  "a DNS label: lower-case letters, digits and hyphens, at most 40, first a letter",
  /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
);
export const namespaceName = matching("the name of a namespace", /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
export const image = optional(
  "an image such as registry.example.com/grafana/grafana:13.2.2, with a tag and perhaps a digest (@sha256:…)",
  whole(imageReference),
);

/** A URL of the web with its path, without user, query or fragment. */
export function endpointUrl(value: string): string | undefined {
  return anyUrl(value) !== undefined && !/[?#@]/.test(value) ? value : undefined;
}

/** Any URL of the web, path and query included: webhooks carry their secret there. */
export function anyUrl(value: string): string | undefined {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value : undefined;
}

/** A URL of the web without path. */
export function baseUrl(value: string): string | undefined {
  const plain = endpointUrl(value) !== undefined && new URL(value).pathname === "/";
  return plain ? value.replace(/\/$/, "") : undefined;
}

export const url = parsed("a URL such as https://grafana.example.com, without path", baseUrl);
export const optionalUrl = (example: string) => optional(`a URL such as ${example}`, baseUrl);
export const optionalEndpoint = (example: string) => optional(`a URL such as ${example}`, endpointUrl);

/** A mail address; commas and semicolons separate addresses. */
export const mailAddress = whole(/^[^\s@,;]+@[^\s@,;]+$/);

/** A host with its port. */
export function hostAndPort(value: string): string | undefined {
  return /^[^\s/?#@]+:\d+$/.test(value) && URL.canParse(`smtp://${value}`) ? value : undefined;
}

/** Problems of addresses by key, if nobody has their domain. */
export function placeholders(addresses: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(addresses)
    .filter(([, address = ""]) => /(^|[./@])example\.(com|net|org)(:\d+)?$/.test(address))
    .map(
      ([key, address]) => `${key}: found the placeholder "${address}"; in production expected an address of your own`,
    );
}

/** The port that a URL leads to. */
export function portOf(value: string): number {
  const { port, protocol } = new URL(value);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

const usdExpected = "an amount of USD such as 500 or 99.5";
const usdOf = (value: string) =>
  /^\d{1,12}(\.\d{1,6})?$/.test(value) && Number(value) > 0 ? Number(value) : undefined;

/** An amount of USD. */
export const usd = parsed(usdExpected, usdOf);
/** An amount of USD, or none. */
export const optionalUsd = optional(usdExpected, usdOf);

/** A block of addresses. */
export const addressBlock = parsed("a block of addresses such as 10.96.0.10/32 or fd00::/8", (value) => {
  const [address = "", length = ""] = value.split(/\/(.*)/s);
  const version = isIP(address);
  const valid = version !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
  return valid ? value : undefined;
});

/** An IANA time zone. */
export const timeZone = parsed("a time zone such as UTC or Europe/Berlin", (value) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
});

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Days (0 is Sunday) and minutes since midnight of a week, in the stack's time zone. */
export const weeklyTime = parsed("days and hours such as Mon-Fri 08:00-18:00", (value) => {
  const match = /^(\w{3})(?:-(\w{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(value.trim());
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
});
