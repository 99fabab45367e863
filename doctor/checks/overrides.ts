import { Check, warning } from "./check";
import { EffectiveSettings, ofProject } from "./effective";

/** Changes by a project's settings, attempted ones too, and overrides by managed settings. */
export function sourceChecks({ settings, ignored }: EffectiveSettings): Check[] {
  const changed = [...settings.values()]
    .filter(({ source, beaten }) => ofProject(source) && beaten.length > 0)
    .map(({ key, source }) => {
      const cure = "Remove it there, or put the key into managed settings, which win everywhere.";
      return warning("overridden", `${key}: ${source.where} changes it in this folder only`, cure);
    });
  const unused = ignored.map(({ key, source, reason }) => {
    const cure = "Remove it there; if it is needed, put it into managed settings.";
    return warning("ignored", `${key} in ${source.where}: ${reason}`, cure);
  });
  return [...changed, ...unused];
}
