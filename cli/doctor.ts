import * as path from "node:path";

import { bundleDoctor } from "../doctor/bundle";
import { runDoctor } from "../doctor/command";
import { doctorHelp, parseDoctorOptions } from "../doctor/options";
import { thisMachine } from "../doctor/sources";
import { runCommand } from "./progress";

runCommand(async (args) => {
  const options = parseDoctorOptions(args);
  if (options === undefined) {
    console.log(doctorHelp);
    return 0;
  }
  // npm starts scripts in the repository; INIT_CWD is where npm itself was started.
  const machine = { ...thisMachine(), project: process.env["INIT_CWD"] ?? process.cwd() };
  if (options.bundle !== undefined) {
    const file = path.resolve(machine.project, options.bundle);
    await bundleDoctor(file);
    console.log(`Wrote ${file}. On a laptop with Node.js 20 or newer: node ${path.basename(file)} --help`);
    return 0;
  }
  return runDoctor(options, machine);
});
