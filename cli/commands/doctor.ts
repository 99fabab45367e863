import type { Command } from "commander";
import * as path from "node:path";

import { bundleDoctor } from "../../doctor/bundle";
import { runDoctor } from "../../doctor/command";
import { doctorHelp, parseDoctorOptions } from "../../doctor/options";
import { thisMachine } from "../../doctor/sources";

/** Adds `npm run doctor`. It reads its options itself, as the single file does. */
export function register(monitor: Command): void {
  monitor
    .command("doctor")
    .description("Finds out why a Claude Code client's data does not arrive.")
    .helpOption(false)
    .allowUnknownOption()
    .argument("[options...]")
    .action(async (args: string[]) => {
      const options = parseDoctorOptions(args);
      if (options === undefined) {
        console.log(doctorHelp);
        return;
      }
      // npm starts scripts in the repository; INIT_CWD is where npm itself was started.
      const machine = { ...thisMachine(), project: process.env["INIT_CWD"] ?? process.cwd() };
      if (options.bundle === undefined) {
        process.exitCode = await runDoctor(options, machine);
        return;
      }
      const file = path.resolve(machine.project, options.bundle);
      bundleDoctor(file);
      console.log(`Wrote ${file}. On a laptop with Node.js 20 or newer: node ${path.basename(file)} --help`);
    });
}
