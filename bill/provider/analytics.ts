import { hourMs } from "../../units";
import { claudeCodeProduct } from "../../telemetry/bill";
import type { ProviderClient, Query } from "./client";
import {
  type Actor,
  type BillSource,
  type DayBill,
  type Money,
  nobody,
  type Span,
  timestamp,
  tokensOf,
  usdOf,
  type WireTokens,
} from "./day-bill";

const root = "/v1/organizations/analytics";
const grouped = ["actor", "model", "product", "workspace_id", "api_key_id"];
const rowsPerPage = 1000;
/** Figures are at most a day late; the watermark lies within. */
const watermarkRangeMs = 72 * hourMs;

type WireActor =
  | { readonly type: "user_actor"; readonly user_id: string; readonly email_address?: string; readonly email?: string }
  | { readonly type: "service_account_actor"; readonly service_account_id: string }
  | { readonly type: "federated_actor"; readonly subject: string }
  | { readonly type: "api_actor"; readonly api_key_id: string };

interface Group {
  readonly actor?: WireActor | null;
  readonly model?: string | null;
  readonly product?: string | null;
  readonly workspace_id?: string | null;
  readonly api_key_id?: string | null;
}

interface CostRow {
  readonly group: Group;
  readonly cost: Money & { readonly list_amount?: string | null };
}

interface UsageRow {
  readonly group: Group;
  readonly usage: WireTokens;
}

/** The Usage and Cost Analytics API: people, products and hours, for Console and Enterprise alike. */
export class Analytics implements BillSource {
  /** @param knownKeys keys that belong to somebody by the configuration, whose use is Claude Code's */
  constructor(
    private readonly client: ProviderClient,
    private readonly knownKeys: ReadonlySet<string>,
  ) {}

  async completeUntil(): Promise<number | undefined> {
    // The first answer's time is not known yet; the node's clock may be wrong by more than the range.
    await this.client
      .get(`${root}/cost`, query({ fromMs: Date.now() - watermarkRangeMs, toMs: Date.now() }, 1))
      .catch((error: unknown) => {
        if (this.client.nowMs === 0) {
          throw error;
        }
      });
    const span = { fromMs: this.client.nowMs - watermarkRangeMs, toMs: this.client.nowMs };
    const { data_refreshed_at } = (await this.client.get(`${root}/cost`, query(span, 1))) as {
      readonly data_refreshed_at?: string | null;
    };
    const refreshed = data_refreshed_at ? Date.parse(data_refreshed_at) : undefined;
    // Ranges are rounded down to hours.
    return refreshed === undefined ? undefined : Math.floor(refreshed / hourMs) * hourMs;
  }

  async read(span: Span): Promise<DayBill> {
    const asked = query(span, rowsPerPage);
    const costs = (await this.client.list(`${root}/cost`, asked)) as CostRow[];
    const usages = (await this.client.list(`${root}/usage`, asked)) as UsageRow[];
    return {
      charges: costs.map(({ group, cost }) => ({
        ...this.charged(group),
        usd: usdOf(cost),
        ...(cost.list_amount ? { listUsd: usdOf({ ...cost, amount: cost.list_amount }) } : {}),
      })),
      uses: usages.map(({ group, usage }) => ({
        ...this.charged(group),
        tokens: tokensOf(usage),
      })),
    };
  }

  private charged({ actor, model, product, workspace_id, api_key_id }: Group) {
    const known = api_key_id && this.knownKeys.has(api_key_id);
    return {
      actor: actorOf(actor, api_key_id),
      model: model ?? "",
      product: known ? claudeCodeProduct : (product ?? "other"),
      workspace: workspace_id ?? "",
    };
  }
}

function query({ fromMs, toMs }: Span, limit: number): Query {
  return [
    ["starting_at", timestamp(Math.floor(fromMs / hourMs) * hourMs)],
    ["ending_at", timestamp(Math.floor(toMs / hourMs) * hourMs)],
    ...grouped.map((name) => ["group_by[]", name] as const),
    ["limit", String(limit)],
  ];
}

function actorOf(actor: WireActor | null | undefined, apiKeyId: string | null | undefined): Actor {
  switch (actor?.type) {
    case "user_actor": {
      const email = actor.email_address ?? actor.email;
      return { kind: "person", id: actor.user_id, ...(email ? { email } : {}) };
    }
    case "service_account_actor":
      return { kind: "service", id: actor.service_account_id };
    case "federated_actor":
      return { kind: "service", id: actor.subject };
    case "api_actor":
      return { kind: "key", id: actor.api_key_id };
    default:
      return apiKeyId ? { kind: "key", id: apiKeyId } : nobody;
  }
}
