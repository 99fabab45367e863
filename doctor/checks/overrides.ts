import { Check, warning } from "./check";
import { EffectiveSettings } from "./effective";

/** Changes by a project's settings, attempted ones too, and overrides by managed settings. */
export function sourceChecks({ settings, ignored }: EffectiveSettings): Check[] {
  const changed = [...settings.values()]
    .filter(({ source, beaten }) => (source.scope === "project" || source.scope === "local") && beaten.length > 0)
    .map(({ key, source }) =>
      warning(
        "overridden",
        `${key}: ${source.where} changes it in this folder only`,
        "Remove it there, or put the key into managed settings, which win everywhere.",
      ),
    );
  const unused = ignored.map(({ key, source, reason }) =>
    warning(
      "ignored",
      `${key} in ${source.where}: ${reason}`,
      "Remove it there; if it is needed, put it into managed settings.",
    ),
  );
  return [...changed, ...unused];
}
