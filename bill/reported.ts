import type { PrometheusApi } from "../cli/prometheus-api";
import { labels } from "../telemetry/labels";
import { metrics } from "../telemetry/client-metrics";
import type { TokenType } from "../telemetry/prices";
import { dayMs } from "../units";
import type { Span } from "./provider/day-bill";

/** Reports of one person on a day. */
export interface PersonReports {
  /** Label `team` of most of the cost. */
  readonly team: string;
  /** Metered cost by model, up to the time until which the provider's figures are complete. */
  readonly usd: ReadonlyMap<string, number>;
  /** Tokens by model and type, up to the same time, of seats too. */
  readonly tokens: ReadonlyMap<string, Readonly<Partial<Record<TokenType, number>>>>;
  /** Metered cost after that time. */
  readonly usdAfter: number;
  /** List-price value of use within a seat by model, up to the same time. Clients do not tell a seat's tokens apart. */
  readonly seatUsd: ReadonlyMap<string, number>;
}

/** Reports of a day by user. */
export type Reports = ReadonlyMap<string, PersonReports>;

const noDemo = `${labels.demo}=""`;

/** Reads what clients reported. */
export class ReportedCost {
  constructor(
    private readonly prometheus: PrometheusApi,
    private readonly options: { readonly seatsUnlessSaid: boolean; readonly namesPeople: boolean },
  ) {}

  /** @param dayStartMs midnight in UTC. @param completeUntilMs time until which the provider's figures are complete */
  async read(dayStartMs: number, completeUntilMs: number): Promise<Reports> {
    const dayEnd = dayStartMs + dayMs;
    const cut = Math.min(dayEnd, Math.max(dayStartMs, completeUntilMs));
    const before = { fromMs: dayStartMs, toMs: cut };
    const metered = this.options.seatsUnlessSaid ? `${labels.billing}="metered"` : `${labels.billing}!="seat"`;
    const seat = this.options.seatsUnlessSaid ? `${labels.billing}!="metered"` : `${labels.billing}="seat"`;
    const by = [labels.user, labels.team, labels.model];
    const reports = new Drafts();
    for (const { values, value } of await this.sums(metrics.cost.prometheus, metered, by, before)) {
      const [user = "", team = "", model = ""] = values;
      reports.of(this.named(user)).addCost(team, model, value);
    }
    const byModel = [labels.user, labels.model];
    for (const { values, value } of await this.sums(metrics.cost.prometheus, seat, byModel, before)) {
      const [user = "", model = ""] = values;
      add(reports.of(this.named(user)).seatUsd, model, value);
    }
    const byType = [labels.user, labels.model, labels.type];
    for (const { values, value } of await this.sums(metrics.tokens.prometheus, "", byType, before)) {
      const [user = "", model = "", type = ""] = values;
      reports.of(this.named(user)).addTokens(model, type as TokenType, value);
    }
    for (const { values, value } of await this.sums(metrics.cost.prometheus, metered, by, {
      fromMs: cut,
      toMs: dayEnd,
    })) {
      const [user = "", team = ""] = values;
      reports.of(this.named(user)).addAfter(team, value);
    }
    return reports.all;
  }

  /** The user, or nothing where nobody is named: all are one then. */
  private named(user: string): string {
    return this.options.namesPeople ? user : "";
  }

  private async sums(metric: string, matcher: string, by: readonly string[], { fromMs, toMs }: Span) {
    if (toMs <= fromMs) {
      return [];
    }
    const selector = `${metric}{${[noDemo, matcher].filter((one) => one !== "").join(",")}}`;
    // Prometheus' range lacks its begin and has its end; a day has its begin and lacks its end.
    const promql = `sum by (${by.join(", ")}) (sum_over_time(${selector}[${toMs - fromMs}ms]))`;
    const found = await this.prometheus.query(promql, { at: (toMs - 1) / 1000 });
    return found.map(({ labels: own, value }) => ({ values: by.map((name) => own[name] ?? ""), value }));
  }
}

class Draft implements PersonReports {
  readonly usd = new Map<string, number>();
  readonly seatUsd = new Map<string, number>();
  readonly tokens = new Map<string, Partial<Record<TokenType, number>>>();
  private readonly teams = new Map<string, number>();
  usdAfter = 0;

  get team(): string {
    const ordered = [...this.teams].sort(([a, usd], [b, other]) => other - usd || (a < b ? -1 : 1));
    return ordered[0]?.[0] ?? "";
  }

  addCost(team: string, model: string, usd: number): void {
    add(this.usd, model, usd);
    add(this.teams, team, usd);
  }

  addAfter(team: string, usd: number): void {
    this.usdAfter += usd;
    add(this.teams, team, usd);
  }

  addTokens(model: string, type: TokenType, tokens: number): void {
    const ofModel = this.tokens.get(model) ?? {};
    this.tokens.set(model, { ...ofModel, [type]: (ofModel[type] ?? 0) + tokens });
  }
}

class Drafts {
  readonly all = new Map<string, Draft>();

  of(user: string): Draft {
    const draft = this.all.get(user) ?? new Draft();
    this.all.set(user, draft);
    return draft;
  }
}

/** Adds to a sum by key. */
export function add<Key>(sums: Map<Key, number>, key: Key, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

/** The sum of all keys; 0 of none. */
export function total(sums: ReadonlyMap<unknown, number> | undefined): number {
  return [...(sums?.values() ?? [])].reduce((sum, value) => sum + value, 0);
}
