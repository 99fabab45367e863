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
 * Prometheus answers 200 to an export that it could not write to its log: its OTLP receiver loses the error of the
 * commit. After a full disk has cut the log off, the next start throws all later writes away. So nobody may write to it
 * from *before* its volume is full, and not again before it was restarted.
 *
 * Nobody may write to it either while its newest sample lies too far ahead, because the clock was wrong at a scrape.
 * Clients' samples are then too old for its out-of-order window, and it refuses them for good, also after a restart.
 */
export function hasRoomScript(args: PrometheusProbesArgs): string {
  return [get(args, "/-/ready"), room(args), `! ${shows(args, logIsBroken, isAhead(args))}`].join(" && ");
}

/**
 * Liveness: fails where the write-ahead log is broken and there is room again, because a restart repairs the log.
 * Without room a restart would only end the dashboards.
 */
export function intactScript(args: PrometheusProbesArgs): string {
  return `${get(args, "/-/healthy")} && ! { ${room(args)} && ${shows(args, logIsBroken)}; }`;
}

function get({ port }: PrometheusProbesArgs, path: string): string {
  return `wget -q -O /dev/null http://127.0.0.1:${port}${path}`;
}

function room({ dataDirectory, floorKib }: PrometheusProbesArgs): string {
  return `df -Pk ${dataDirectory} | { read -r _; read -r _ _ _ free _; [ "$free" -ge ${floorKib} ]; }`;
}

/** Shell test of one of Prometheus' own metrics by a condition of awk. */
function shows({ port }: PrometheusProbesArgs, ...conditions: readonly string[]): string {
  const program = `${conditions.join(" || ")} { found = 1 } END { exit !found }`;
  return `{ wget -q -O - http://127.0.0.1:${port}/metrics | awk -v now="$(date +%s)" '${program}'; }`;
}

/** Counters of failed writes, of the log and of the log for late samples, since the process started. */
const logIsBroken = "$1 ~ /^prometheus_tsdb_(wal|out_of_order_wbl)_writes_failed_total$/ && $2 != 0";

/** Newest sample of all series, against the clock of the moment. */
function isAhead({ aheadSeconds }: PrometheusProbesArgs): string {
  return `$1 == "prometheus_tsdb_head_max_time_seconds" && $2 - now > ${aheadSeconds}`;
}
