import { claudeCodeProduct } from "../../telemetry/bill";
import { dayMs } from "../../units";
import { type ProviderClient, type Query, readable } from "./client";
import {
  type Actor,
  type BillSource,
  type Charge,
  type ChargedTokens,
  count,
  type DayBill,
  type Money,
  nobody,
  type Span,
  timestamp,
  tokensOf,
  type Use,
  usdOf,
  type WireTokens,
} from "./day-bill";

const root = "/v1/organizations";
const usageGroups = [
  "account_id",
  "api_key_id",
  "service_account_id",
  "workspace_id",
  "model",
  "service_tier",
  "context_window",
  "inference_geo",
];

/** Kinds of tokens by their names in the cost report. */
const tokenNames = {
  uncached_input_tokens: "input",
  output_tokens: "output",
  cache_read_input_tokens: "cacheRead",
  "cache_creation.ephemeral_5m_input_tokens": "cacheWrite",
  "cache_creation.ephemeral_1h_input_tokens": "cacheWriteLong",
} as const satisfies Record<string, keyof ChargedTokens>;

/** Terms that both reports know, and by which one's cost belongs to the other's use. */
interface Terms {
  readonly workspace_id?: string | null;
  readonly model?: string | null;
  readonly service_tier?: string | null;
  readonly context_window?: string | null;
  readonly inference_geo?: string | null;
}

interface CostRow extends Terms, Money {
  readonly cost_type?: string | null;
  readonly token_type?: string | null;
}

interface UsageRow extends Terms, WireTokens {
  readonly account_id?: string | null;
  readonly api_key_id?: string | null;
  readonly service_account_id?: string | null;
  readonly server_tool_use?: { readonly web_search_requests?: number | null } | null;
}

/** A row of the usage report, read. */
interface CountedUse extends Use {
  readonly terms: Terms;
  readonly searches: number;
}

/** Ways of reading what the reports do not say. */
export interface ReportsOptions {
  readonly claudeCodeWorkspaces: ReadonlySet<string>;
  /** Keys that belong to somebody by the configuration, whose use is Claude Code's. */
  readonly knownKeys: ReadonlySet<string>;
}

/**
 * The usage and cost reports, for organisations whose key may not read the analytics.
 *
 * Cost comes without people and keys. Each amount is spread over the use of the same workspace, model and terms, by the
 * tokens of its kind. They have one price, so the parts are what each would have been charged.
 */
export class Reports implements BillSource {
  private emails: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(
    private readonly client: ProviderClient,
    private readonly options: ReportsOptions,
  ) {}

  /** Cost comes by whole days, so today is never complete. */
  async completeUntil(): Promise<number> {
    const recent = Date.now() - 2 * dayMs;
    await this.client.get(`${root}/cost_report`, days({ fromMs: recent, toMs: recent + dayMs }, 1));
    return Math.floor(this.client.nowMs / dayMs) * dayMs;
  }

  async read(span: Span): Promise<DayBill> {
    const costs = rows<CostRow>(
      await this.client.list(`${root}/cost_report`, [
        ...days(span, 31),
        ["group_by[]", "workspace_id"],
        ["group_by[]", "description"],
      ]),
    );
    const usages = rows<UsageRow>(
      await this.client.list(`${root}/usage_report/messages`, [
        ...days(span, 31),
        ["bucket_width", "1d"],
        ...usageGroups.map((name) => ["group_by[]", name] as const),
      ]),
    );
    const emails = await this.members();
    const uses = usages.map((row) => this.counted(row, emails));
    return { charges: costs.flatMap((cost) => spread(cost, uses)), uses };
  }

  private counted(row: UsageRow, emails: ReadonlyMap<string, string>): CountedUse {
    const actor = actorOf(row, emails);
    return {
      actor,
      product: this.productOf(row),
      workspace: row.workspace_id ?? "",
      model: row.model ?? "",
      terms: row,
      searches: count(row.server_tool_use?.web_search_requests),
      tokens: tokensOf(row),
    };
  }

