import {
  type ConstantVariableBuilder,
  CustomVariableBuilder,
  type QueryVariableBuilder,
  TextBoxVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";

import type { DashboardOptions } from "../options";
import { either, eventFields, isOneOf } from "../queries/logs";
import { labels } from "../../telemetry/labels";
import { events } from "../../telemetry/events";
import { filterVariables } from "../kit/variables";

/** Fields that a free text is searched in: those that identify the subject of an event. */
const searchedFields = [
  labels.tool,
  eventFields.toolSource,
  labels.model,
  labels.querySource,
  labels.skill,
  labels.plugin,
  labels.agent,
  labels.decision,
  eventFields.errorType,
  labels.statusCode,
  eventFields.command,
];

/** By which events are picked. */
export function eventVariables(
  options: DashboardOptions,
): readonly (QueryVariableBuilder | ConstantVariableBuilder | CustomVariableBuilder | TextBoxVariableBuilder)[] {
  const words = options.text.events.variables;
  const names = Object.values<string>(events).sort();
  return [
    new CustomVariableBuilder("event")
      .label(words.event)
      .values(names.join(","))
      .multi(true)
      .includeAll(true)
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] }),
    ...filterVariables(options, ["user", "team"], "raw"),
    new TextBoxVariableBuilder("session").label(words.session).defaultValue(""),
    new TextBoxVariableBuilder("text").label(words.text).defaultValue(""),
  ];
}

/** The filters that make a query of events obey them. A session's begin will do; texts are found anywhere. */
export const eventFilters = [
  isOneOf(eventFields.event, ["$event"]),
  isOneOf(labels.user, ["$user"]),
  isOneOf(labels.team, ["$team"]),
  isOneOf(labels.session, ["$session.*"]),
  either(searchedFields.map((field) => isOneOf(field, ["(?is).*$text.*"]))),
];
