import type { en } from "./en/en";

/** Title of a panel, and what it means and when it is wrong. */
export interface PanelText {
  readonly title: string;
  readonly description: string;
}

/** The shape of a text, whatever its words. */
type Words<T> = T extends string ? string : { readonly [Key in keyof T]: Words<T[Key]> };

/** Every word shown, in some language. English is the model; a translation has the same keys. */
export type Text = Words<typeof en>;
