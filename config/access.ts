import { type GrafanaOidc, grafanaRoles } from "../components/grafana/oidc";
import { serviceNames } from "../components/kubernetes/names";
import type { StackConfig } from "./schema";

/** The Secret whose certificate collector and Grafana serve with; undefined where something else ends TLS, or nothing. */
export function servingTlsSecret(config: StackConfig): string | undefined {
  return config.exposure === "Ingress" ? undefined : certificateSecret(config, config.tlsSecret);
}

/** The Secret whose certificate an Ingress serves with; undefined: the controller's own. */
export function ingressTlsSecret(config: StackConfig): string | undefined {
  return certificateSecret(config, config.ingressTlsSecret);
}

function certificateSecret(config: StackConfig, given: string | undefined): string | undefined {
  return config.certificateIssuer === undefined ? given : serviceNames(config.namePrefix).tlsSecret;
}

/** Host names that the stack's certificate must be for. */
export function servedHosts({ grafanaUrl, otlpHttpUrl, otlpGrpcUrl }: StackConfig): string[] {
  return [...new Set([grafanaUrl, otlpHttpUrl, otlpGrpcUrl].map((url) => new URL(url).hostname))];
}

/** Where people sign in; undefined: at Grafana alone. */
export function grafanaOidc(config: StackConfig): GrafanaOidc | undefined {
  const { grafanaOidcAuthUrl: authUrl, grafanaOidcTokenUrl: tokenUrl, grafanaOidcApiUrl: apiUrl } = config;
  const { grafanaOidcClientId: clientId } = config;
  // All or none of them are there: that has been validated.
  if (clientId === undefined || authUrl === undefined || tokenUrl === undefined || apiUrl === undefined) {
    return undefined;
  }
  return {
    name: config.grafanaOidcName,
    clientId,
    clientSecret: config.grafanaOidcClientSecret,
    authUrl,
    tokenUrl,
    apiUrl,
    scopes: config.grafanaOidcScopes,
    rolePath: config.grafanaOidcRolePath,
  };
}

/** What cannot be meant about who gets in and what is encrypted. Values that were refused are left out. */
export function accessContradictions(config: Partial<StackConfig>): string[] {
  return [
    ...tlsContradictions(config),
    ...teamContradictions(config),
    ...oidcContradictions(config),
    ...folderContradictions(config),
  ];
}

function tlsContradictions(config: Partial<StackConfig>): string[] {
  const { exposure, tlsSecret, certificateIssuer, clientCaSecret, ingressTlsSecret: ingressSecret } = config;
  const ingress = exposure === "Ingress";
  const problems: string[] = [];
  if (ingress && tlsSecret !== undefined) {
    problems.push(
      `tlsSecret: found "${tlsSecret}"; with exposure "Ingress" expected nothing, ingressTlsSecret is for it`,
    );
  }
  const given = ingress ? ingressSecret : tlsSecret;
  if (certificateIssuer !== undefined && given !== undefined) {
    const key = ingress ? "ingressTlsSecret" : "tlsSecret";
    problems.push(`${key}: found "${given}"; with certificateIssuer expected nothing, a certificate is issued`);
  }
  if (clientCaSecret !== undefined && (ingress || (tlsSecret ?? certificateIssuer) === undefined)) {
    problems.push(
      `clientCaSecret: found "${clientCaSecret}"; expected nothing where the collector does not serve TLS itself`,
    );
  }
  const serving = !ingress && (tlsSecret ?? certificateIssuer) !== undefined;
  return serving ? [...problems, ...plainUrls(config, "where the stack serves TLS")] : problems;
}

/** Addresses that are not `https:`. */
function plainUrls(config: Partial<StackConfig>, where: string): string[] {
  return (["grafanaUrl", "otlpHttpUrl", "otlpGrpcUrl"] as const).flatMap((key) => {
    const url = config[key];
    return url?.startsWith("http:") === true ? [`${key}: found "${url}"; ${where} expected https`] : [];
  });
}

