import { ownEventAttributes } from "./event-attributes";
import { ownSpanAttributes } from "./span-attributes";

// Every attribute that is let through: the collector drops all others. Seen with client 2.1.332, or read in it.
// `dropped.ts` names what the client sends besides, and why that is not stored.

/** The keys of `OTEL_RESOURCE_ATTRIBUTES` that dashboards group by. */
export const groupingAttributes = ["user", "team", "location", "device"] as const;

/** Identity of a person. `user` belongs to it, because a team may set it to a name. */
export const identityAttributes = ["user", "user.email", "user.account_uuid", "user.account_id"] as const;

/** Of resources. The keys that a team adds come on top. */
export const resourceAttributes = [
  ...groupingAttributes,
  "team.id",
  "service.name",
  "service.version",
  "os.type",
  "os.version",
  "host.arch",
  "wsl.version",
] as const;

/**
 * The machine's name, of resources, with `OTEL_RESOURCE_INCLUDE_HOST`. It is stored as `device`, where that is missing
 * and identities are kept, and under no name of its own.
 */
export const machineAttribute = "host.name";

/** On points, events and spans alike. */
const standardAttributes = [
  ...groupingAttributes,
  ...identityAttributes,
  "team.id",
  "session.id",
  "user.id",
  "organization.id",
  "identity.source",
  "terminal.type",
  "app.version",
  "app.entrypoint",
  "vcs.repository.url.full",
  "vcs.owner.name",
  "vcs.repository.name",
  "vcs.provider.name",
  "anthropic.provider",
  "anthropic.custom_base_url",
  // Few values, and one of each for a session: they cost no series. `billing.ts` tells seats from metered use by them.
  "anthropic.plan",
  "anthropic.seat_type",
  "workflow.run_id",
  "workflow.name",
] as const;

/** On events and spans alone. On points, an id beside the session's would fill Prometheus' index and answer nothing. */
const processAttributes = ["ccr.session.id", "agent_id", "parent_agent_id"] as const;

/** Attribution of a request. */
const requestAttributes = [
  "model",
  "query_source",
  "effort",
  "speed",
  "agent.name",
  "skill.name",
  "plugin.name",
  "marketplace.name",
  "mcp_server.name",
  "mcp_tool.name",
] as const;

/** Of metric points. */
export const pointAttributes = [
  ...standardAttributes,
  ...requestAttributes,
  "type",
  "start_type",
  "tool_name",
  "decision",
  "source",
  "language",
] as const;

/** Of events. */
export const eventAttributes = [
  ...standardAttributes,
  ...processAttributes,
  ...requestAttributes,
  ...ownEventAttributes,
] as const;

/** Of spans and of the events on them. */
export const spanAttributes = [
  ...standardAttributes,
  ...processAttributes,
  ...requestAttributes,
  ...ownSpanAttributes,
] as const;

/** Name of any attribute that is let through, but for contents. */
export type AttributeName = (
  | typeof resourceAttributes
  | typeof pointAttributes
  | typeof eventAttributes
  | typeof spanAttributes
)[number];
