// Entry point of the single file.
import { runDoctor } from "./command";
import { doctorHelp, parseDoctorOptions } from "./options";
import { thisMachine } from "./sources";

async function main(): Promise<number> {
  const options = parseDoctorOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(doctorHelp);
    return 0;
  }
  if (options.bundle !== undefined) {
    throw new Error("--bundle: this is the single file already; expected it in the repository only");
  }
  return runDoctor(options, thisMachine());
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`\nFailed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
