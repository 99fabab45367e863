import { demoUserPrefix } from "./marker";
import { Random } from "./random";

/** A place with its offset from UTC; daylight saving is left out, a demo needs none. */
export interface Location {
  readonly name: string;
  readonly utcOffsetMinutes: number;
}

/** A repository and what is written in it. */
export interface Repository {
  readonly name: string;
  readonly languages: readonly string[];
}

/** A machine with its own home directory. */
export interface Device {
  readonly name: string;
  /** `user.id`: 64 hexadecimal digits, random per home directory. */
  readonly userId: string;
  readonly osType: "darwin" | "linux";
  readonly terminal: string;
}

/** A special trait of a member's client. */
export type Peculiarity =
  | "none"
  /** Spends in one hour what others spend in days. */
  | "cost-spike"
  /** Sends cumulative temporality. */
  | "cumulative"
  /** The clock is an hour ahead. */
  | "clock-ahead"
  /** Runs two processes in one session. */
  | "parallel-processes"
  /** Starts nothing but one-shot sessions. */
  | "one-shots-only";

/** One member of the company. */
export interface Member {
  /** Value of the attribute `user`. */
  readonly user: string;
  readonly team: string;
  readonly location: Location;
  readonly repositories: readonly Repository[];
  readonly devices: readonly Device[];
  /** Missing for members with an API key. */
  readonly account: { readonly email: string; readonly uuid: string; readonly organizationId: string } | undefined;
  /** Seat of the enterprise's subscription. Missing for members who have none. */
  readonly seatType: "premium" | "standard" | "usage_based" | undefined;
  readonly version: string;
  /** True if the client is new enough to name the repository on points. */
  readonly namesRepository: boolean;
  /** Share of the working day in which a client runs, 0 to 1. */
  readonly pace: number;
  readonly peculiarity: Peculiarity;
}

/** Versions in use; the last one is the outdated one. Those that name the subscription are part of the recent ones. */
export const clientVersions = {
  newest: "2.1.332",
  recent: ["2.1.332", "2.1.330", "2.1.327"],
  namingSubscription: ["2.1.332", "2.1.330"],
  outdated: "2.1.239",
};

/** Terminals in use, by operating system. */
export const terminals = {
  darwin: ["iTerm.app", "Apple_Terminal", "vscode"],
  linux: ["xterm-256color", "vscode", "tmux"],
} as const satisfies Readonly<Record<Device["osType"], readonly string[]>>;

const names = (
  "ada alan alonzo annie barbara ben carol claude dana dennis donald dorothy edsger elena fei frances george grace " +
  "guido hedy ida james jean joan john karen katherine ken kurt leslie linus lynn margaret mary niklaus radia " +
  "rasmus sophie tim yukihiro"
).split(" ");

/** The company's locations: between them, somebody is at work at any time of day. */
export const locations: readonly Location[] = [
  { name: "taipei", utcOffsetMinutes: 480 },
  { name: "bangalore", utcOffsetMinutes: 330 },
  { name: "berlin", utcOffsetMinutes: 60 },
  { name: "new-york", utcOffsetMinutes: -300 },
  { name: "san-francisco", utcOffsetMinutes: -480 },
];

/** The teams, with what they write. */
export const teams: readonly { readonly name: string; readonly repositories: readonly Repository[] }[] = [
  {
    name: "platform",
    repositories: [repository("platform-api", "Go", "YAML"), repository("infra-live", "HCL", "Bash")],
  },
  { name: "payments", repositories: [repository("checkout", "TypeScript"), repository("ledger", "Java", "SQL")] },
  { name: "mobile", repositories: [repository("ios-app", "Swift"), repository("android-app", "Kotlin", "Java")] },
  { name: "data", repositories: [repository("pipelines", "Python", "SQL"), repository("notebooks", "Python")] },
  { name: "web", repositories: [repository("storefront", "TypeScript", "CSS"), repository("docs", "Markdown")] },
];

const peculiarities: ReadonlyMap<number, Peculiarity> = new Map([
  [2, "cost-spike"],
  [7, "parallel-processes"],
  [11, "cumulative"],
  [29, "one-shots-only"],
]);
const indexWithoutAccount = 17;
const indexOutdated = 23;

/** Seats by team. The others have none, and pay by use. */
const seatTypes: ReadonlyMap<string, Member["seatType"]> = new Map([
  ["platform", "premium"],
  ["payments", "standard"],
  ["mobile", "usage_based"],
]);

/**
 * The forty members of the company, in five teams and five locations.
 *
 * @param now milliseconds since 1970; whose clock is ahead depends on where it is daytime
 */
export function company(seed: number, now: number): Member[] {
  const organizationId = Random.for(seed, "organization").uuid();
  const aheadIndex = names.length - locations.length + middayLocation(now);
  return names.map((name, index) => {
    const random = Random.for(seed, "member", name);
    const { name: team, repositories } = cyclic(teams, Math.floor(index / (names.length / teams.length)));
    const hasAccount = index !== indexWithoutAccount;
    const outdated = index === indexOutdated;
    return {
      user: `${demoUserPrefix}${name}`,
      team,
      location: cyclic(locations, index),
      repositories,
      devices: devicesOf(name, random),
      account: hasAccount ? { email: `${name}@demo.example`, uuid: random.uuid(), organizationId } : undefined,
      seatType: hasAccount ? seatTypes.get(team) : undefined,
      version: outdated ? clientVersions.outdated : random.pick(clientVersions.recent),
      namesRepository: !outdated,
      pace: 0.1 + 0.3 * random.next(),
      peculiarity: index === aheadIndex ? "clock-ahead" : (peculiarities.get(index) ?? "none"),
    };
  });
}

/** Index of the location where it is nearest to two in the afternoon. */
function middayLocation(now: number): number {
  const distances = locations.map(({ utcOffsetMinutes }) => {
    const minuteOfDay = (Math.floor(now / 60_000) + utcOffsetMinutes + 24 * 60) % (24 * 60);
    const apart = Math.abs(minuteOfDay - 14 * 60);
    return Math.min(apart, 24 * 60 - apart);
  });
  return distances.indexOf(Math.min(...distances));
}

function devicesOf(name: string, random: Random): Device[] {
  const osType = random.chance(0.6) ? "darwin" : "linux";
  const desk: Device = {
    name: `${osType === "darwin" ? "macbook" : "thinkpad"}-${name}`,
    userId: random.hex(64),
    osType,
    terminal: random.pick<string>(terminals[osType]),
  };
  const remote: Device = { name: `devbox-${name}`, userId: random.hex(64), osType: "linux", terminal: "tmux" };
  return random.chance(0.3) ? [desk, remote] : [desk];
}

function repository(name: string, ...languages: readonly string[]): Repository {
  return { name, languages };
}

function cyclic<T>(choices: readonly T[], index: number): T {
  const choice = choices[index % choices.length];
  if (choice === undefined) {
    throw new Error("found an empty list; expected at least one choice");
  }
  return choice;
}
