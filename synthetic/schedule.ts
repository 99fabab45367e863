import { Device, Member, Repository } from "./company";
import { Model, models } from "./prices";
import { Random } from "./random";
import { dayMs, hourMs, minuteMs, secondMs } from "../units";

/** Interval between exports, and length of a process's intervals but for the last one. Milliseconds. */
export const exportIntervalMs = minuteMs;
/** The oldest point is this much younger than a day, so that "last 24 hours" still shows everything after a while. */
const dayMarginMs = 15 * minuteMs;
/** Nothing is newer than this before now. */
const nowMarginMs = 10 * secondMs;
/** The client whose clock is an hour ahead ran only so recently that every point of it is noticed as ahead. */
const clockAheadSessionMs = 45 * minuteMs;
const shortestPieceMs = 10 * minuteMs;

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The time from one export to the next. */
export interface Interval extends Span {
  readonly activity: "idle" | "ordinary" | "hot";
}

/** One run of a client. */
export interface ClientProcess {
  readonly member: Member;
  readonly device: Device;
  readonly repository: Repository;
  readonly model: Model;
  readonly sessionId: string;
  readonly startType: "fresh" | "resume" | "continue";
  /** True for `claude -p`: one prompt, one export. */
  readonly oneShot: boolean;
  /** True if the clock is an hour ahead. */
  readonly clockAhead: boolean;
  readonly intervals: readonly Interval[];
}

/** The shape of one run. */
interface Shape {
  readonly oneShot: boolean;
  /** Default false. */
  readonly clockAhead?: boolean;
  readonly lengthMs: number;
  readonly activity: (random: Random) => Interval["activity"];
}

/** Share of prompts on days before the last, so that their events take no longer to send than those of the last. */
const olderShare = 0.25;
/** Share of the members who work on a day of the weekend. */
const weekendShare = 0.12;

/**
 * A member's runs of clients within the day that ends `now`, in order of time.
 *
 * @param latest true for the last day of a demo: everybody works, and peculiar days are this one
 */
export function processesOf(member: Member, seed: number, now: number, latest: boolean): ClientProcess[] {
  const random = Random.for(seed, now, "schedule", member.user);
  const planner = new Planner(member, random, latest ? 1 : olderShare);
  if (!latest && isWeekend(member, now) && !random.chance(weekendShare)) {
    return [];
  }
  if (latest && member.peculiarity === "clock-ahead") {
    const fromMs = now - clockAheadSessionMs;
    planner.add(fromMs, { ...interactive(now - nowMarginMs - fromMs, 0.8), clockAhead: true });
    return planner.processes;
  }
  const pieces = workingTime(member, random, { fromMs: now - dayMs + dayMarginMs, toMs: now - nowMarginMs });
  const longest = pieces.reduce((best, piece) => (lengthOf(piece) > lengthOf(best) ? piece : best));
  for (const piece of pieces) {
    if (latest && piece === longest && member.peculiarity === "cost-spike") {
      planner.add(piece.fromMs + 5 * minuteMs, { oneShot: false, lengthMs: hourMs, activity: () => "hot" });
    } else if (latest && piece === longest && member.peculiarity === "parallel-processes") {
      planner.addPair(piece.fromMs + 5 * minuteMs);
    } else {
      planner.fill(piece);
    }
  }
  return planner.processes;
}

/** Plans the runs of one member. */
class Planner {
  readonly processes: ClientProcess[] = [];

  constructor(
    private readonly member: Member,
    private readonly random: Random,
    private readonly busyShare: number,
  ) {}

  /** Fills a stretch of working time with runs and pauses. */
  fill(piece: Span): void {
    let at = piece.fromMs + this.random.integer(0, 5) * minuteMs;
    while (piece.toMs - at > shortestPieceMs) {
      const shape = this.shape(piece.toMs - at);
      this.add(at, shape);
      at += shape.lengthMs + this.pauseAfter(shape);
    }
  }

