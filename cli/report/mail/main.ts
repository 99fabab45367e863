import * as fs from "node:fs";

import { mailReport } from "./mail";
import { type MailSettings, smtpPasswordVariable } from "./settings";

const [settingsFile] = process.argv.slice(2);
const settings = JSON.parse(fs.readFileSync(String(settingsFile), "utf8")) as MailSettings;
mailReport(settings, process.env[smtpPasswordVariable], Date.now() / 1000)
  .then((month) => {
    console.log(`mailed the report of ${month} to ${settings.mail.to.length} addresses`);
  })
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
