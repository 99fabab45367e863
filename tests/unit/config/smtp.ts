/** Configuration of a Grafana that sends mail. */
export const smtp = {
  "grafana.smtp.host": "smtp.corp.test:587",
  "grafana.smtp.fromAddress": "grafana@corp.test",
} as const;

/** The same, with a server that asks for a user. */
export const smtpWithUser = {
  ...smtp,
  "grafana.smtp.user": "grafana",
  "grafana.smtp.password": "smtp-secret",
} as const;