  /** One run. It begins a session or takes up one of the same member's. */
  add(fromMs: number, shape: Shape): void {
    const earlier = this.processes.filter(({ oneShot }) => !oneShot);
    const startType = earlier.length === 0 ? "fresh" : this.random.weighted(startTypes);
    const { random, member } = this;
    const taken = startType === "fresh" ? undefined : random.pick(earlier);
    this.processes.push({
      member,
      device: taken?.device ?? random.pick(member.devices),
      repository: taken?.repository ?? random.pick(member.repositories),
      model: taken?.model ?? random.weighted(modelShares),
      sessionId: taken?.sessionId ?? random.uuid(),
      startType,
      oneShot: shape.oneShot,
      clockAhead: shape.clockAhead ?? false,
      intervals: intervals(fromMs + random.integer(0, 999), shape, random),
    });
  }

  /** A session that a second process takes up while the first one still runs. */
  addPair(fromMs: number): void {
    this.add(fromMs, interactive(40 * minuteMs, 0.6));
    const first = this.processes.at(-1);
    if (first !== undefined) {
      const span = intervals(
        fromMs + 10 * minuteMs + this.random.integer(0, 59_999),
        interactive(20 * minuteMs, 0.8),
        this.random,
      );
      this.processes.push({ ...first, startType: "resume", intervals: span });
    }
  }

  private shape(availableMs: number): Shape {
    const { random, member, busyShare } = this;
    const kind = random.weighted([
      ["one-shot", member.peculiarity === "cumulative" ? 0 : 0.35],
      ["short", member.peculiarity === "one-shots-only" ? 0 : 0.4],
      ["long", member.peculiarity === "one-shots-only" ? 0 : 0.25],
    ]);
    switch (kind) {
      case "one-shot":
        return { oneShot: true, lengthMs: random.integer(15_000, 55_000), activity: () => "ordinary" };
      case "short":
        return interactive(Math.min(availableMs, random.integer(8 * minuteMs, 35 * minuteMs)), 0.55 * busyShare);
      default:
        return interactive(Math.min(availableMs, random.integer(hourMs, 2.5 * hourMs)), 0.3 * busyShare);
    }
  }

  private pauseAfter(shape: Shape): number {
    const { pace } = this.member;
    const idle = shape.lengthMs * (1 / pace - 1) * (0.5 + this.random.next());
    return this.random.integer(4, 15) * minuteMs + Math.round(idle);
  }
}

const startTypes = [
  ["fresh", 0.75],
  ["resume", 0.15],
  ["continue", 0.1],
] as const;

const modelShares = [
  [models.usual, 0.6],
  [models.large, 0.28],
  [models.small, 0.12],
] as const;

function interactive(lengthMs: number, busy: number): Shape {
  return { oneShot: false, lengthMs, activity: (random) => (random.chance(busy) ? "ordinary" : "idle") };
}

/** Whole export intervals from the start, and what is left until the end. */
function intervals(startMs: number, { lengthMs, activity }: Shape, random: Random): Interval[] {
  const endMs = Math.floor(startMs + lengthMs);
  const result: Interval[] = [];
  for (let fromMs = startMs; endMs - fromMs >= 10 * secondMs; fromMs += exportIntervalMs) {
    const toMs = Math.min(fromMs + exportIntervalMs, endMs);
    // Somebody who starts a client also uses it.
    const drawn = activity(random);
    result.push({ fromMs, toMs, activity: fromMs === startMs && drawn === "idle" ? "ordinary" : drawn });
  }
  return result;
}

/** A member's working hours, by the clock on the wall where the member is, as far as they lie in the window. */
function workingTime(member: Member, random: Random, window: Span): Span[] {
  const offset = member.location.utcOffsetMinutes * minuteMs;
  const midnight = Math.floor((window.toMs + offset) / dayMs) * dayMs - offset;
  const start = random.integer(8 * 60 + 15, 10 * 60) * minuteMs;
  const lunch = random.integer(12 * 60, 12 * 60 + 45) * minuteMs;
  return [midnight - dayMs, midnight]
    .flatMap((at) => [
      { fromMs: at + start, toMs: at + lunch },
      { fromMs: at + lunch + 45 * minuteMs, toMs: at + start + 9 * hourMs },
    ])
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, window.fromMs), toMs: Math.min(toMs, window.toMs) }))
    .filter((piece) => lengthOf(piece) >= shortestPieceMs);
}

function isWeekend({ location }: Member, now: number): boolean {
  const weekday = new Date(now + location.utcOffsetMinutes * minuteMs).getUTCDay();
  return weekday === 0 || weekday === 6;
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs;
}
