import type { GrafanaApi } from "../components/grafana/content";
import type { GrafanaArgs } from "../components/grafana/grafana";
import { type GrafanaSmtp, startTlsPolicies } from "../components/grafana/smtp";
import { type General, storeArgs } from "./general";
import * as value from "./values";

export const title = "Grafana";

export const schema = {
  grafana: value.group({
    deployment: value
      .oneOf("in-cluster", "external", "none")
      .prefault("in-cluster")
      .describe(
        "`in-cluster` deploys Grafana with its content; `external` puts the content into the Grafana at `grafanaUrl`; `none` leaves both out",
      ),
    adminUser: value
      .matching("a user name of 1 to 64 letters, digits, dots, hyphens or underscores", /^[\w.-]{1,64}$/)
      .prefault("admin")
      .describe("Name of Grafana's administrator"),
    adminPassword: value.secret("a password").describe("Password of Grafana's administrator; generated without"),
    databaseKey: value
      .optionalOneOf("generated", "public")
      .describe(
        "What encrypts the secrets in Grafana's database, `generated` for a new one, `public` (every Grafana's default) for one that was made with it; `public` without, and production asks for one of them",
      ),
    storage: value.quantity.prefault("5Gi").describe("Grafana's volume"),
    resources: value.resources({ cpuRequest: "100m", cpuLimit: "1", memory: "1Gi" }),
    readyTimeout: value.duration
      .prefault("10m")
      .describe("How long `pulumi up` waits for Grafana to answer before it declares the content"),
    apiUrl: value
      .optionalUrl("http://localhost:3000")
      .describe("Where the machine that runs Pulumi reaches Grafana's API; `grafanaUrl` without"),
    auth: value
      .secret("a service account token or user:password")
      .describe("Service account token, or `user:password`, for an `external` Grafana"),
    orgId: value
      .wholeNumber(1, 1_000_000)
      .prefault(1)
      .describe("Organisation of an `external` Grafana, with `user:password` only; a token belongs to one"),
    caCertificate: value
      .text("a certificate in PEM form")
      .describe("Certificate in PEM form that Grafana's own is verified by; the system's without"),
    insecureSkipVerify: value.bool.prefault("false").describe("Whether Grafana's certificate is not verified"),
    prometheusDataSourceUid: value
      .optional("the uid of a Prometheus data source", value.whole(/^[\w-]{1,40}$/))
      .describe("Uid of the Prometheus data source to use in an `external` Grafana; one is created without"),
    prometheusUrl: value
      .optionalUrl("https://prometheus.example.com")
      .describe(
        "Where an `external` Grafana reaches Prometheus, for the data source that is created; the address inside the cluster without",
      ),
    lokiUrl: value
      .optionalUrl("https://loki.example.com")
      .describe(
        "Where Grafana reaches Loki, this stack's or another; the address inside the cluster without, and no data source where Loki is not deployed",
      ),
    tempoUrl: value
      .optionalUrl("https://tempo.example.com")
      .describe(
        "Where Grafana reaches Tempo, this stack's or another; the address inside the cluster without, and no data source where Tempo is not deployed",
      ),
    smtp: value.group({
      host: value
        .optional("a server and port such as smtp.example.com:587", value.hostAndPort)
        .describe("SMTP server that Grafana sends mail through, e.g. `smtp.corp.test:587`; no mail without"),
      user: value.text("a user name").describe("User at the SMTP server, if it asks for one"),
      password: value.secret("a password").describe("Password of that user"),
      fromAddress: value.optional("a mail address", value.mailAddress).describe("Sender's mail address"),
      fromName: value
        .matching("a name of 1 to 100 characters", /^.{1,100}$/)
        .prefault("Grafana")
        .describe("Sender's name"),
      startTlsPolicy: value
        .oneOf(...startTlsPolicies)
        .prefault(startTlsPolicies[0])
        .describe(
          "`MandatoryStartTLS` refuses a server without TLS, `OpportunisticStartTLS` falls back to plain text, " +
            "`NoStartTLS` asks for none; port 465 is TLS from the start",
        ),
    }),
  }),
};

export type Grafana = value.ValuesOf<typeof schema>;
type Smtp = Grafana["grafana"]["smtp"];
type Reached = Grafana & { readonly grafanaUrl: string };

/** True if a part of the stack runs in the cluster, so it needs a namespace there. */
export function isInCluster({ collection, grafana }: General & Grafana): boolean {
  return collection === "in-cluster" || grafana.deployment === "in-cluster";
}

