import { serviceName } from "../telemetry/events";
import { Attributes, MetricKey, Recording } from "./client-metrics";
import { demoAttribute, demoAttributeValue } from "./marker";
import { Random } from "./random";
import { ClientProcess } from "./schedule";
import { hourMs } from "../units";

/** One data point, as the client sends it. Times in milliseconds since 1970, by the client's clock. */
export interface DemoPoint {
  readonly metric: MetricKey;
  readonly attributes: Attributes;
  readonly startMs: number;
  readonly timeMs: number;
  /** In the metric's integer units: what is new, or, of a cumulative client, all so far. */
  readonly value: number;
}

/** One export of one process. */
export interface DemoExport {
  readonly version: string;
  readonly resource: Attributes;
  readonly temporality: "delta" | "cumulative";
  readonly points: readonly DemoPoint[];
}

/** Tells one series from another: no two have the same text. The order of attributes is the same to it. */
export function seriesKey(metric: MetricKey, attributes: Attributes): string {
  return JSON.stringify([metric, ...Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** A series within one process, as the client's SDK keeps it. */
interface Stream {
  readonly metric: MetricKey;
  readonly attributes: Attributes;
  readonly startMs: number;
  value: number;
}

/**
 * The exports of a process, in order.
 *
 * @param byInterval what was counted within each of the process's intervals
 * @param taken names of the moments at which sessions exported; those of this process are added. Two processes of one
 *   session have the same series, and two points of one series never have the same time.
 */
export function exportsOf(
  process: ClientProcess,
  byInterval: readonly Recording[][],
  taken: Set<string>,
): DemoExport[] {
  const random = Random.for("export times", process.sessionId, process.intervals[0]?.fromMs ?? 0);
  const exporter = new Exporter(process);
  return process.intervals.flatMap(({ toMs }, index) => {
    let timeMs = toMs + random.integer(1, 25);
    while (taken.has(`${process.sessionId} ${timeMs}`)) {
      timeMs++;
    }
    taken.add(`${process.sessionId} ${timeMs}`);
    const points = exporter.points(byInterval[index] ?? [], timeMs);
    return points.length === 0 ? [] : [{ ...envelope(process), points }];
  });
}

/** The client's SDK: adds up what is counted, and exports it as deltas or as running totals. */
class Exporter {
  private streams = new Map<string, Stream>();
  private previousMs = 0;
  private readonly attributes: Attributes;
  private readonly cumulative: boolean;
  private readonly clockErrorMs: number;

  constructor(process: ClientProcess) {
    const { peculiarity } = process.member;
    this.attributes = pointAttributes(process);
    this.cumulative = peculiarity === "cumulative";
    this.clockErrorMs = peculiarity === "clock-ahead" ? hourMs : 0;
  }

  points(recordings: readonly Recording[], timeMs: number): DemoPoint[] {
    const previous = this.streams;
    // Deltas begin at nothing; running totals go on, and an idle interval sends them again unchanged.
    this.streams = this.cumulative ? previous : new Map<string, Stream>();
    for (const recording of [...recordings].sort((a, b) => a.timeMs - b.timeMs)) {
      this.add(recording, previous);
    }
    this.previousMs = timeMs;
    return [...this.streams.values()].map((stream) => ({
      ...stream,
      startMs: stream.startMs + this.clockErrorMs,
      timeMs: timeMs + this.clockErrorMs,
    }));
  }

  private add({ metric, attributes: own, units, timeMs }: Recording, previous: ReadonlyMap<string, Stream>): void {
    // The process's own attributes are the same for all of its streams.
    const key = seriesKey(metric, own);
    const stream = this.streams.get(key);
    if (stream !== undefined) {
      stream.value += units;
      return;
    }
    // The previous export's time if that held the series, else the first moment at which something was counted.
    const startMs = previous.has(key) ? this.previousMs : timeMs;
    this.streams.set(key, { metric, attributes: { ...this.attributes, ...own }, startMs, value: units });
  }
}

function envelope({ member, device }: ClientProcess): Omit<DemoExport, "points"> {
  const linux = device.osType === "linux";
  return {
    version: member.version,
    temporality: member.peculiarity === "cumulative" ? "cumulative" : "delta",
    resource: {
      ...ownKeys({ member, device }),
      "host.arch": linux ? "amd64" : "arm64",
      "os.type": device.osType,
      "os.version": linux ? "6.8.0-generic" : "25.1.0",
      "service.name": serviceName,
      "service.version": member.version,
    },
  };
}

/** The keys of `OTEL_RESOURCE_ATTRIBUTES`, which the client also copies to every point. */
function ownKeys({ member, device }: Pick<ClientProcess, "member" | "device">): Attributes {
  return {
    user: member.user,
    team: member.team,
    location: member.location.name,
    device: device.name,
    [demoAttribute]: demoAttributeValue,
  };
}

/** The attributes of every point of a process. */
function pointAttributes(process: ClientProcess): Attributes {
  const { member, device, repository } = process;
  return {
    ...ownKeys(process),
    "user.id": device.userId,
    "session.id": process.sessionId,
    ...(member.account === undefined
      ? {}
      : {
          "organization.id": member.account.organizationId,
          "user.email": member.account.email,
          "user.account_uuid": member.account.uuid,
        }),
    "app.version": member.version,
    "app.entrypoint": process.oneShot ? "sdk-cli" : "cli",
    ...(member.namesRepository
      ? {
          "vcs.repository.url.full": `https://github.com/demo-example/${repository.name}`,
          "vcs.owner.name": "demo-example",
          "vcs.repository.name": repository.name,
          "vcs.provider.name": "github",
        }
      : {}),
    "anthropic.provider": "firstParty",
    "anthropic.custom_base_url": false,
    "terminal.type": device.terminal,
  };
}
