import * as fs from "node:fs";

import { run } from "./run";
import type { BillSettings } from "./settings";

const [settingsFile, keyFile] = process.argv.slice(2);
const settings = JSON.parse(fs.readFileSync(String(settingsFile), "utf8")) as BillSettings;
const key = fs.readFileSync(String(keyFile), "utf8").trim();
const pseudonymKey = process.env["PSEUDONYM_KEY"];
const secrets = { key, ...(pseudonymKey === undefined ? {} : { pseudonymKey }) };
run(settings, secrets, (line) => {
  console.log(line);
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