/** Content must have a Grafana to go to, and a Prometheus to show. */
export function contradictions({ collection, grafana }: General & Grafana): string[] {
  const { deployment, auth, prometheusDataSourceUid: uid, smtp } = grafana;
  const problems = smtpContradictions(smtp);
  if (deployment !== "in-cluster" && smtp.host !== undefined) {
    problems.push(
      `grafana.smtp.host: found "${smtp.host}"; with grafana.deployment "${deployment}" expected nothing, only a Grafana of the stack gets it`,
    );
  }
  if (deployment === "external" && auth === undefined) {
    problems.push('grafana.auth: found nothing; with grafana.deployment "external" expected a token or user:password');
  }
  if (deployment === "in-cluster" && uid !== undefined) {
    problems.push(
      `grafana.prometheusDataSourceUid: found "${uid}"; with grafana.deployment "in-cluster" expected nothing, its data source is created`,
    );
  }
  if (collection === "none" && deployment !== "external") {
    problems.push(`grafana.deployment: found "${deployment}"; with collection "none" expected external`);
  } else if (collection === "none" && (uid ?? grafana.prometheusUrl) === undefined) {
    problems.push(
      'grafana.prometheusDataSourceUid: found nothing; with collection "none" expected a data source, or grafana.prometheusUrl',
    );
  }
  return problems;
}

/** A server without sender, half of the credentials, or parts without server. */
function smtpContradictions({ host, user, password, fromAddress }: Smtp): string[] {
  if (host === undefined) {
    return Object.entries({ user, password, fromAddress })
      .filter(([, found]) => found !== undefined)
      .map(([key]) => `grafana.smtp.${key}: found a value; without grafana.smtp.host expected nothing`);
  }
  return [
    ...(fromAddress === undefined
      ? ["grafana.smtp.fromAddress: found nothing; with grafana.smtp.host expected the sender's address"]
      : []),
    ...((user === undefined) === (password === undefined)
      ? []
      : ["grafana.smtp.user, grafana.smtp.password: found one of them; expected both or neither"]),
  ];
}

const minimumPasswordLength = 12;
const defaultPasswords: ReadonlySet<string> = new Set(["admin", "administrator", "password", "grafana", "changeme"]);

/** Passwords and keys that anybody knows. */
export function productionRefusals({ grafana }: Grafana): string[] {
  const { deployment, adminPassword, databaseKey, smtp } = grafana;
  const problems = value.placeholders({
    "grafana.smtp.host": smtp.host,
    "grafana.smtp.fromAddress": smtp.fromAddress,
  });
  if (adminPassword?.tell(isWeak) === true) {
    problems.push(
      "grafana.adminPassword: found a default or short password; in production expected nothing (one is generated) or at " +
        `least ${minimumPasswordLength} characters`,
    );
  }
  if (deployment === "in-cluster" && databaseKey === undefined) {
    problems.push(
      'grafana.databaseKey: found nothing; in production expected "generated", or "public" for a database that was made ' +
        "without a key of its own (docs/operations.md)",
    );
  }
  return problems;
}

function isWeak(password: string): boolean {
  return password.length < minimumPasswordLength || defaultPasswords.has(password.toLowerCase());
}

/** Grafana's server, but for what is generated and how it is reached. */
export function grafanaArgs(config: General & Reached) {
  const { storage, adminUser, resources, smtp } = config.grafana;
  return {
    ...storeArgs(config, "grafana"),
    storage,
    url: config.grafanaUrl,
    adminUser,
    resources,
    smtp: grafanaSmtp(smtp),
  } satisfies Partial<GrafanaArgs>;
}

/** The mail server; undefined where there is none. */
export function grafanaSmtp({ host, user, password, fromAddress, ...shown }: Smtp): GrafanaSmtp | undefined {
  // A server has a sender, and a user a password: that has been validated.
  return host && fromAddress
    ? { ...shown, host, fromAddress, credentials: user && password ? { user, password: password.output } : undefined }
    : undefined;
}

/** Access to Grafana's API, without credentials. */
export function grafanaApi({
  grafana,
  grafanaUrl,
}: Reached): Omit<GrafanaApi, "auth" | "orgId" | "url"> & { readonly url: string } {
  const { apiUrl = grafanaUrl, caCertificate, insecureSkipVerify, readyTimeout: readyTimeoutSeconds } = grafana;
  return { url: apiUrl, caCertificate, insecureSkipVerify, readyTimeoutSeconds };
}

/** The same for a Grafana that is there already, with its credentials; undefined for one of the stack's own. */
export function externalGrafanaApi(config: Reached): GrafanaApi | undefined {
  const { deployment, auth, orgId } = config.grafana;
  if (deployment !== "external" || auth === undefined) {
    return undefined;
  }
  // A token belongs to one organisation and refuses another.
  const withPassword = auth.tell((text) => text.includes(":"));
  return { ...grafanaApi(config), auth: auth.output, orgId: withPassword ? orgId : undefined };
}