  /** Requests of a signed-in account are Claude Code's: programs use keys. */
  private productOf({ account_id, api_key_id, workspace_id }: UsageRow): string {
    const { claudeCodeWorkspaces, knownKeys } = this.options;
    const known = claudeCodeWorkspaces.has(workspace_id ?? "") || knownKeys.has(api_key_id ?? "");
    return known || account_id ? claudeCodeProduct : "other";
  }

  /** Mail addresses by account, read once; none where the key may not. Otherwise people would be called by their ids. */
  private async members(): Promise<ReadonlyMap<string, string>> {
    this.emails ??= readable(this.readMembers()).then((emails) => emails ?? new Map<string, string>());
    return this.emails;
  }

  private async readMembers(): Promise<ReadonlyMap<string, string>> {
    const emails = new Map<string, string>();
    let after: string | undefined;
    do {
      const query: Query = [["limit", "1000"], ...(after === undefined ? [] : [["after_id", after] as const])];
      const page = (await this.client.get(`${root}/users`, query)) as {
        readonly data: readonly { readonly id: string; readonly email: string }[];
        readonly has_more?: boolean;
        readonly last_id?: string | null;
      };
      page.data.forEach(({ id, email }) => emails.set(id, email));
      after = page.has_more ? (page.last_id ?? undefined) : undefined;
    } while (after !== undefined);
    return emails;
  }
}

/** Whole days: a range without one is refused. */
function days({ fromMs, toMs }: Span, limit: number): Query {
  const midnight = (ms: number) => timestamp(Math.floor(ms / dayMs) * dayMs);
  return [
    ["starting_at", midnight(fromMs)],
    ["ending_at", midnight(toMs)],
    ["limit", String(limit)],
  ];
}

function rows<Row>(buckets: readonly unknown[]): Row[] {
  return buckets.flatMap((bucket) => (bucket as { readonly results: readonly Row[] }).results);
}

function actorOf({ account_id, service_account_id, api_key_id }: UsageRow, emails: ReadonlyMap<string, string>): Actor {
  if (account_id) {
    const email = emails.get(account_id);
    return { kind: "person", id: account_id, ...(email === undefined ? {} : { email }) };
  }
  if (service_account_id) {
    return { kind: "service", id: service_account_id };
  }
  return api_key_id ? { kind: "key", id: api_key_id } : nobody;
}

/** Splits a cost by the use that it was charged for; nobody's where there is none. */
function spread(cost: CostRow, uses: readonly CountedUse[]): Charge[] {
  const usd = usdOf(cost);
  const shares = uses.map((use) => ({ use, share: belongs(cost, use) ? shareOf(cost, use) : 0 }));
  const whole = shares.reduce((sum, { share }) => sum + share, 0);
  if (whole === 0) {
    const workspace = cost.workspace_id ?? "";
    return [{ actor: nobody, product: "other", workspace, model: cost.model ?? "", usd }];
  }
  return shares
    .filter(({ share }) => share > 0)
    .map(({ use: { actor, product, workspace, model }, share }) => ({
      actor,
      product,
      workspace,
      model,
      usd: (usd * share) / whole,
    }));
}

function belongs(cost: CostRow, { terms }: CountedUse): boolean {
  const names = ["model", "service_tier", "context_window", "inference_geo"] as const;
  const same = (name: keyof Terms) => (cost[name] ?? null) === (terms[name] ?? null);
  // A search's cost knows its workspace alone.
  return same("workspace_id") && names.every((name) => (cost[name] ?? null) === null || same(name));
}

function shareOf({ cost_type, token_type }: CostRow, use: CountedUse): number {
  if (cost_type === "web_search") {
    return use.searches;
  }
  const name = tokenNames[token_type as keyof typeof tokenNames] as keyof ChargedTokens | undefined;
  return name === undefined ? 0 : use.tokens[name];
}
