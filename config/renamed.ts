/** Keys of versions before 0.3.0 that were called otherwise: where their values are now. */
export const renamed: ReadonlyMap<string, string> = new Map(
  Object.entries({
    dnsAddresses: "network.dnsAddresses, a list,",
    apiServerAddresses: "network.apiServerAddresses, a list,",
    readerNamespaces: "network.readerNamespaces, a list,",
    grafanaNodePort: "nodePorts.grafana",
    otlpGrpcNodePort: "nodePorts.otlpGrpc",
    otlpHttpNodePort: "nodePorts.otlpHttp",
    ingressTlsSecret: "tls.secret",
    certificateIssuer: "tls.issuer",
    clientCaSecret: "tls.clientCaSecret",
    clockAheadTolerance: "collector.clockAheadTolerance",
    clockBehindTolerance: "collector.clockBehindTolerance",
    keepContents: "contents, a list,",
    attributeLength: "attributes.maxLength",
    resourceAttributes: "attributes.resource, a list,",
    labelValues: "attributes.values, a list by label,",
    loki: "loki.enabled",
    tempo: "tempo.enabled",
    grafana: "grafana.deployment",
    grafanaOidcName: "oidc.name",
    grafanaOidcClientId: "oidc.clientId",
    grafanaOidcClientSecret: "oidc.clientSecret",
    grafanaOidcAuthUrl: "oidc.authUrl",
    grafanaOidcTokenUrl: "oidc.tokenUrl",
    grafanaOidcApiUrl: "oidc.apiUrl",
    grafanaOidcScopes: "oidc.scopes, a list,",
    grafanaOidcRolePath: "oidc.rolePath",
    grafanaFolderRole: "folders.role",
    grafanaPeopleRole: "folders.peopleRole",
    grafanaTeamFolders: "folders.perTeam",
    grafanaFolderUid: "folders.uid",
    grafanaDataSourceUid: "grafana.prometheusDataSourceUid",
    prometheusBackupStorage: "backup.storage.prometheus",
    lokiBackupStorage: "backup.storage.loki",
    grafanaBackupStorage: "backup.storage.grafana",
    rawRange: "dashboards.rawRange",
    minimumClientVersion: "dashboards.minimumClientVersion",
    plan: "plan.kind",
    seats: "plan.seats",
    seatPrice: "plan.seatPrice",
    monthlyBudget: "budgets.monthly",
    dailyBudget: "budgets.daily",
    teamMonthlyBudgets: "budgets.teams.<team>.monthly",
    teamDailyBudgets: "budgets.teams.<team>.daily",
    userMonthlyBudget: "budgets.perUser.monthly",
    userDailyBudget: "budgets.perUser.daily",
    budgetWarningPercent: "budgets.warningPercent",
    alerts: "alerting.enabled",
    alertMinimumUsd: "alerting.minimumUsd",
    workingHours: "alerting.workingHours",
    alertEmails: "alerting.emails, a list,",
    alertSlackUrl: "alerting.slackUrl",
    alertWebhookUrl: "alerting.webhookUrl",
    alertPagerDutyKey: "alerting.pagerDutyKey",
    alertGroupBy: "alerting.groupBy, a list,",
    alertGroupWait: "alerting.groupWait",
    alertGroupInterval: "alerting.groupInterval",
    alertRepeatInterval: "alerting.repeatInterval",
    alertMuteTimes: "alerting.muteTimes, a list,",
  }),
);

/**
 * The path of a key's value today, if versions before 0.3.0 had the key. Most were today's path in one word: `lokiCpuLimit`
 * is `loki.resources.cpuLimit` now.
 *
 * @param paths of today's settings
 */
export function placeNow(key: string, paths: readonly string[]): string | undefined {
  return renamed.get(key) ?? paths.find((path) => path !== key && inOneWord(path) === key);
}

function inOneWord(path: string): string {
  return path.replace(".resources.", ".").replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
}
