import { Random } from "../../../synthetic/random";
import { claudeCodeProduct } from "../../../telemetry/bill";
import type { TokenType } from "../../../telemetry/prices";
import { type BilledActor, type BilledUse, type MicroCents, totalOf, usd } from "./billed-use";
import { dayMs, hourMs } from "../../../units";
import { daysFrom, requestsOf } from "./company-days";
import { codeWorkspace, type Machine, machines, peopleOf, type Person } from "./company-people";
import { listAmounts, type ModelRequest, type PricedRequest, pricedOf, tokensOf, usedModels } from "./company-requests";
import { type Difference, machineDifferences, personDifferences } from "./company-truth";
import type { ProviderOptions } from "./provider";
import { dayText, floorTo } from "./provider-query";
import type { BilledActivity } from "./provider-state";

export interface CompanyOptions {
  readonly seed?: number;
  /** Beginning of the first UTC day. Default: the first of October 2026. */
  readonly firstDayMs?: number;
  /** Default: 31. */
  readonly days?: number;
  /** Default: 30. */
  readonly people?: number;
  /** Thousandths off the list price that the contract grants. Default: 0. */
  readonly discountPermille?: number;
  /** The provider's watermark, on a whole hour. Default: 13:00 of the last day. */
  readonly refreshedAtMs?: number;
  /** Time after a day's end until it is settled. Default: 24 hours. */
  readonly settleAfterMs?: number;
  /** The provider's clock. Default: an hour after the watermark. */
  readonly nowMs?: number;
  /** Share of people's days whose charges arrive {@link lateByMs} after the day. Default: none. */
  readonly lateShare?: number;
  /** The bill's own names of models, such as names with a date, by the clients' names. Default: the clients'. */
  readonly billedModels?: Readonly<Record<string, string>>;
}

/** Time from a day's end until late charges of it are there. */
export const lateByMs = 3 * dayMs;

/** One request as its client reported it, at the client's own price. */
export interface ClientReport {
  readonly timeMs: number;
  /** E-mail address. */
  readonly user: string;
  readonly team: string | undefined;
  readonly model: string;
  readonly tokens: Readonly<Record<TokenType, number>>;
  readonly webSearches: number;
  readonly costUsd: number;
  /** The same, exact. */
  readonly cost: MicroCents;
  readonly billing: "metered" | "seat";
}

/** A company whose bill, reports and differences are known. */
export interface Company {
  readonly days: readonly string[];
  readonly people: readonly Person[];
  /** All facts, those after the watermark too. */
  readonly uses: readonly BilledUse[];
  readonly reports: readonly ClientReport[];
  /** Parts of charged minus reported, up to the watermark and by reason. */
  readonly differences: readonly Difference[];
  readonly refreshedAtMs: number;
  /** Options of a provider that has this company's bill. */
  readonly provider: ProviderOptions;
}

/** Uses that the provider's figures hold. */
export function completeUses({ uses, refreshedAtMs }: Pick<Company, "uses" | "refreshedAtMs">): BilledUse[] {
  return uses.filter((use) => use.hourMs + hourMs <= refreshedAtMs);
}

/** USD that uses were charged. */
export function chargedUsd(uses: readonly BilledUse[]): number {
  return usd(uses.reduce((sum, { cents }) => sum + totalOf(cents), 0));
}

/** Requests of each machine on a day. */
const machineRequests = 3;

