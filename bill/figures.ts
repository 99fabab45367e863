import {
  billLabels,
  billMetrics,
  billReasons,
  billSeatStates,
  type ChargedTo,
  claudeCodeProduct,
} from "../telemetry/bill";
import { labels } from "../telemetry/labels";
import type { Metric } from "../telemetry/metric";
import { modelName } from "../telemetry/models";
import type { TokenType } from "../telemetry/prices";
import type { People, Recipient } from "./people";
import type { DayActivity } from "./provider/activity";
import type { ChargedTokens, DayBill } from "./provider/day-bill";
import { differencesOf } from "./reconcile";
import { add, type Reports, total } from "./reported";
import type { BillSettings } from "./settings";

/** A figure of a day: the value that its samples are to add up to. */
export interface Figure {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Figures of a day, added up by metric and labels. */
export class Figures {
  private readonly sums = new Map<string, Figure>();

  add(metric: Metric, own: Readonly<Record<string, string>>, value: number): void {
    // An empty label and none are the same to Prometheus.
    const named = Object.fromEntries(Object.entries(own).filter(([, text]) => text !== ""));
    const key = seriesKey(metric.prometheus, named);
    const before = this.sums.get(key)?.value ?? 0;
    this.sums.set(key, { metric, labels: named, value: before + value });
  }

  /** By {@link seriesKey}. */
  get all(): ReadonlyMap<string, Figure> {
    return this.sums;
  }
}

/** Tells one series from another. */
export function seriesKey(metric: string, own: Readonly<Record<string, string>>): string {
  return JSON.stringify([metric, ...Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Sources of a day's figures. */
export interface DayInputs {
  readonly bill: DayBill;
  readonly reports: Reports;
  /** Undefined where the key may not read it, or the day is not over. */
  readonly activity: DayActivity | undefined;
  /** False while the provider may still change the day. */
  readonly settled: boolean;
}

/** Options of {@link figuresOf}. */
export interface FigureOptions extends Pick<BillSettings, "ownPrices" | "modelAliases"> {
  readonly people: People;
}

/** Claude Code's charges to one person. */
interface Draft {
  readonly usd: Map<string, number>;
  readonly tokens: Map<string, ChargedTokens>;
}

/** Returns a day's figures: charges, reports, and the reasons why they differ. */
export function figuresOf(inputs: DayInputs, options: FigureOptions): Figures {
  const { bill, reports, activity, settled } = inputs;
  const figures = new Figures();
  const charges = new Map<string, Draft>();
  const spellings = new Map([...reports.keys()].map((user) => [user.toLowerCase(), user]));
  const recipientOf = (actor: Parameters<People["recipient"]>[0]) => options.people.recipient(actor, spellings);
  const labelsOf = ({ user }: Pick<Recipient, "user">) => ({
    [labels.user]: user,
    [labels.team]: reports.get(user)?.team ?? "",
  });
  const draftOf = (user: string): Draft => {
    const draft = charges.get(user) ?? { usd: new Map(), tokens: new Map() };
    charges.set(user, draft);
    return draft;
  };

  for (const { actor, product, workspace, model: spelled, usd, listUsd } of bill.charges) {
    const recipient = recipientOf(actor);
    const model = named(spelled, options);
    const ofModel = { [labels.model]: model, [billLabels.product]: product };
    const ofCharge = { [billLabels.workspace]: workspace, [billLabels.chargedTo]: recipient.chargedTo };
    figures.add(billMetrics.charged, { ...labelsOf(recipient), ...ofModel, ...ofCharge }, usd);
    if (listUsd !== undefined) {
      figures.add(billMetrics.list, ofModel, listUsd);
    }
    const reason = reasonOfOthers(product, recipient.chargedTo);
    if (reason === undefined) {
      add(draftOf(recipient.user).usd, model, usd);
    } else {
      figures.add(billMetrics.difference, { ...labelsOf(recipient), [billLabels.reason]: reason }, usd);
    }
  }
  for (const { actor, product, model: spelled, tokens } of bill.uses) {
    const { user, chargedTo } = recipientOf(actor);
    const model = named(spelled, options);
    addTokens(figures, { [labels.model]: model, [billLabels.product]: product }, tokens);
    if (reasonOfOthers(product, chargedTo) === undefined) {
      const draft = draftOf(user);
      draft.tokens.set(model, sumOf(draft.tokens.get(model), tokens));
    }
  }
  for (const user of new Set([...charges.keys(), ...reports.keys()])) {
    const found = reports.get(user);
    const reported = total(found?.usd) + (found?.usdAfter ?? 0);
    if (reported !== 0) {
      figures.add(billMetrics.reported, labelsOf({ user }), reported);
    }
    const differences = differencesOf(charges.get(user), found, { settled, ...options });
    for (const [reason, usd] of differences) {
      figures.add(billMetrics.difference, { ...labelsOf({ user }), [billLabels.reason]: reason }, usd);
    }
  }
  addActivity(figures, activity, (actor) => labelsOf(recipientOf(actor)));
  return figures;
}

/** Undefined for Claude Code's charges to a person, which reports are held against. */
function reasonOfOthers(product: string, chargedTo: ChargedTo) {
  if (product !== claudeCodeProduct) {
    return billReasons.otherProducts;
  }
  return chargedTo === "person" ? undefined : billReasons.unmatched;
}

function named(spelled: string, { modelAliases }: FigureOptions): string {
  return modelAliases[spelled] ?? modelName(spelled);
}

function addTokens(figures: Figures, own: Readonly<Record<string, string>>, tokens: ChargedTokens): void {
  const byType: Readonly<Record<TokenType, number>> = {
    input: tokens.input,
    output: tokens.output,
    cacheRead: tokens.cacheRead,
    cacheCreation: tokens.cacheWrite + tokens.cacheWriteLong,
  };
  for (const [type, value] of Object.entries(byType).filter(([, amount]) => amount !== 0)) {
    figures.add(billMetrics.tokens, { ...own, [labels.type]: type }, value);
  }
}

function sumOf(a: ChargedTokens | undefined, b: ChargedTokens): ChargedTokens {
  return a === undefined
    ? b
    : {
        input: a.input + b.input,
        output: a.output + b.output,
        cacheRead: a.cacheRead + b.cacheRead,
        cacheWrite: a.cacheWrite + b.cacheWrite,
        cacheWriteLong: a.cacheWriteLong + b.cacheWriteLong,
      };
}

function addActivity(
  figures: Figures,
  activity: DayActivity | undefined,
  labelsOf: (actor: DayActivity["activities"][number]["actor"]) => Readonly<Record<string, string>>,
): void {
  if (activity === undefined) {
    return;
  }
  for (const { actor, counts, decisions } of activity.activities) {
    for (const [name, value] of Object.entries(counts).filter(([, amount]) => amount > 0)) {
      figures.add(billMetrics.activity, { ...labelsOf(actor), [billLabels.activity]: name }, value);
    }
    for (const { tool, accepted, rejected } of decisions) {
      for (const [decision, value] of Object.entries({ accept: accepted, reject: rejected })) {
        if (value > 0) {
          figures.add(billMetrics.toolDecisions, { [labels.tool]: tool, [labels.decision]: decision }, value);
        }
      }
    }
  }
  if (activity.seatsBought !== undefined) {
    const used = activity.activities.filter(({ counts }) => Object.values(counts).some((value) => value > 0)).length;
    figures.add(billMetrics.seats, { [billLabels.state]: billSeatStates.bought }, activity.seatsBought);
    figures.add(billMetrics.seats, { [billLabels.state]: billSeatStates.used }, used);
  }
}
