import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { type Filter, matchersOf } from "../kit/variables";
import type { DashboardOptions } from "../options";
import { amount, amountPer, range, trend } from "../queries/amount";
import { meanOf, meanTrend, quantileOf, quantileTrend } from "../queries/distributions";
import { errorShare, errorShareByStatus, errorShareTrend, refusalShare } from "../queries/requests";
import { type Distribution, distributions, signals } from "../signals";
import { labels } from "../../telemetry/labels";
import type { PanelText, Text } from "../text/text";

/** The dashboard about requests to the API. */
export const requestsUid = "claude-code-requests";

/** Filters of request counts, which have no user and no device. */
const filters: readonly Filter[] = ["team", "model"];
const matchers = matchersOf(filters);
/** The matchers of what has no model: one that is picked must not leave it without data. */
const teamMatchers = matchersOf(["team"]);
const byModel = { matchers, by: [labels.model] };
const modelLegend = legendOf(labels.model);
/** A request costs cents, or parts of one. */
const costDecimals = 4;

/** Outcome, latency and cost of requests. */
export function requestsDashboard(options: DashboardOptions): DashboardModel {
  const words = options.text.requests;
  const groups = [
    glance(options),
    volume(options),
    durations(options, words.latency, distributions.requestDuration, 200),
    durations(options, words.firstToken, distributions.timeToFirstToken, 300),
    errors(options),
    costs(options),
  ];
  return dashboardModel({ uid: requestsUid, words, from: "now-24h", groups, filters }, options);
}

/** The group that answers the dashboard's question in four numbers. */
function glance(options: DashboardOptions): PanelGroup {
  const { glance: words, errors, volume: counts } = options.text.requests;
  const { requestCost, requestDuration } = distributions;
  const panels = new PanelFactory(options);
  const answered = amount(signals.requestDurationCount, range, { matchers });
  return panelGroup(options.text.glance, 600, [
    line(4, [
      panels.total(counts.answered, units.count, answered).id(101),
      panels.stat(errors.share, units.share, errorShare(range, { matchers })).id(401),
      panels.stat(words.p95, units.seconds, quantileOf(0.95, requestDuration, range, { matchers })),
      panels.stat(words.cost, units.usd, meanOf(requestCost, range, { matchers })).decimals(costDecimals),
    ]),
  ]);
}

/** The group that answers "how many requests are there, and whose?". */
function volume(options: DashboardOptions): PanelGroup {
  const words = options.text.requests.volume;
  const panels = new PanelFactory(options);
  const answered = signals.requestDurationCount;
  const perPrompt = amountPer(answered, signals.prompts, range, { matchers: teamMatchers });
  const bySource = amount(answered, range, { matchers, by: [labels.querySource] });
  return panelGroup(words.row, 100, [
    line(4, [
      panels.total(words.prompts, units.count, amount(signals.prompts, range, { matchers: teamMatchers })).id(102),
      panels.stat(words.perPrompt, units.count, perPrompt),
    ]),
    line(8, [
      panels.ranking(words.byModel, units.count, amount(answered, range, byModel), modelLegend),
      panels.ranking(words.bySource, units.count, bySource, legendOf(labels.querySource)),
      panels.bars(words.trend, units.count, trend(answered, byModel), modelLegend),
    ]),
  ]);
}

/** A group that answers "how long does it take, for most and for the slowest?". */
function durations(
  options: DashboardOptions,
  words: Text["requests"]["latency"],
  distribution: Distribution,
  firstId: number,
): PanelGroup {
  const panels = new PanelFactory(options);
  const { columns } = options.text.requests;
  const quantiles = [
    { share: 0.5, title: columns.median },
    { share: 0.95, title: columns.p95 },
    { share: 0.99, title: columns.p99 },
  ];
  const trends = quantiles.map(({ share, title }) => ({
    expr: quantileTrend(share, distribution, { matchers }),
    legend: title,
  }));
  return panelGroup(words.row, firstId, [
    line(8, [
      panels.table(words.byModel, { [labels.model]: columns.model }, [
        column(columns.requests, units.count, amount(distribution.count, range, byModel)),
        column(columns.mean, units.seconds, meanOf(distribution, range, byModel)),
        ...quantiles.map(({ share, title }) =>
          column(title, units.seconds, quantileOf(share, distribution, range, byModel)),
        ),
      ]),
      panels.series(words.trend, units.seconds, [
        { expr: meanTrend(distribution, { matchers }), legend: columns.mean },
        ...trends,
      ]),
    ]),
  ]);
}

/** The group that answers "is it answered at all?". */
function errors(options: DashboardOptions): PanelGroup {
  const words = options.text.requests.errors;
  const panels = new PanelFactory(options);
  const byStatus = { matchers, by: [labels.statusCode] };
  const { columns } = words.byStatus;
  return panelGroup(words.row, 400, [
    line(4, [
      panels.total(words.exhausted, units.count, amount(signals.retriesExhausted, range, { matchers })).id(402),
      panels.total(words.refusals, units.count, amount(signals.refusals, range, { matchers })),
      panels.stat(words.refusalShare, units.share, refusalShare(range, { matchers })),
    ]),
    line(8, [
      panels.table(words.byStatus, { [labels.statusCode]: columns.status }, [
        column(columns.errors, units.count, amount(signals.apiErrors, range, byStatus)),
        column(columns.share, units.share, errorShareByStatus(range, { matchers })),
      ]),
      panels.ranking(words.byModel, units.share, errorShare(range, byModel), modelLegend),
    ]),
    line(8, [
      panels.bars(words.trend, units.count, trend(signals.apiErrors, byStatus), legendOf(labels.statusCode)),
      panels.series(words.shareTrend, units.share, [
        { expr: errorShareTrend({ matchers }), legend: words.shareTrend.share },
      ]),
    ]),
  ]);
}

/** The group that answers "what does one request cost, and how much is sent with it?". */
function costs(options: DashboardOptions): PanelGroup {
  const { cost: words, columns } = options.text.requests;
  const panels = new PanelFactory(options);
  const { requestCost, requestContext } = distributions;
  const titles = words.byModel;
  const meanAndP95 = (text: PanelText, unit: string, distribution: Distribution) =>
    panels.series(text, unit, [
      { expr: meanTrend(distribution, { matchers }), legend: columns.mean },
      { expr: quantileTrend(0.95, distribution, { matchers }), legend: columns.p95 },
    ]);
  return panelGroup(words.row, 500, [
    line(8, [
      panels.table(words.byModel, { [labels.model]: columns.model }, [
        column(columns.requests, units.count, amount(requestCost.count, range, byModel)),
        column(titles.cost, units.usd, meanOf(requestCost, range, byModel)),
        column(titles.costP95, units.usd, quantileOf(0.95, requestCost, range, byModel)),
        column(titles.context, units.count, meanOf(requestContext, range, byModel)),
        column(titles.contextP95, units.count, quantileOf(0.95, requestContext, range, byModel)),
      ]),
    ]),
    line(8, [
      meanAndP95(words.cost, units.usd, requestCost).decimals(costDecimals),
      meanAndP95(words.context, units.count, requestContext),
    ]),
  ]);
}
