import { countMetrics, histogramMetrics } from "../../telemetry/event-metrics";
import { meanOf, quantileOf, shares } from "./distribution";
import { type Expectation, having, sumOf, type TargetExpectation } from "./expectation";
import { type Point, sums } from "./point";

const { toolDuration, toolWait } = histogramMetrics;
const calls = `${toolDuration.prometheus}_count`;
const decisions = countMetrics.toolDecisions.prometheus;
const connections = countMetrics.mcpConnections.prometheus;
const bytes = countMetrics.toolResultSize.prometheus;
const byTool = ["tool_name"];

/** Those that are in the part, of those in the whole. */
function shareOf(
  metric: string,
  part: (point: Point) => boolean,
  by: readonly string[] = [],
  whole: (point: Point) => boolean = () => true,
): Expectation {
  return (view) => {
    const points = view.points(metric).filter(whole);
    return shares(sums(points.filter(part), by), sums(points, by));
  };
}

const succeeded = having("success", "true");
const accepted = having("decision", "accept");
const rejected = having("decision", "reject");
const automatic = having("source", "config", "hook", "user_permanent");
const personal = (point: Point) => !automatic(point);
const both = (one: (point: Point) => boolean, other: (point: Point) => boolean) => (point: Point) =>
  one(point) && other(point);

/** What the panels of the dashboard about tools should show. */
export const toolsExpectations: Readonly<Record<string, TargetExpectation>> = {
  "Tool calls/A": { right: sumOf(calls) },
  "Successful calls/A": { right: shareOf(calls, succeeded) },
  "Bytes into the context/A": { right: sumOf(bytes) },
  "Calls by tool/A": { right: sumOf(calls, byTool) },
  "Success by tool/A": { right: shareOf(calls, succeeded, byTool) },
  "Bytes into the context by tool/A": { right: sumOf(bytes, byTool) },
  "Duration by tool/A": { right: sumOf(calls, byTool) },
  "Duration by tool/B": meanOf(toolDuration, byTool),
  "Duration by tool/C": quantileOf(0.5, toolDuration, byTool),
  "Duration by tool/D": quantileOf(0.95, toolDuration, byTool),
  "Calls over time/A": { right: sumOf(calls, byTool) },
  "Accepted by people/A": { right: shareOf(decisions, accepted, [], personal) },
  "Decided automatically/A": { right: shareOf(decisions, automatic) },
  "Decisions by tool/A": { right: sumOf(decisions, byTool, both(personal, accepted)) },
  "Decisions by tool/B": { right: sumOf(decisions, byTool, both(personal, rejected)) },
  "Decisions by tool/C": { right: shareOf(decisions, accepted, byTool, personal) },
  "Decisions by tool/D": { right: sumOf(decisions, byTool, both(automatic, accepted)) },
  "Decisions by tool/E": { right: sumOf(decisions, byTool, both(automatic, rejected)) },
  "Decisions by source/A": { right: sumOf(decisions, ["decision", "source"]) },
  "Questions to people/A": { right: sumOf(`${toolWait.prometheus}_count`) },
  "Mean wait/A": meanOf(toolWait),
  "Wait, p95/A": quantileOf(0.95, toolWait),
  "Waited in all/A": { right: sumOf(`${toolWait.prometheus}_sum`) },
  "Waiting over time/A": { right: sumOf(`${toolWait.prometheus}_sum`, ["decision"]) },
  "Failed MCP connections/A": {
    right: shareOf(connections, having("status", "failed"), [], having("status", "failed", "connected")),
    // A connection that ends is no attempt.
    wrong: (expr) => expr.replaceAll("connected|failed", ".*"),
  },
  "MCP connections by status/A": { right: sumOf(connections, ["status"]) },
  "MCP connections by transport/A": { right: sumOf(connections, ["transport_type", "server_scope", "status"]) },
  "Hooks by event/A": { right: sumOf(countMetrics.hooks.prometheus, ["hook_event", "outcome"]) },
  "Skills/A": { right: sumOf(countMetrics.skills.prometheus, ["skill_name"]) },
  "Subagents/A": { right: sumOf(countMetrics.subagents.prometheus, ["agent_type"]) },
  "Compactions/A": { right: sumOf(countMetrics.compactions.prometheus, ["trigger", "success"]) },
  "Tokens compacted away/A": { right: sumOf(countMetrics.compactedTokens.prometheus) },
  "Compactions over time/A": { right: sumOf(countMetrics.compactions.prometheus, ["trigger"]) },
  "Values counted as “other”/A": { right: sumOf(countMetrics.foldedValues.prometheus, ["folded_label"]) },
};
