import { createTransport } from "nodemailer";

import { overHttp, PrometheusApi } from "../../prometheus-api";
import { reportCsv } from "../csv";
import { reportHtml } from "../html";
import { monthAt, monthBefore } from "../month";
import { readReport } from "../report";
import { filled } from "../words";
import type { MailSettings } from "./settings";

/** Port on which TLS begins with the connection. */
const tlsPort = 465;

/**
 * Mails the report of the last whole month, as a page and as a table for a spreadsheet.
 *
 * @param password of the user at the mail server
 * @param now in seconds since 1970
 * @returns the month, as `2026-11`
 * @throws Error naming Prometheus' answer, or the mail server's
 */
export async function mailReport(
  { timeZone, stack, prometheusUrl, mail }: MailSettings,
  password: string | undefined,
  now: number,
): Promise<string> {
  const month = monthBefore(monthAt(now, timeZone));
  const budgets = { ...stack.budgets, teams: new Map(stack.budgets.teams) };
  const prometheus = new PrometheusApi(overHttp(prometheusUrl));
  const report = await readReport(prometheus, { month, timeZone }, { ...stack, budgets }, now);
  const html = reportHtml(report);
  const title = filled(stack.words.title, { month });
  const file = `claude-code-${month}`;
  await transport(mail, password).sendMail({
    from: { name: mail.fromName, address: mail.fromAddress },
    to: [...mail.to],
    subject: title,
    html,
    attachments: [
      { filename: `${file}.html`, content: html, contentType: "text/html; charset=utf-8" },
      { filename: `${file}.csv`, content: reportCsv(report), contentType: "text/csv; charset=utf-8" },
    ],
  });
  return month;
}

function transport({ host: address, user, startTlsPolicy }: MailSettings["mail"], password: string | undefined) {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(address) ?? [];
  return createTransport({
    host,
    port: Number(port),
    secure: Number(port) === tlsPort,
    requireTLS: startTlsPolicy === "MandatoryStartTLS",
    ignoreTLS: startTlsPolicy === "NoStartTLS",
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    connectionTimeout: 30_000,
  });
}
