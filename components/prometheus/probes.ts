/** What Prometheus' probes look at. */
export interface PrometheusProbesArgs {
  readonly port: number;
  readonly dataDirectory: string;
  /** Free space of the volume below which nothing may be written, in KiB. */
  readonly floorKib: number;
  /** How far its newest sample may be ahead of the clock while what clients send is not too old yet, in seconds. */
  readonly aheadSeconds: number;
}

/**
 * Whether Prometheus can keep what it is sent, as a shell script for its image.
 *
 * Prometheus answers 200 to an export that it could not write to its log (the error of the commit is lost in its OTLP
 * receiver), and what it writes to a log that was once cut off by a full disk is thrown away at the next start. So it
 * must not be written to from *before* its volume is full, and not again before it was restarted.
 *
 * Nor may it be while its newest sample lies so far ahead, because the clock was wrong when it was scraped, that
 * what clients send is too old for its out-of-order window: it refuses that for good, also after a restart.
 */
export function hasRoomScript(args: PrometheusProbesArgs): string {
  return `${room(args)} && ${shows(args, "none", logIsBroken, isAhead(args))}`;
}

/**
 * Whether Prometheus should go on. It should not where its log is broken and there is room again: a restart repairs
 * the log. Without room a restart would only end the dashboards. Metrics that do not come say nothing of the log.
 */
export function intactScript(args: PrometheusProbesArgs): string {
  return `${get(args, "/-/healthy", "/dev/null")} && ! { ${room(args)} && ${shows(args, "any", logIsBroken)}; }`;
}

/** How long the kubelet waits for either script, in seconds: longer than its requests may take. */
export const probeTimeoutSeconds = 20;

/** A Prometheus that is throttled at its CPU limit may take seconds to answer, and is all right. */
const requestTimeoutSeconds = 9;

function get({ port }: PrometheusProbesArgs, path: string, file: string): string {
  return `timeout ${requestTimeoutSeconds} wget -q -O ${file} http://127.0.0.1:${port}${path}`;
}

function room({ dataDirectory, floorKib }: PrometheusProbesArgs): string {
  return `df -Pk ${dataDirectory} | { read -r _; read -r _ _ _ free _; [ "$free" -ge ${floorKib} ]; }`;
}

/** Whether Prometheus' own metrics came, whole, and any or none of them is as one of awk's conditions says. */
function shows(args: PrometheusProbesArgs, expected: "any" | "none", ...conditions: readonly string[]): string {
  const verdict = expected === "any" ? "found" : "!found";
  const program = `${lastMetric} { whole = 1 } ${conditions.join(" || ")} { found = 1 } END { exit !(whole && ${verdict}) }`;
  return `{ ${get(args, "/metrics", "-")} | awk -v now="$(date +%s)" '${program}'; }`;
}

/** Metrics come in the order of their names; of those that are looked at, this is the last. */
const lastMetric = '$1 == "prometheus_tsdb_wal_writes_failed_total"';

/** Counters of failed writes, of the log and of the log for late samples, since the process started. */
const logIsBroken = "$1 ~ /^prometheus_tsdb_(wal|out_of_order_wbl)_writes_failed_total$/ && $2 != 0";

/** Newest sample of all series, against the clock of the moment. */
function isAhead({ aheadSeconds }: PrometheusProbesArgs): string {
  return `$1 == "prometheus_tsdb_head_max_time_seconds" && $2 - now > ${aheadSeconds}`;
}
