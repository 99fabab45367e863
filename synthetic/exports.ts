import { serviceName } from "../telemetry/events";
import { Attributes, MetricKey, Recording } from "./client-metrics";
import { clientVersions } from "./company";
import { demoAttribute, demoAttributeValue } from "./marker";
import { Random } from "./random";
import type { Recorded, RecordedEvent, RecordedSpan } from "./recorded";
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

/** The sender of an export, and the attributes of all that it reports. */
interface Sender {
  readonly version: string;
  readonly resource: Attributes;
}

/** One export of metrics. */
export interface MetricsExport extends Sender {
  readonly signal: "metrics";
  readonly temporality: "delta" | "cumulative";
  readonly points: readonly DemoPoint[];
}

/** One export of events. */
export interface EventsExport extends Sender {
  readonly signal: "logs";
  readonly attributes: Attributes;
  readonly events: readonly RecordedEvent[];
}

/** One export of spans. */
export interface SpansExport extends Sender {
  readonly signal: "traces";
  readonly attributes: Attributes;
  readonly spans: readonly RecordedSpan[];
}

/** One export of one process. */
export type DemoExport = MetricsExport | EventsExport | SpansExport;

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

/** The reports of a process between two exports. */
export interface Batch {
  readonly toMs: number;
  readonly recorded: readonly Recorded[];
}

/**
 * The exports of a process, in order.
 *
 * @param taken names of the moments at which sessions exported; those of this process are added. Two processes of one
 *   session have the same series, and two points of one series never have the same time.
 */
export function exportsOf(process: ClientProcess, batches: readonly Batch[], taken: Set<string>): DemoExport[] {
  const random = Random.for("export times", process.sessionId, process.intervals[0]?.fromMs ?? 0);
  const exporter = new Exporter(process);
  return batches.flatMap(({ toMs, recorded }) => {
    let timeMs = toMs + random.integer(1, 25);
    while (taken.has(`${process.sessionId} ${timeMs}`)) {
      timeMs++;
    }
    taken.add(`${process.sessionId} ${timeMs}`);
    const all: DemoExport[] = [
      exporter.metrics(
        recorded.flatMap(({ recordings }) => recordings),
        timeMs,
      ),
      exporter.events(recorded.flatMap(({ events }) => events)),
      exporter.spans(recorded.flatMap(({ spans }) => spans)),
    ];
    return all.filter((one) => contentOf(one).length > 0);
  });
}

function contentOf(one: DemoExport): readonly unknown[] {
  switch (one.signal) {
    case "metrics":
      return one.points;
    case "logs":
      return one.events;
    case "traces":
      return one.spans;
  }
}

/** The client's SDK: adds up what is counted, and exports it as deltas or as running totals. */
class Exporter {
  private streams = new Map<string, Stream>();
  private previousMs = 0;
  private readonly sender: Sender;
  private readonly attributes: Attributes;
  private readonly cumulative: boolean;
  private readonly clockErrorMs: number;

  constructor(process: ClientProcess) {
    const { member } = process;
    this.sender = { version: member.version, resource: resourceOf(process) };
    this.attributes = standardAttributes(process);
    this.cumulative = member.peculiarity === "cumulative";
    this.clockErrorMs = process.clockAhead ? hourMs : 0;
  }

  events(events: readonly RecordedEvent[]): EventsExport {
    const shown = events.map((event) => ({ ...event, timeMs: event.timeMs + this.clockErrorMs }));
    return { ...this.sender, signal: "logs", attributes: this.attributes, events: shown };
  }

  spans(spans: readonly RecordedSpan[]): SpansExport {
    const shown = spans.map(({ startMs, endMs, ...span }) => ({
      ...span,
      startMs: startMs + this.clockErrorMs,
      endMs: endMs + this.clockErrorMs,
    }));
    return { ...this.sender, signal: "traces", attributes: this.attributes, spans: shown };
  }

  metrics(recordings: readonly Recording[], timeMs: number): MetricsExport {
    const previous = this.streams;
    // Deltas begin at nothing; running totals go on, and an idle interval sends them again unchanged.
    this.streams = this.cumulative ? new Map(previous) : new Map<string, Stream>();
    for (const recording of [...recordings].sort((a, b) => a.timeMs - b.timeMs)) {
      this.add(recording, previous);
    }
    this.previousMs = timeMs;
    const shown = (stream: Stream, value: number, atMs: number): DemoPoint => ({
      ...stream,
      value,
      startMs: stream.startMs + this.clockErrorMs,
      timeMs: atMs + this.clockErrorMs,
    });
    const streams = [...this.streams.entries()];
    // A collector drops the first value of a running total that began before it started, so that this is a zero.
    const begun = this.cumulative ? streams.filter(([key]) => !previous.has(key)) : [];
    return {
      ...this.sender,
      signal: "metrics",
      temporality: this.cumulative ? "cumulative" : "delta",
      points: [
        ...begun.map(([, stream]) => shown(stream, 0, stream.startMs)),
        ...streams.map(([, stream]) => shown(stream, stream.value, timeMs)),
      ],
    };
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

function resourceOf({ member, device }: ClientProcess): Attributes {
  const linux = device.osType === "linux";
  return {
    ...ownKeys({ member, device }),
    "host.arch": linux ? "amd64" : "arm64",
    "os.type": device.osType,
    "os.version": linux ? "6.8.0-generic" : "25.1.0",
    "service.name": serviceName,
    "service.version": member.version,
  };
}

/** The keys of `OTEL_RESOURCE_ATTRIBUTES`, which the client also copies to every point, event and span. */
function ownKeys({ member, device }: Pick<ClientProcess, "member" | "device">): Attributes {
  return {
    user: member.user,
    team: member.team,
    location: member.location.name,
    device: device.name,
    [demoAttribute]: demoAttributeValue,
  };
}

/** The subscription, where a client names it. Scripts run with an API key: their owners have a seat and metered use. */
function subscriptionOf({ member: { seatType, version }, oneShot }: ClientProcess): Attributes {
  return seatType === undefined || oneShot || !clientVersions.namingSubscription.includes(version)
    ? {}
    : { "anthropic.plan": "enterprise", "anthropic.seat_type": seatType };
}

/** The attributes of every point, event and span of a process. */
function standardAttributes(process: ClientProcess): Attributes {
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
    ...subscriptionOf(process),
    "anthropic.provider": "firstParty",
    "anthropic.custom_base_url": false,
    "terminal.type": device.terminal,
  };
}
