import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";

import { priceTable } from "../../telemetry/prices";
import { units } from "./units";

/** Colours by meaning, as Grafana names them, so that both themes can show them. Red is for alarms only. */
export const colours = { money: "green", amount: "blue", good: "green", warning: "orange", bad: "red" } as const;

/**
 * Colours of a model family's versions, newest first; older ones share the last. Families differ in hue. Each colour
 * stands out in both themes (WCAG 2.2, 1.4.11), and from all others for the colour-blind, too.
 */
const familyShades: Readonly<Record<string, readonly [string, string, string]>> = {
  opus: ["#DB70A6", "#B42D9D", "#D10069"],
  sonnet: ["#588CD5", "#2A7EF4", "#1F57FF"],
  haiku: ["#C7880A", "#A35F3E", "#A35200"],
};

/** The colour of series whose names match. */
export interface NamedColour {
  /** A regular expression between slashes, as Grafana's field overrides take it. */
  readonly pattern: string;
  readonly colour: string;
}

/** One colour for each model on every panel. A later entry wins; an unknown version has its family's first colour. */
export const modelColours: readonly NamedColour[] = Object.entries(familyShades).flatMap(([family, shades]) => {
  const versions = Object.keys(priceTable.perMillionTokens).filter((model) => model.includes(family));
  const known = versions.map((model, index) => ({
    pattern: `/${model}/`,
    colour: shades[index] ?? shades[2],
  }));
  // The name of an older version may begin a newer one's: claude-opus-4 begins claude-opus-4-6.
  return [{ pattern: `/${family}/`, colour: shades[0] }, ...known.reverse()];
});

/** One colour for whatever a panel shows. */
export function fixedColour(colour: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour);
}

/** The colour of an amount: money, or anything else. */
export function topicColour(unit: string): FieldColorBuilder {
  return fixedColour(unit === units.usd ? colours.money : colours.amount);
}

/** A colour for each series, the same for a name on every panel. */
export function colourByName(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);
}