/** Domains that are nobody's: those of the defaults are. */
const placeholderHost = /(^|\.)example\.(com|net|org)$/;

/** Addresses that were left as they come, where they are used. */
function placeholders(config: Partial<StackConfig>): string[] {
  const { collection, grafana } = config;
  const used = [
    ...(grafana === "none" ? [] : (["grafanaUrl"] as const)),
    ...(collection === "none" ? [] : (["otlpHttpUrl", "otlpGrpcUrl"] as const)),
  ];
  return used.flatMap((key) => {
    const url = config[key];
    return url !== undefined && placeholderHost.test(new URL(url).hostname)
      ? [`${key}: found the placeholder "${url}"; in production expected an address of your own`]
      : [];
  });
}

const teamBudgetKeys = ["teamMonthlyBudgets", "teamDailyBudgets"] as const;

function teamContradictions({ teams, ...budgets }: Partial<StackConfig>): string[] {
  if (teams === undefined || teams.size === 0) {
    return [];
  }
  return teamBudgetKeys.flatMap((key) =>
    [...(budgets[key]?.keys() ?? [])]
      .filter((team) => !teams.has(team))
      .map((team) => `${key}: found "${team}"; expected one of teams, ${[...teams.keys()].join(", ")}`),
  );
}

const oidcKeys = ["grafanaOidcAuthUrl", "grafanaOidcTokenUrl", "grafanaOidcApiUrl"] as const;

function oidcContradictions(config: Partial<StackConfig>): string[] {
  const { grafanaOidcClientId: clientId, grafanaOidcClientSecret: secret } = config;
  if (clientId === undefined) {
    return oidcKeys
      .filter((key) => config[key] !== undefined)
      .map((key) => `${key}: found a value; without grafanaOidcClientId expected nothing`);
  }
  const missing = oidcKeys
    .filter((key) => config[key] === undefined)
    .map((key) => `${key}: found nothing; with grafanaOidcClientId expected a URL`);
  return secret === ""
    ? [...missing, "grafanaOidcClientSecret: found nothing; with grafanaOidcClientId expected the client's secret"]
    : missing;
}

function folderContradictions(config: Partial<StackConfig>): string[] {
  const { grafanaFolderRole: least = "Viewer", grafanaPeopleRole: people, grafanaTeamFolders, teams } = config;
  const problems: string[] = [];
  if (people !== undefined && grafanaRoles.indexOf(people) < grafanaRoles.indexOf(least)) {
    problems.push(`grafanaPeopleRole: found "${people}"; expected at least grafanaFolderRole, "${least}"`);
  }
  if (grafanaTeamFolders === true && teams?.size === 0) {
    problems.push('grafanaTeamFolders: found "true"; without teams expected "false"');
  }
  return problems;
}

/** What `environment: production` refuses of it. */
export function productionAccessRefusals(config: Partial<StackConfig>): string[] {
  const problems = [...plainUrls(config, "in production"), ...placeholders(config)];
  const { exposure, tlsSecret, certificateIssuer, teams, collection, grafana } = config;
  const deploys = collection === "in-cluster" || grafana === "in-cluster";
  const direct = exposure === "LoadBalancer" || exposure === "ClusterIP";
  if (deploys && direct && (tlsSecret ?? certificateIssuer) === undefined) {
    problems.push(
      `tlsSecret: found nothing; in production, with exposure "${exposure}", expected a Secret, or certificateIssuer`,
    );
  }
  if (collection === "in-cluster" && teams?.size === 0) {
    problems.push("teams: found nothing; in production expected the teams that may send");
  }
  if (grafana === "in-cluster" && "grafanaDatabaseKey" in config && config.grafanaDatabaseKey === undefined) {
    problems.push(
      'grafanaDatabaseKey: found nothing; in production expected "generated", or "public" for a database that was made ' +
        "without a key of its own (docs/operations.md)",
    );
  }
  if (config.prometheusAdminApi === true) {
    problems.push(
      'prometheusAdminApi: found "true"; in production expected "false", whoever may look in Grafana could delete series',
    );
  }
  return problems;
}
