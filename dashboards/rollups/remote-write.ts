import { remoteWriteStart } from "../../components/remote-store";
import type { RuleGroup } from "./rules";

/**
 * The same rules, recording only what Prometheus also writes on: samples whose own time is after its start. Rules
 * record samples of some minutes ago; after a restart, those of before it would be here and never in the store, and
 * later passes, which record what is missing here, would not see that. So they are left to the later passes.
 */
export function onceWrittenOn(group: RuleGroup): RuleGroup {
  const { storedAs, window } = remoteWriteStart;
  // Back from the instant that is asked about to that of the evaluation.
  const started = `last_over_time(${storedAs}[${window}] offset -${group.query_offset}) < time()`;
  return { ...group, rules: group.rules.map((rule) => ({ ...rule, expr: `(${rule.expr}) and on () (${started})` })) };
}
