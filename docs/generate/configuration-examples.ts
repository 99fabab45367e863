/** What the documentation of a feature shows besides its settings. */
export interface Example {
  /** A part of a stack's file. */
  readonly yaml: string;
  /** What is refused, or must be known besides. */
  readonly notes?: string;
}

/** By the feature's title. */
export const examples: Readonly<Record<string, Example>> = {
  Stack: {
    yaml: `
kubernetes:context: prod-eu
claude-code-monitoring:namespace: claude-monitoring
claude-code-monitoring:storageClass: fast-ssd
claude-code-monitoring:timeZone: Europe/Berlin
claude-code-monitoring:images:
  prometheus: mirror.example.com/prom/prometheus:v3.16.0
  grafana: mirror.example.com/grafana/grafana:13.2.2`,
    notes:
      "Production demands `kubernetes:context` (or `kubernetes:kubeconfig`), so that no stack lands in whatever cluster is " +
      "current, and secrets that are encrypted. It refuses default passwords, placeholders for addresses, NodePorts, plain " +
      "text, clients without a credential and `prometheus.adminApi`.",
  },
  "Addresses and TLS": {
    yaml: `
claude-code-monitoring:exposure: LoadBalancer
claude-code-monitoring:grafanaUrl: https://grafana.corp.test
claude-code-monitoring:otlpHttpUrl: https://otlp.corp.test:4318
claude-code-monitoring:otlpGrpcUrl: https://otlp.corp.test:4317
claude-code-monitoring:tls:
  issuer: ClusterIssuer/internal`,
    notes: "Where the stack serves TLS, and in production anyway, the addresses must be `https`.",
  },
  Teams: {
    yaml: `
claude-code-monitoring:teams:
  - platform
  # Both credentials are let in, the second is handed out. Leave out 1 to revoke the first.
  - name: web
    credentials: [1, 2]`,
  },
  Collector: {
    yaml: `
claude-code-monitoring:collector:
  replicas: 3
  maxReplicas: 6
  resources: { cpuRequest: 500m, memory: 2Gi }`,
  },
  Privacy: {
    yaml: `
claude-code-monitoring:identity: pseudonym
claude-code-monitoring:contents: [prompts, toolDetails]
claude-code-monitoring:attributes:
  resource: [cost.center]
  values:
    team: [platform, web]
    tool_name: [MyTool]`,
  },
  "Prometheus, Loki and Tempo": {
    yaml: `
claude-code-monitoring:prometheus:
  storage: 200Gi
  outOfOrderWindow: 54h
claude-code-monitoring:loki:
  retention: 30d
claude-code-monitoring:tempo:
  enabled: false`,
    notes:
      "`prometheus.outOfOrderWindow` is longer than `collector.clockBehindTolerance`, at most 360h, and shorter than what is " +
      "kept; Prometheus keeps at least two days more than the pass of the roll-ups that waits for it.",
  },
  "A distributed store": {
    yaml: `
claude-code-monitoring:remoteWrite:
  url: https://mimir.corp.test/api/v1/push
  otlpUrl: https://mimir.corp.test/otlp/v1/metrics
  queryUrl: https://mimir.corp.test/prometheus
  user: "12345"
  # pulumi config set --secret --path remoteWrite.password …
  password: { secure: v1:… }`,
    notes: "Its three URLs come together. In production they are `https` where there is a password or token.",
  },
  Grafana: {
    yaml: `
claude-code-monitoring:grafana:
  deployment: external
  # pulumi config set --secret --path grafana.auth glsa_…
  auth: { secure: v1:… }
  prometheusUrl: https://prometheus.corp.test
claude-code-monitoring:grafanaUrl: https://grafana.corp.test`,
    notes:
      "An `external` Grafana that reads inside the cluster is in one of `network.readerNamespaces`. With `collection` `none` " +
      "Grafana is `external`, and told where Prometheus is.",
  },
  "Signing in": {
    yaml: `
claude-code-monitoring:oidc:
  clientId: grafana
  clientSecret: { secure: v1:… }
  authUrl: https://login.corp.test/authorize
  tokenUrl: https://login.corp.test/token
  apiUrl: https://login.corp.test/userinfo
  rolePath: contains(groups[*], 'finance') && 'Viewer'`,
  },
  "Folders and their readers": {
    yaml: `
claude-code-monitoring:folders:
  role: Viewer
  peopleRole: Editor
  perTeam: true
claude-code-monitoring:teams: [platform, web]`,
  },
  Dashboards: {
    yaml: `
claude-code-monitoring:language: zh-TW
claude-code-monitoring:dashboards:
  rawRange: 8d
  minimumClientVersion: 2.1.330`,
  },
  "Plan and budgets": {
    yaml: `
claude-code-monitoring:budgets:
  monthly: 20000
  perUser: { daily: 50 }
  teams:
    platform: { monthly: 8000 }
    web: { monthly: 5000, daily: 400 }`,
    notes:
      "Budgets count metered use alone ([what counts as metered](accuracy.md#seats-and-metered-use)). " +
      "`plan.seats` and `plan.seatPrice` come together, and `plan.kind` `seats` needs them. A budget of a month needs " +
      "`prometheus.retention` of 32d; one of a team names one of `teams`, where there are any.",
  },
  Prices: {
    yaml: `
claude-code-monitoring:prices:
  # A fifth off everything, and a contracted price for one model.
  multiplier: 0.8
  models:
    claude-opus-5-5: { input: 3.5, output: 17.5, cacheRead: 0.2 }
    gpt-5.4: { input: 1.25, output: 10 }
  aliases:
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a1b2c3": claude-opus-5-5
    our-gateway-large: gpt-5.4`,
    notes:
      "Without these keys the list of `telemetry/price-list.json` holds. With them, `npm run settings` prints the managed " +
      "setting `modelPricing`: clients compute cost with the same prices, once they have it. A row of `prices.models` is " +
      "charged as written: no surcharge for fast mode, inference in the US or cache writes for an hour. An alias gets a row " +
      "if its model has one.",
  },
  "The provider's bill": {
    yaml: `
claude-code-monitoring:bill:
  key: # pulumi config set --secret --path bill.key
    secure: v1:…
  keyExpires: 2027-03-31
  people:
    apikey_01AbCd: ada@example.com
    user_01EfGh: bo@example.com`,
    notes:
      "A job reads each hour what the provider charged, and [the bill](bill.md) is set beside what clients reported. " +
      "Best is a key of an Enterprise organisation with the scope `read:analytics` alone. A Console's Admin key may do " +
      "everything, and should expire soon. Mail addresses of the bill and of clients match by themselves.",
  },
  "The month's report": {
    yaml: `
claude-code-monitoring:report:
  emails:
    - controlling@example.com
claude-code-monitoring:grafana:
  smtp:
    host: smtp.example.com:587
    fromAddress: grafana@example.com`,
    notes:
      "On the third of each month, a job mails the report of the month before as a page and as CSV. It goes through " +
      "Grafana's mail server. [operations.md](operations.md#a-report-for-chargeback) says what is in it.",
  },
  Alerts: {
    yaml: `
claude-code-monitoring:docsUrl: https://git.corp.test/monitoring/blob/main/docs
claude-code-monitoring:grafana:
  smtp:
    host: smtp.corp.test:587
    user: grafana
    # pulumi config set --secret --path grafana.smtp.password …
    password: { secure: v1:… }
    fromAddress: grafana@corp.test
claude-code-monitoring:alerting:
  workingHours: Mon-Fri 08:00-19:00
  muteTimes: [Sat-Sun 00:00-24:00]
  emails: [finance@corp.test]
  # pulumi config set --secret --path alerting.slackUrl https://hooks.slack.com/services/…
  slackUrl: { secure: v1:… }`,
    notes:
      "Mail needs `grafana.smtp`, but for an `external` Grafana, whose owner configures it. " +
      "[operations.md](operations.md#messages-of-alerts) says how to send a test mail.",
  },
  Backups: {
    yaml: `
claude-code-monitoring:backup:
  schedule: 30 1 * * *
  keep: 14
  storageClass: other-disks
  storage: { prometheus: 400Gi }`,
  },
  "Network and quota": {
    yaml: `
claude-code-monitoring:network:
  dnsAddresses: [10.96.0.10/32]
  readerNamespaces: [grafana]`,
  },
  Clients: {
    yaml: `
claude-code-monitoring:client:
  metricsInterval: 30s`,
  },
};
