/** Arguments of Prometheus' probes. */
export interface PrometheusProbesArgs {
  readonly port: number;
  readonly dataDirectory: string;
  /** Free space of the volume below which nothing may be written, in KiB. */
  readonly floorKib: number;
  /** Seconds that its newest sample may be ahead of the clock before clients' samples are too old. */
  readonly aheadSeconds: number;
}

/**
 * Readiness: a shell script for Prometheus' image that fails while Prometheus cannot store samples.
 *
 * After a full disk has cut its log off, Prometheus throws all later writes away at its next start. It answers 500 to a
 * request that it could not log, but loses such an error of its log for late samples. So nobody may write to it from
 * *before* its volume is full, and not again before it was restarted.
 *
 * Nobody may write to it either while its newest sample lies too far ahead, because the clock was wrong at a scrape.
 * Clients' samples are then too old for its out-of-order window, and it refuses them for good, also after a restart.
 */
export function hasRoomScript(args: PrometheusProbesArgs): string {
  return `${room(args)} && ${shows(args, "none", logIsBroken, isAhead(args))}`;
}

/**
 * Liveness: fails where the write-ahead log is broken and there is room again, because a restart repairs the log.
 * Without room a restart would only end the dashboards. Metrics that are missing say nothing about the log.
 */
export function intactScript(args: PrometheusProbesArgs): string {
  return `${get(args, "/-/healthy", "/dev/null")} && ! { ${room(args)} && ${shows(args, "any", logIsBroken)}; }`;
}

/** Time limit of either script at the kubelet, in seconds: longer than its requests may take. */
export const probeTimeoutSeconds = 20;

/** A Prometheus that is throttled at its CPU limit may take seconds to answer, and is all right. */
const requestTimeoutSeconds = 9;

function get({ port }: PrometheusProbesArgs, path: string, file: string): string {
  return `timeout ${requestTimeoutSeconds} wget -q -O ${file} http://127.0.0.1:${port}${path}`;
}

function room({ dataDirectory, floorKib }: PrometheusProbesArgs): string {
  return `df -Pk ${dataDirectory} | { read -r _; read -r _ _ _ free _; [ "$free" -ge ${floorKib} ]; }`;
}

/** Shell test of Prometheus' own metrics: they are complete, and any or none meets one of awk's conditions. */
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
