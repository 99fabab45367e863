/** Seconds in a minute. */
export const minute = 60;
/** Seconds in an hour. */
export const hour = 60 * minute;
/** Seconds in a day. */
export const day = 24 * hour;
/** Seconds in a week. */
export const week = 7 * day;

/** Milliseconds in a second. */
export const secondMs = 1000;
/** Milliseconds in a minute. */
export const minuteMs = minute * secondMs;
/** Milliseconds in an hour. */
export const hourMs = hour * secondMs;
/** Milliseconds in a day. */
export const dayMs = day * secondMs;

const secondsPerUnit = { ms: 0.001, s: 1, m: minute, h: hour, d: day, w: week } as const;

const bytesPerSuffix = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
} as const;

/** Seconds in a duration such as `90s`, `1h30m` or `15d`; undefined if it is malformed or zero. */
export function durationSeconds(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h|d|w))+$/.test(text)) {
    return undefined;
  }
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
    seconds += Number(amount) * secondsPerUnit[unit as keyof typeof secondsPerUnit];
  }
  return seconds > 0 ? seconds : undefined;
}

/** A duration in the largest unit that Go and Prometheus both read (`h`, `m`, `s` or `ms`) and that keeps it whole. */
export function formatDuration(seconds: number): string {
  for (const unit of ["h", "m", "s"] as const) {
    if (seconds % secondsPerUnit[unit] === 0) {
      return `${seconds / secondsPerUnit[unit]}${unit}`;
    }
  }
  return `${Math.round(seconds * 1000)}ms`;
}

/**
 * A duration as Prometheus and Grafana write it themselves, e.g. `1d1h`. Grafana answers any other notation with this
 * one, and Pulumi would see a difference each time.
 */
export function prometheusDuration(seconds: number): string {
  let rest = Math.round(seconds * 1000);
  let text = "";
  // Weeks only if nothing is left over (`Duration.String` of github.com/prometheus/common/model).
  const units = seconds % secondsPerUnit.w === 0 ? (["w"] as const) : (["d", "h", "m", "s", "ms"] as const);
  for (const unit of units) {
    const milliseconds = secondsPerUnit[unit] * 1000;
    const whole = Math.floor(rest / milliseconds);
    rest -= whole * milliseconds;
    text += whole === 0 ? "" : `${whole}${unit}`;
  }
  return text;
}

/** A Kubernetes quantity of bytes. */
export interface Quantity {
  /** As Kubernetes reads it, e.g. `10Gi`. */
  readonly text: string;
  readonly bytes: number;
}

/** Reads a Kubernetes quantity such as `10Gi`; undefined if it is malformed or zero. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^(?<amount>\d+(?:\.\d+)?)(?<suffix>Ki|Mi|Gi|Ti|k|M|G|T|)$/.exec(text);
  if (match?.groups === undefined) {
    return undefined;
  }
  const suffix = match.groups["suffix"] as keyof typeof bytesPerSuffix;
  const bytes = Math.floor(Number(match.groups["amount"]) * bytesPerSuffix[suffix]);
  return bytes > 0 ? { text, bytes } : undefined;
}

/** A Kubernetes quantity of CPU. */
export interface Cpu {
  /** As Kubernetes reads it, e.g. `250m`. */
  readonly text: string;
  readonly cores: number;
}

/** Reads a Kubernetes CPU quantity such as `500m` or `2`; undefined if it is malformed or zero. */
export function parseCpu(text: string): Cpu | undefined {
  const match = /^(\d+(?:\.\d+)?)(m)?$/.exec(text);
  const cores = match === null ? 0 : Number(match[1]) / (match[2] === "m" ? 1000 : 1);
  return cores > 0 ? { text, cores } : undefined;
}
