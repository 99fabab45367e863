import type { en } from "./en";

/** Title of a panel, and what it means and when it is wrong. */
export interface PanelText {
  readonly title: string;
  readonly description: string;
}

/** Every word shown, in some language. English is the model; a translation has the same keys. */
export type Text = typeof en;
