import type { GrafanaOidc } from "../components/grafana/oidc";
import * as value from "./values";

export const title = "Signing in";

export const schema = {
  oidc: value.group({
    name: value
      .matching("a name of 1 to 40 characters", /^.{1,40}$/)
      .prefault("Single sign-on")
      .describe("What the button to sign in with the OpenID Connect provider says"),
    clientId: value
      .text("a client's id")
      .describe("Grafana's client id at the OpenID Connect provider; nobody signs in there without"),
    clientSecret: value.secret("a client's secret").describe("The client's secret"),
    authUrl: value
      .optional("a URL such as https://login.example.com/authorize", value.anyUrl)
      .describe("The provider's authorization endpoint"),
    tokenUrl: value
      .optional("a URL such as https://login.example.com/token", value.anyUrl)
      .describe("The provider's token endpoint"),
    apiUrl: value
      .optional("a URL such as https://login.example.com/userinfo", value.anyUrl)
      .describe("The provider's userinfo endpoint"),
    scopes: value
      .list("scopes", value.matching("a scope", /^[\w.:/-]{1,100}$/))
      .prefault(["openid", "profile", "email"])
      .describe("Scopes to ask for"),
    rolePath: value
      .matching("a JMESPath expression that gives Viewer, Editor or Admin", /^.{1,1000}$/)
      .prefault("'Viewer'")
      .describe(
        "JMESPath over the claims that gives `Viewer`, `Editor` or `Admin`; who gets none of them may not sign in",
      ),
  }),
};

export type SignIn = value.ValuesOf<typeof schema>;

const urlKeys = ["authUrl", "tokenUrl", "apiUrl"] as const;

/** A provider is described whole, or not at all. */
export function contradictions({ oidc }: SignIn): string[] {
  if (oidc.clientId === undefined) {
    return urlKeys
      .filter((key) => oidc[key] !== undefined)
      .map((key) => `oidc.${key}: found a value; without oidc.clientId expected nothing`);
  }
  const missing = urlKeys
    .filter((key) => oidc[key] === undefined)
    .map((key) => `oidc.${key}: found nothing; with oidc.clientId expected a URL`);
  return oidc.clientSecret === undefined
    ? [...missing, "oidc.clientSecret: found nothing; with oidc.clientId expected the client's secret"]
    : missing;
}

/** The provider at which people sign in; undefined: Grafana alone. */
export function grafanaOidc({ oidc }: SignIn): GrafanaOidc | undefined {
  const { clientId, clientSecret, authUrl, tokenUrl, apiUrl, scopes, ...shown } = oidc;
  // All or none of them are there: that has been validated.
  return clientId && clientSecret && authUrl && tokenUrl && apiUrl
    ? { ...shown, clientId, clientSecret: clientSecret.output, authUrl, tokenUrl, apiUrl, scopes: scopes.join(" ") }
    : undefined;
}
