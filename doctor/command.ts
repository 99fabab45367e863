import { effectiveSettings } from "./checks/effective";
import { destinations } from "./checks/endpoints";
import { helperHeaders } from "./checks/headers";
import { signals } from "./checks/keys";
import { settingsChecks } from "./checks/mistakes";
import { DoctorOptions } from "./options";
import { networkChecks, Probe, secretsOf } from "./transport/probe";
import { asJson, asText, Findings } from "./report";
import { Machine, readSources } from "./sources";
import { Trust } from "./checks/trust";

/**
 * Looks at everything.
 *
 * @throws Error only for what nobody foresaw
 */
export async function examine(options: DoctorOptions, machine: Machine): Promise<Findings> {
  const { sources, checks } = readSources(machine, options.settings);
  const effective = effectiveSettings(sources);
  const where = destinations(effective);
  const overHttp = where.some(({ protocol }) => protocol !== "grpc");
  const { headers: helper, checks: helperChecks } = await helperHeaders(
    effective.headersHelper,
    overHttp || where.length === 0,
  );
  // Without its headers the client sends nothing over HTTP, and a collector's answers would mislead.
  const reached = helperChecks.some(({ status }) => status === "failed")
    ? where.filter(({ protocol }) => protocol === "grpc")
    : where;
  const probe: Probe = {
    effective,
    helper,
    trust: new Trust(effective, machine.project),
    timeoutMs: options.timeoutMs,
    prometheus: options.prometheus === undefined ? undefined : { url: options.prometheus, waitMs: options.waitMs },
  };
  return {
    effective,
    checks: [...checks, ...settingsChecks(effective), ...helperChecks, ...(await networkChecks(probe, reached))],
    secrets: secretsOf(probe, signals),
  };
}

/**
 * Looks at everything and prints what it found.
 *
 * @returns the exit status: 0 if nothing failed, else 1
 */
export async function runDoctor(options: DoctorOptions, machine: Machine): Promise<number> {
  const findings = await examine(options, machine);
  console.log(options.json ? asJson(findings) : asText(findings));
  return findings.checks.some(({ status }) => status === "failed") ? 1 : 0;
}
