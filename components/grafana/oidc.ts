import type * as pulumi from "@pulumi/pulumi";

/** Roles of a Grafana organisation, the least first: who has one may do what those before it may. */
export const grafanaRoles = ["Viewer", "Editor", "Admin"] as const;

/** A role of a Grafana organisation. */
export type GrafanaRole = (typeof grafanaRoles)[number];

/** An OpenID Connect provider that people sign in with. */
export interface GrafanaOidc {
  /** Text of the button. */
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: pulumi.Input<string>;
  readonly authUrl: string;
  readonly tokenUrl: string;
  /** The provider's userinfo endpoint. */
  readonly apiUrl: string;
  /** Separated by spaces. */
  readonly scopes: string;
  /** JMESPath over the token's claims that gives `Viewer`, `Editor` or `Admin`; who gets none may not sign in. */
  readonly rolePath: string;
}

/** Grafana's settings for it, without the client's secret. */
export function oidcSettings(oidc: GrafanaOidc): Record<string, string> {
  return {
    GF_AUTH_GENERIC_OAUTH_ENABLED: "true",
    GF_AUTH_GENERIC_OAUTH_NAME: oidc.name,
    GF_AUTH_GENERIC_OAUTH_CLIENT_ID: oidc.clientId,
    GF_AUTH_GENERIC_OAUTH_AUTH_URL: oidc.authUrl,
    GF_AUTH_GENERIC_OAUTH_TOKEN_URL: oidc.tokenUrl,
    GF_AUTH_GENERIC_OAUTH_API_URL: oidc.apiUrl,
    GF_AUTH_GENERIC_OAUTH_SCOPES: oidc.scopes,
    GF_AUTH_GENERIC_OAUTH_ROLE_ATTRIBUTE_PATH: oidc.rolePath,
    GF_AUTH_GENERIC_OAUTH_ROLE_ATTRIBUTE_STRICT: "true",
    // The provider's roles never make a server's administrator: that is the generated one.
    GF_AUTH_GENERIC_OAUTH_ALLOW_ASSIGN_GRAFANA_ADMIN: "false",
    GF_AUTH_GENERIC_OAUTH_ALLOW_SIGN_UP: "true",
    GF_AUTH_GENERIC_OAUTH_USE_PKCE: "true",
    GF_AUTH_GENERIC_OAUTH_USE_REFRESH_TOKEN: "true",
  };
}
