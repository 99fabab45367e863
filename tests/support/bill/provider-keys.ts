import { ApiError, invalid } from "./provider-query";

/** A key that the stand-in knows. */
export interface ProviderKey {
  readonly secret: string;
  /** `admin` is of a Console organisation, `enterprise` of a Claude Enterprise one; `inference` reads no reports. */
  readonly kind: "admin" | "enterprise" | "inference";
  /** Of Enterprise keys alone. */
  readonly scopes?: readonly string[];
  readonly isExpired?: boolean;
}

/** Keys of a stand-in that is given none. */
export const testKeys = {
  admin: { secret: "sk-ant-admin01-stand-in", kind: "admin" },
  enterprise: {
    secret: "sk-ant-api01-stand-in",
    kind: "enterprise",
    scopes: ["read:analytics", "read:spend_limits"],
  },
  analyticsOnly: { secret: "sk-ant-api01-analytics-only", kind: "enterprise", scopes: ["read:analytics"] },
  noScope: { secret: "sk-ant-api01-no-scope", kind: "enterprise", scopes: [] },
  inference: { secret: "sk-ant-api03-stand-in", kind: "inference" },
  expired: { secret: "sk-ant-admin01-expired", kind: "admin", isExpired: true },
} as const satisfies Readonly<Record<string, ProviderKey>>;

/** Keys that an endpoint takes. */
export interface Access {
  /** `console`: Admin keys alone; `enterprise`: scoped keys alone; `both`: either. */
  readonly organisations: "console" | "enterprise" | "both";
  /** Of Enterprise keys. */
  readonly scope?: string;
  /** Name that the header `anthropic-beta` must have. */
  readonly beta?: string;
}

/** The known key that a request came with, if any. */
export function keyOf(keys: readonly ProviderKey[], secret: string | undefined): ProviderKey | undefined {
  return keys.find((key) => key.secret === secret);
}

/** @throws ApiError unless the endpoint takes this key */
export function checkKey(key: ProviderKey | undefined, hasHeader: boolean, access: Access): void {
  if (!hasHeader) {
    throw new ApiError(401, "authentication_error", "x-api-key header is required");
  }
  if (key === undefined || key.kind === "inference" || key.isExpired === true) {
    throw new ApiError(401, "authentication_error", "invalid x-api-key");
  }
  if (key.kind === "admin") {
    if (access.organisations === "enterprise") {
      throw new ApiError(
        400,
        "invalid_request_error",
        "This endpoint is for Claude Enterprise organizations.",
        {},
        "organization_type_not_supported",
      );
    }
    return;
  }
  const needed = access.organisations === "console" ? "org:admin" : access.scope;
  const held = key.scopes ?? [];
  if (needed !== undefined && !held.includes(needed)) {
    throw new ApiError(
      403,
      "permission_error",
      `The key lacks a scope. Held: ${held.join(", ") || "none"}. Needed: ${needed}.`,
    );
  }
}

const knownVersions = ["2023-06-01", "2026-10-21"];

/** @throws ApiError unless the headers name a known version, and the beta that the endpoint needs */
export function checkHeaders(version: string | undefined, beta: string | undefined, access: Access): void {
  if (version === undefined) {
    throw invalid("anthropic-version: header is required");
  }
  if (!knownVersions.includes(version)) {
    throw invalid(`anthropic-version: "${version}" is not a valid version`);
  }
  const betas = (beta ?? "").split(",").map((name) => name.trim());
  if (access.beta !== undefined && !betas.includes(access.beta)) {
    throw invalid(`anthropic-beta: this endpoint needs ${access.beta}`);
  }
}
