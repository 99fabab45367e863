import { countMetrics, histogramMetrics } from "../../telemetry/event-metrics";
import { meanOf, quantileOf, shares } from "./distribution";
import { type Expectation, sumOf, type TargetExpectation } from "./expectation";
import { mapped, quotients, sums } from "./point";

const { requestDuration, timeToFirstToken, requestCost, requestContext } = histogramMetrics;
const requests = `${requestDuration.prometheus}_count`;
const errors = countMetrics.apiErrors.prometheus;
const prompts = countMetrics.prompts.prometheus;
const refusals = countMetrics.refusals.prometheus;
const byModel = ["model"];

/** Failed requests, of these and the answered ones. */
function failed(by: readonly string[]): Expectation {
  return (view) => {
    const points = view.points(errors);
    return shares(sums(points, by), sums([...points, ...view.points(requests)], by));
  };
}

const failedByStatus: Expectation = (view) => {
  const points = view.points(errors);
  const [all = 0] = sums([...points, ...view.points(requests)]).values();
  return mapped(sums(points, ["status_code"]), (count) => count / all);
};

const perPrompt: Expectation = (view) => quotients(sums(view.points(requests)), sums(view.points(prompts)));
const refusalShare: Expectation = (view) => shares(sums(view.points(refusals)), sums(view.points(requests)));

/** A table by model and lines of a distribution. */
function durations(table: string, lines: string, metric: { readonly prometheus: string }) {
  return {
    [`${table}/A`]: { right: sumOf(`${metric.prometheus}_count`, byModel) },
    [`${table}/B`]: meanOf(metric, byModel),
    [`${table}/C`]: quantileOf(0.5, metric, byModel),
    [`${table}/D`]: quantileOf(0.95, metric, byModel),
    [`${table}/E`]: quantileOf(0.99, metric, byModel),
    [`${lines}/A`]: meanOf(metric),
    [`${lines}/B`]: quantileOf(0.5, metric),
    [`${lines}/C`]: quantileOf(0.95, metric),
    [`${lines}/D`]: quantileOf(0.99, metric),
  };
}

/** What the panels of the dashboard about requests should show. */
export const requestsExpectations: Readonly<Record<string, TargetExpectation>> = {
  "Answered requests/A": { right: sumOf(requests) },
  "Latency, p95/A": quantileOf(0.95, requestDuration),
  "Cost per request/A": meanOf(requestCost),
  "Prompts/A": { right: sumOf(prompts), ignores: byModel },
  "Requests per prompt/A": { right: perPrompt, ignores: byModel },
  "Requests by model/A": { right: sumOf(requests, byModel) },
  "Requests by source/A": { right: sumOf(requests, ["query_source"]) },
  "Answered requests over time/A": { right: sumOf(requests, byModel) },
  ...durations("Latency by model", "Latency over time", requestDuration),
  ...durations("Time to first token by model", "Time to first token over time", timeToFirstToken),
  "Failed requests/A": { right: failed([]) },
  "Retries exhausted/A": { right: sumOf(countMetrics.retriesExhausted.prometheus) },
  "Refusals/A": { right: sumOf(refusals) },
  "Share of refusals/A": { right: refusalShare },
  "Failed requests by status/A": { right: sumOf(errors, ["status_code"]) },
  "Failed requests by status/B": { right: failedByStatus },
  "Failed requests by model/A": { right: failed(byModel) },
  "Failed requests over time/A": { right: sumOf(errors, ["status_code"]) },
  "Share of failed requests over time/A": { right: failed([]) },
  "Cost and context by model/A": { right: sumOf(`${requestCost.prometheus}_count`, byModel) },
  "Cost and context by model/B": meanOf(requestCost, byModel),
  "Cost and context by model/C": quantileOf(0.95, requestCost, byModel),
  "Cost and context by model/D": meanOf(requestContext, byModel),
  "Cost and context by model/E": quantileOf(0.95, requestContext, byModel),
  "Cost per request over time/A": meanOf(requestCost),
  "Cost per request over time/B": quantileOf(0.95, requestCost),
  "Context per request over time/A": meanOf(requestContext),
  "Context per request over time/B": quantileOf(0.95, requestContext),
};