/** Generates a company; the same options give the same. */
export function companyOf(options: CompanyOptions = {}): Company {
  const { seed = 1, days: count = 31, discountPermille = 0, settleAfterMs = dayMs, lateShare = 0 } = options;
  const firstDayMs = options.firstDayMs ?? Date.parse("2026-10-01T00:00:00Z");
  const refreshedAtMs = options.refreshedAtMs ?? firstDayMs + (count - 1) * dayMs + 13 * hourMs;
  if (firstDayMs % dayMs !== 0 || refreshedAtMs % hourMs !== 0) {
    throw new Error("the first day begins at 00:00 UTC, and the watermark is on a whole hour");
  }
  const now = options.nowMs ?? refreshedAtMs + hourMs;
  const named = (use: BilledUse): BilledUse => ({ ...use, model: options.billedModels?.[use.model] ?? use.model });
  const people = peopleOf(seed, options.people ?? 30);
  const days = daysFrom(firstDayMs, count);
  const uses: BilledUse[] = [];
  const reports: ClientReport[] = [];
  const activity: BilledActivity[] = [];
  const differences: Difference[] = [];
  for (const startMs of days) {
    const isSettled = refreshedAtMs >= startMs + dayMs + settleAfterMs;
    for (const person of people) {
      const requests = requestsOf(seed, person, startMs);
      const priced = requests.map((request) => pricedOf(request, discountPermille));
      const isLate = Random.for(seed, "late", person.actor.email, startMs).chance(lateShare);
      const lateFromMs = isLate ? startMs + dayMs + lateByMs : 0;
      const charged = priced.filter(({ isCharged }) => isCharged).map((one) => useOf(one, personCharge(person)));
      uses.push(
        ...charged.map((use) => ({ ...use, availableFromMs: Math.max(use.availableFromMs, lateFromMs) })).map(named),
      );
      reports.push(...requests.flatMap((request) => reportOf(request, person)));
      activity.push(...activityOf(requests, person, startMs));
      const known = lateFromMs <= now ? priced : priced.map((one) => ({ ...one, isCharged: false }));
      differences.push(...personDifferences(person, dayText(startMs), known, refreshedAtMs, isSettled));
    }
    for (const machine of machines) {
      const priced = requestsOfMachine(seed, machine, startMs).map((one) => pricedOf(one, discountPermille));
      uses.push(...priced.map((one) => useOf(one, machine)).map(named));
      differences.push(...machineDifferences(machine, dayText(startMs), priced, refreshedAtMs));
    }
  }
  const members = people.map(({ actor: { id, email, name } }) => ({ id, email, name }));
  const keyNames = Object.fromEntries(machines.map(({ name, actor }) => [actor.id, name]));
  const seats = { assigned: people.length, pendingInvites: 0 };
  const provider = { now, refreshedAtMs, uses, activity, members, keyNames, seats };
  return { days: days.map(dayText), people, uses, reports, differences, refreshedAtMs, provider };
}

interface Charge {
  readonly actor: BilledActor;
  readonly apiKeyId?: string | null;
  readonly workspaceId: string | null;
  readonly product: string;
}

function personCharge({ actor, apiKeyId }: Person): Charge {
  return { actor, apiKeyId, workspaceId: codeWorkspace, product: claudeCodeProduct };
}

function useOf(request: PricedRequest, charge: Charge): BilledUse {
  const { model, tokens, webSearches, list, cents } = request;
  const { actor, workspaceId, product } = charge;
  const startMs = floorTo(request.timeMs, hourMs);
  return {
    hourMs: startMs,
    actor,
    apiKeyId: charge.apiKeyId ?? (actor.type === "key" ? actor.id : null),
    ...{ workspaceId, product, model, tokens, webSearches, cents },
    serviceTier: product === "message_batches_api" ? "batch" : "standard",
    contextWindow: "0-200k",
    requests: 1,
    listCents: list,
    availableFromMs: startMs + hourMs,
  };
}

function reportOf(request: ModelRequest, { actor, team }: Person): ClientReport[] {
  const { timeMs, model, tokens, webSearches, reportedAs } = request;
  if (reportedAs === undefined) {
    return [];
  }
  const cost = totalOf(listAmounts(model, tokens, webSearches));
  return [
    {
      ...{ timeMs, user: actor.email, team, model, webSearches, cost, costUsd: usd(cost), billing: reportedAs },
      tokens: {
        input: tokens.uncachedInput,
        output: tokens.output,
        cacheRead: tokens.cacheRead,
        cacheCreation: tokens.cacheWrite5m + tokens.cacheWrite1h,
      },
    },
  ];
}

function requestsOfMachine(seed: number, { name }: Machine, startMs: number): ModelRequest[] {
  const random = Random.for(seed, "machine", name, startMs);
  return Array.from({ length: machineRequests }, () => ({
    timeMs: startMs + random.integer(0, 23) * hourMs,
    model: random.pick(usedModels),
    tokens: tokensOf(random, "5m"),
    webSearches: 0,
    isCharged: true,
    reportedAs: undefined,
  }));
}

/** The provider's counts of a person's day; a session for each request. */
function activityOf(requests: readonly ModelRequest[], { actor, habit }: Person, startMs: number): BilledActivity[] {
  const sessions = requests.length;
  if (sessions === 0 || habit === "cloud") {
    return [];
  }
  const isSeat = habit === "seat";
  return [
    {
      dayMs: startMs,
      lastMs: Math.max(...requests.map(({ timeMs }) => timeMs)),
      actor,
      terminal: "vscode",
      customerType: isSeat ? "subscription" : "api",
      subscriptionType: isSeat ? "enterprise" : null,
      isRemote: false,
      ...{ sessions, linesAdded: 40 * sessions, linesRemoved: 10 * sessions, commits: sessions, pullRequests: 1 },
      tools: {
        edit_tool: { accepted: 3 * sessions, rejected: sessions },
        multi_edit_tool: { accepted: 0, rejected: 0 },
        write_tool: { accepted: sessions, rejected: 0 },
        notebook_edit_tool: { accepted: 0, rejected: 0 },
      },
    },
  ];
}
