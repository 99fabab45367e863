import type { AttributeName } from "../../telemetry/attributes";
import { naming } from "../../telemetry/models";
import { attribute, literal } from "./ottl";

/** Names of models by the spellings that clients report, where no rule leads from one to the other. */
export type ModelAliases = Readonly<Record<string, string>>;

/** Attributes that name a model, by context of the transform processor. */
const named = {
  datapoint: ["model"],
  log: ["model", "final_model"],
  span: ["model", "gen_ai.request.model"],
} as const satisfies Record<string, readonly AttributeName[]>;

/** Gives a model the one name that points, events and spans share. Nothing may be cut before: ARNs are long. */
export function nameModels(context: keyof typeof named, aliases: ModelAliases) {
  const statements = named[context].flatMap((name) => {
    const value = attribute(context, name);
    return [
      ...Object.entries(aliases).map(
        ([spelled, model]) => `set(${value}, ${literal(model)}) where ${value} == ${literal(spelled)}`,
      ),
      ...naming.map(({ pattern, by }) => `replace_pattern(${value}, ${literal(pattern)}, ${literal(by)})`),
    ];
  });
  return { context, statements };
}
