import { contentKinds, type ContentKindName } from "../../../telemetry/content-kinds";
import { metrics as clientMetrics } from "../../../telemetry/client-metrics";
import { spans } from "../../../telemetry/events";
import { keyValues, unixNano } from "../../../synthetic/otlp/request";

/** A mark that says where it was put; searched for in everything that is stored. */
export type Secret = string;

/** Exports that hold a secret in every place where a client could put one. */
export interface Everything {
  readonly logs: string;
  readonly traces: string;
  readonly metrics: string;
  /** Secrets in attributes of a kind of contents. */
  readonly contents: Readonly<Record<ContentKindName, readonly Secret[]>>;
  /** Secrets in every other place: never to be stored. */
  readonly forbidden: readonly Secret[];
}

/** An address, accounts and a machine, for what is configured about identities. */
export const identity = {
  email: "Ann.Lee@Example.com",
  accountUuid: "acc0-secret-uuid",
  accountId: "user_01secret",
  host: "ann-lees-laptop",
};

/** The address where no text is expected. */
const addressOtherwise = [
  { key: "vcs.owner.name", value: { arrayValue: { values: [{ stringValue: identity.email }] } } },
  {
    key: "vcs.provider.name",
    value: { kvlistValue: { values: [{ key: identity.email, value: { stringValue: identity.email } }] } },
  },
];

/** @param timeMs of everything in it */
export function oneOfEverything(timeMs: number): Everything {
  const contents: Record<string, Secret[]> = {};
  const forbidden: Secret[] = [];
  const hide = (place: string): Secret => {
    const secret = `SECRET.${place}.END`;
    forbidden.push(secret);
    return secret;
  };
  const content = (kind: ContentKindName, place: string): Secret => {
    const secret = `SECRET.${place}.END`;
    (contents[kind] ??= []).push(secret);
    return secret;
  };
  const nanos = unixNano(timeMs);
  const kinds = Object.entries(contentKinds) as [ContentKindName, (typeof contentKinds)[ContentKindName]][];
  const who = keyValues({
    "user.email": identity.email,
    "user.account_uuid": identity.accountUuid,
    "user.account_id": identity.accountId,
    "user.id": "1".repeat(64),
    "session.id": "everything",
    team: "privacy",
    "workflow.name": `by ${identity.email}`,
  });
  const logRecord = (name: string, more: Readonly<Record<string, string>>) => ({
    timeUnixNano: nanos,
    severityText: hide(`${name}-severity-text`),
    eventName: hide(`${name}-event-name`),
    body: { stringValue: hide(`${name}-body`) },
    attributes: [
      ...who,
      ...addressOtherwise,
      ...keyValues({ "event.name": name, [hide(`${name}-key`)]: "1", ...more }),
    ],
  });
  const eventContents = Object.fromEntries(
    kinds.flatMap(([kind, { eventAttributes }]) =>
      eventAttributes.map((name) => [name, content(kind, `event-${name}`)] as const),
    ),
  );
  const spanContents = Object.fromEntries(
    kinds.flatMap(([kind, { spanAttributes }]) =>
      spanAttributes.map((name) => [name, content(kind, `span-${name}`)] as const),
    ),
  );
  const bodies = { body: content("rawBodies", "raw-body"), body_ref: content("rawBodies", "raw-body-ref") };
  const common = (signal: string) => ({
    resource: {
      attributes: keyValues({
        "service.name": hide(`${signal}-service-name`),
        "service.version": identity.email,
        "team.id": identity.email,
        "host.name": identity.host,
        user: "FILL_IN",
        location: `at ${identity.email}`,
        device: "FILL_IN",
        [hide(`${signal}-resource-key`)]: "1",
        "unknown.resource": hide(`${signal}-resource-value`),
      }),
    },
    schemaUrl: hide(`${signal}-schema-url`),
  });
  const scope = (signal: string) => ({
    scope: {
      name: hide(`${signal}-scope-name`),
      version: hide(`${signal}-scope-version`),
      attributes: keyValues({ "unknown.scope": hide(`${signal}-scope-attribute`) }),
    },
    schemaUrl: hide(`${signal}-scope-schema-url`),
  });
  const logs = {
    resourceLogs: [
      {
        ...common("logs"),
        scopeLogs: [
          {
            ...scope("logs"),
            logRecords: [
              logRecord("user_prompt", { ...eventContents, "unknown.event": hide("event-value") }),
              logRecord("api_response_body", bodies),
              logRecord(hide("event-name-value"), {}),
            ],
          },
        ],
      },
    ],
  };
  const span = (name: string, spanId: string, more: object = {}) => ({
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId,
    name,
    kind: 1,
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes: [
      ...who,
      ...addressOtherwise,
      ...keyValues({ ...spanContents, "unknown.span": hide(`${spanId}-value`) }),
    ],
    traceState: `a=${hide(`${spanId}-trace-state`)}`,
    status: { code: 2, message: hide(`${spanId}-status`) },
    events: [
      {
        timeUnixNano: nanos,
        name: hide(`${spanId}-event-name`),
        attributes: keyValues({ "unknown.span.event": hide(`${spanId}-event-value`) }),
      },
    ],
    ...more,
  });
  const link = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b175" };
  const traces = {
    resourceSpans: [
      {
        ...common("traces"),
        scopeSpans: [
          {
            ...scope("traces"),
            spans: [
              span(spans.tool, "eee19b7ec3c1b174"),
              span(hide("span-name"), "eee19b7ec3c1b176"),
              span(spans.tool, "eee19b7ec3c1b177", {
                links: [{ ...link, attributes: keyValues({ "unknown.link": hide("link-value") }) }],
              }),
            ],
          },
        ],
      },
    ],
  };
  const metric = (name: string) => ({
    name,
    description: hide(`${name.slice(0, 12)}-description`),
    unit: hide(`${name.slice(0, 12)}-unit`),
    sum: {
      aggregationTemporality: 1,
      isMonotonic: true,
      dataPoints: [
        {
          timeUnixNano: nanos,
          startTimeUnixNano: nanos,
          asDouble: 0.5,
          attributes: [
            ...who,
            ...addressOtherwise,
            ...keyValues({
              model: hide(`${name.slice(0, 12)}-model`),
              "unknown.point": hide(`${name.slice(0, 12)}-value`),
              [hide(`${name.slice(0, 12)}-key`)]: "1",
            }),
          ],
        },
      ],
    },
  });
  const metrics = {
    resourceMetrics: [
      {
        ...common("metrics"),
        scopeMetrics: [
          { ...scope("metrics"), metrics: [metric(clientMetrics.cost.name), metric(hide("metric-name"))] },
        ],
      },
    ],
  };
  return {
    logs: JSON.stringify(logs),
    traces: JSON.stringify(traces),
    metrics: JSON.stringify(metrics),
    contents: contents as Record<ContentKindName, Secret[]>,
    forbidden,
  };
}
