import { clientVersions } from "../../synthetic/company";
import { models } from "../../synthetic/prices";
import type { Billing } from "../../telemetry/billing";

/** One user of the known history. */
export interface Person {
  readonly labels: Readonly<Record<string, string>>;
  readonly terminal: string;
  /** Client version of the last three weeks. */
  readonly version: string;
  /** Models in turn. */
  readonly models: readonly string[];
  /** Whether a request is metered or on a seat, in turn; undefined: the client does not say. */
  readonly billing: readonly (Billing | undefined)[];
  /** Price of cache writes as a multiple of input: 1.25 for five minutes, 2 for an hour. */
  readonly cacheWriteFactor: number;
  /** Whether there is a session that many days ago; 18 March 2026, a Wednesday, is 0. */
  readonly active: (daysAgo: number) => boolean;
  /** Whether every other session resumes the one before. */
  readonly resumes: boolean;
  /** Whether two processes share each session. */
  readonly twoProcesses: boolean;
}

/** 0 is Sunday. */
function weekday(daysAgo: number): number {
  return (((3 - daysAgo) % 7) + 7) % 7;
}

/** Those with a pattern; the first three are named by the history's extras. */
export const people: readonly Person[] = [
  {
    labels: {
      user: "ada@example.com",
      team: "core",
      location: "berlin",
      device: "laptop",
      vcs_repository_name: "app",
    },
    terminal: "iTerm.app",
    version: clientVersions.newest,
    models: [models.usual, models.small, models.usual],
    billing: ["seat", undefined],
    cacheWriteFactor: 1.25,
    active: (daysAgo) => weekday(daysAgo) % 6 !== 0,
    resumes: false,
    twoProcesses: false,
  },
  {
    labels: {
      user: "bo@example.com",
      team: "core",
      location: "berlin",
      device: "desktop",
      vcs_repository_name: "infra",
    },
    terminal: "vscode",
    version: "2.1.310",
    models: [`${models.large}-20251101`],
    billing: ["metered"],
    cacheWriteFactor: 2,
    active: (daysAgo) => weekday(daysAgo) % 2 === 1,
    resumes: false,
    twoProcesses: false,
  },
  {
    labels: {
      user: "chen@example.com",
      team: "web",
      location: "taipei",
      device: "laptop",
      vcs_repository_name: "site",
    },
    terminal: "vscode",
    version: clientVersions.newest,
    models: [models.usual],
    billing: ["seat"],
    cacheWriteFactor: 1.25,
    active: () => true,
    resumes: true,
    twoProcesses: false,
  },
  {
    // Not signed in: the collector names her by her installation. No location is set.
    labels: { user: "0f3a9c", team: "web", device: "laptop", vcs_repository_name: "site" },
    terminal: "xterm-256color",
    version: "2.1.299",
    models: [models.usual, models.small],
    billing: [undefined],
    cacheWriteFactor: 1.25,
    active: (daysAgo) => [2, 4].includes(weekday(daysAgo)),
    resumes: false,
    twoProcesses: true,
  },
  {
    // Stopped ten days ago; in no repository.
    labels: { user: "eve@example.com", team: "data", location: "berlin", device: "desktop" },
    terminal: "iTerm.app",
    version: clientVersions.newest,
    models: [models.small],
    billing: ["seat", "metered"],
    cacheWriteFactor: 1.25,
    active: (daysAgo) => daysAgo >= 10 && weekday(daysAgo) % 6 !== 0,
    resumes: false,
    twoProcesses: false,
  },
];
