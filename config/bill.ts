import { z } from "zod";

import type { BillArgs } from "../components/bill/bill";
import type { Place } from "../components/kubernetes/labels";
import type { BillOptions } from "../dashboards/options";
import { day } from "../units";
import type { Budgets } from "./budgets";
import { type General, imageOf } from "./general";
import { ownPrices, type Prices } from "./prices";
import type { Privacy } from "./privacy";
import type { RemoteWrite } from "./remote-write";
import type { Storage } from "./storage";
import * as value from "./values";

export const title = "The provider's bill";

/** Addresses at which the provider takes connections, as its documentation lists them in November 2026. */
const providerAddresses = ["160.79.104.0/23", "153.61.224.0/22", "2607:6bc0::/48"];
const date = value.optional("a date such as 2027-03-31", (text) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) / 1000 : undefined,
);

export const schema = {
  bill: value.group({
    key: value
      .secret("a key of the provider's Admin or Analytics API", (text) => (/^\S{8,500}$/.test(text) ? text : undefined))
      .describe(
        "Key that reads what the provider charged, of an Enterprise organisation with the scope `read:analytics`, else an Admin key; nothing is read without",
      ),
    keyExpires: date.describe("Date on which the key expires, e.g. `2027-03-31`; an alert fires two weeks before"),
    url: value.url.prefault("https://api.anthropic.com").describe("Base URL of the provider's API"),
    addresses: value
      .list("blocks of addresses", value.addressBlock)
      .min(1, "expected a block of addresses at least")
      .prefault(providerAddresses)
      .describe("Addresses of the provider's API, the only ones that the job may connect to outside the namespace"),
    api: value
      .oneOf("auto", "analytics", "reports")
      .prefault("auto")
      .describe(
        "Part of the API that is read, `analytics` (people, products and hours), `reports` (the usage and cost reports before it), or `auto` for the first that the key may read",
      ),
    days: value
      .wholeNumber(2, 365)
      .optional()
      .describe(
        "How many days back the bill is read; Prometheus takes samples that old from then on. Without, 35, or as many as `prometheus.retention` allows",
      ),
    settleAfter: value.duration
      .prefault("24h")
      .describe("How long after its end a day counts as provisional, because the provider may still change it"),
    schedule: value.cron
      .prefault("23 * * * *")
      .describe("When the bill is read, as five fields of cron in UTC; an alert fires where six hours pass without"),
    people: z
      .record(value.matching("an id, a key's name or a mail address", /^\S{1,200}$/), value.matching("a user", /./), {
        error: "expected users by the provider's ids, keys' names or mail addresses",
      })
      .prefault({})
      .describe(
        "Users as clients name them, by what the provider charges, e.g. `{ apikey_01Ab: ada@example.com }`; mail addresses match by themselves",
      ),
    claudeCodeWorkspaces: value
      .list("ids of workspaces", value.matching("a workspace's id such as wrkspc_01Ab", /^\S{1,100}$/))
      .prefault([])
      .describe("Workspaces whose use is Claude Code's, where `reports` are read, which know no product"),
    minCoverage: value
      .wholeNumber(1, 100)
      .prefault(90)
      .describe("An alert fires when clients reported less than so many percent of what Claude Code was charged for"),
    maxUnexplained: value.usd.prefault("50").describe("An alert fires when more USD of a day than this have no reason"),
  }),
};

export type Bill = value.ValuesOf<typeof schema>;

/** A key without the Prometheus that Grafana reads, and days that Prometheus does not keep. */
export function contradictions({
  bill,
  collection,
  prometheus,
  remoteWrite,
}: Bill & General & RemoteWrite & Storage): string[] {
  const problems: string[] = [];
  if (bill.key === undefined) {
    return problems;
  }
  if (collection === "none") {
    problems.push(
      'bill.key: found a value; with collection "none" expected nothing, there is no Prometheus for the bill',
    );
  }
  if (remoteWrite.url !== undefined) {
    problems.push(
      "bill.key: found a value; with remoteWrite.url expected nothing, the bill is in a Prometheus that Grafana does not read then",
    );
  }
  if (bill.days !== undefined && (bill.days + 1) * day > prometheus.retention) {
    problems.push(`bill.days: found ${bill.days}; expected a day less than prometheus.retention, at most`);
  }
  return problems;
}

/** A key that anybody on the way can read. */
export function productionRefusals({ bill }: Bill): string[] {
  return bill.key !== undefined && bill.url.startsWith("http:")
    ? ["bill.url: found an http URL; in production expected https"]
    : [];
}

/** True if the bill is read. */
export function readsBill({ bill }: Bill): boolean {
  return bill.key !== undefined;
}

/** Arguments of the bill's job; undefined where no key is given. */
export function billArgs(
  config: Bill & Budgets & General & Prices & Privacy & Storage,
): Omit<BillArgs, keyof Place | "pseudonymKey"> | undefined {
  const { key, schedule, url, api, settleAfter, people, claudeCodeWorkspaces } = config.bill;
  return key === undefined
    ? undefined
    : {
        image: imageOf(config, "node"),
        key: key.output,
        schedule,
        settings: {
          url,
          api,
          days: daysRead(config),
          settleAfterSeconds: settleAfter,
          people,
          claudeCodeWorkspaces,
          identity: config.identity,
          seatsUnlessSaid: config.plan.kind === "seats",
          ownPrices: ownPrices(config),
          modelAliases: config.prices.aliases,
        },
      };
}

/** Options of the bill's dashboard and alerts; undefined where it is not read. */
export function billOptions(config: Bill): BillOptions | undefined {
  const { minCoverage, maxUnexplained, keyExpires, settleAfter } = config.bill;
  return readsBill(config)
    ? {
        minCoverage: minCoverage / 100,
        maxUnexplainedUsd: maxUnexplained,
        keyExpires,
        settleAfterSeconds: settleAfter,
      }
    : undefined;
}

/** Lateness that the bill's samples need in Prometheus, in seconds; none without a key. */
export function billLateness(config: Bill & Storage): number {
  return readsBill(config) ? (daysRead(config) + 1) * day : 0;
}

/** A whole month, and some days to look at it. */
const usualDays = 35;

function daysRead({ bill, prometheus }: Bill & Storage): number {
  return bill.days ?? Math.min(usualDays, Math.floor(prometheus.retention / day) - 1);
}
