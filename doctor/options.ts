import { parseArgs } from "node:util";

/** Text of `--help`. */
export const doctorHelp = `Usage: npm run doctor -- [options]
       node doctor.mjs [options]

Finds out why a Claude Code client's data does not arrive: looks at the settings that the client would use on this
machine, connects to the collector, sends exports without content and one marked one. Ends with status 0 if nothing
failed, else 1.

  --settings FILE   managed settings to take in place of this machine's own, as npm run settings prints them
  --prometheus URL  also look for the marked export in Prometheus, e.g. http://localhost:9090
  --wait SECONDS    for how long to look there. Default: 15
  --timeout SECONDS for how long to wait for each step of the network. Default: 10
  --json            print JSON
  --help            show this

Only in the repository:
  --bundle FILE     write the doctor as one file that needs nothing but Node.js 20 or newer`;

/** Options of the doctor. */
export interface DoctorOptions {
  readonly settings: string | undefined;
  readonly prometheus: string | undefined;
  readonly waitMs: number;
  readonly timeoutMs: number;
  readonly json: boolean;
  /** Path at which to write the single file, instead of running checks. */
  readonly bundle: string | undefined;
}

/**
 * Reads the command line.
 *
 * @returns undefined if help was asked for
 * @throws Error naming the option, what was found and what was expected
 */
export function parseDoctorOptions(args: string[]): DoctorOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      settings: { type: "string" },
      prometheus: { type: "string" },
      wait: { type: "string", default: "15" },
      timeout: { type: "string", default: "10" },
      json: { type: "boolean", default: false },
      bundle: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  const { prometheus } = values;
  if (prometheus !== undefined && !(URL.canParse(prometheus) && /^https?:$/.test(new URL(prometheus).protocol))) {
    throw new Error(`--prometheus: expected a URL such as http://localhost:9090`);
  }
  return {
    settings: values.settings,
    prometheus,
    waitMs: milliseconds("--wait", values.wait),
    timeoutMs: milliseconds("--timeout", values.timeout),
    json: values.json,
    bundle: values.bundle,
  };
}

function milliseconds(option: string, text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds > 0 && seconds <= 600)) {
    throw new Error(`${option}: found "${text}"; expected seconds, more than 0 and at most 600`);
  }
  return seconds * 1000;
}
