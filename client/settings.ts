import { contentKinds, type ContentKindName } from "../telemetry/content-kinds";
import { groupingAttributes } from "../telemetry/attributes";

/** Arguments of {@link claudeCodeSettings}. */
export interface ClaudeCodeSettingsArgs {
  /** OTLP endpoint over HTTP. The client appends `/v1/<signal>`. */
  readonly otlpHttpUrl: string;
  /** Export interval of metrics, in seconds. */
  readonly metricsIntervalSeconds: number;
  /** Export interval of events and spans, in seconds. */
  readonly logsIntervalSeconds: number;
  /** Makes clients send spans. Default false. */
  readonly traces?: boolean;
  /** Kinds of contents that clients send. Default none. */
  readonly contents?: readonly ContentKindName[];
  /** Makes clients name their machine, which stands for a `device` that nobody filled in. Default true. */
  readonly machineName?: boolean;
  /** `Authorization` header of the clients. Default: none. */
  readonly authorization?: string;
  /** Resource attributes of the client's data. Default: `FILL_IN` for each. */
  readonly resourceAttributes?: Partial<Record<ResourceAttribute, string>>;
  /** Prices of the organisation's own. Default: those that the client has. */
  readonly modelPricing?: ModelPricing;
}

/** USD per million tokens. Clients demand all four; `cacheWrite` is of both lifetimes. */
interface ModelRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** Prices that clients compute cost with, as the managed setting `modelPricing` has them. */
export interface ModelPricing {
  /** Factor of every price, above 0, at most 10. Default 1. */
  readonly multiplier?: number;
  /** By model; a name covers the dated and provider spellings of a model that the client knows. */
  readonly overrides?: Readonly<Record<string, ModelRates>>;
}

/** The keys of `OTEL_RESOURCE_ATTRIBUTES` that are to be filled in. */
export const resourceAttributeNames = groupingAttributes;

/** One of {@link resourceAttributeNames}. */
export type ResourceAttribute = (typeof resourceAttributeNames)[number];

/** Claude Code's managed settings. */
export interface ClaudeCodeSettings {
  readonly env: Readonly<Record<string, string>>;
  /** Command that prints headers as a JSON object, in place of `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly otelHeadersHelper?: string;
  readonly modelPricing?: ModelPricing;
}

/** Placeholder in settings for a value that nobody has filled in. */
export const toFillIn = "FILL_IN";

/**
 * The managed settings that make a Claude Code client send to the stack
 * (Linux: `/etc/claude-code/managed-settings.json`).
 *
 * They state temporality, resource attributes and every `OTEL_METRICS_INCLUDE_*`, although most are defaults. The
 * settings of any repository that the client is started in can change values that are not managed.
 */
export function claudeCodeSettings(args: ClaudeCodeSettingsArgs): ClaudeCodeSettings {
  const milliseconds = (seconds: number): string => String(Math.round(seconds * 1000));
  const attributes = resourceAttributeNames.map(
    (name) => `${name}=${encodeURIComponent(args.resourceAttributes?.[name] ?? toFillIn)}`,
  );
  return {
    ...(args.modelPricing === undefined ? {} : { modelPricing: args.modelPricing }),
    env: {
      CLAUDE_CODE_ENABLE_TELEMETRY: "1",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_ENDPOINT: args.otlpHttpUrl,
      // As it is: the client takes escapes apart over gRPC, and over HTTP sends them as they stand.
      ...(args.authorization === undefined
        ? {}
        : { OTEL_EXPORTER_OTLP_HEADERS: `Authorization=${args.authorization}` }),
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "delta",
      OTEL_METRIC_EXPORT_INTERVAL: milliseconds(args.metricsIntervalSeconds),
      OTEL_LOGS_EXPORT_INTERVAL: milliseconds(args.logsIntervalSeconds),
      OTEL_RESOURCE_ATTRIBUTES: attributes.join(","),
      // A machine is often named after its owner, so that the name stays there unless identities are kept.
      OTEL_RESOURCE_INCLUDE_HOST: String(args.machineName ?? true),
      OTEL_METRICS_INCLUDE_RESOURCE_ATTRIBUTES: "true",
      OTEL_METRICS_INCLUDE_SESSION_ID: "true",
      OTEL_METRICS_INCLUDE_ACCOUNT_UUID: "true",
      OTEL_METRICS_INCLUDE_VERSION: "true",
      OTEL_METRICS_INCLUDE_ENTRYPOINT: "true",
      OTEL_METRICS_INCLUDE_REPOSITORY: "true",
      ...(args.traces === true
        ? {
            OTEL_TRACES_EXPORTER: "otlp",
            OTEL_TRACES_EXPORT_INTERVAL: milliseconds(args.logsIntervalSeconds),
            CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
          }
        : {}),
      // Prompts bring responses with them, unless those are refused.
      [contentKinds.responses.clientSwitch]: "0",
      ...Object.fromEntries((args.contents ?? []).map((kind) => [contentKinds[kind].clientSwitch, "1"])),
    },
  };
}
