import type { Words } from "../kit/defaults";

/** Shortest interval of bars: the provider counts whole days. */
export const wholeDay = "1d";

/** Words by a label's values, which code knows by keys. */
export function wordsOf<Key extends string>(values: Readonly<Record<Key, string>>, word: (key: Key) => string): Words {
  const keys = Object.keys(values) as Key[];
  return Object.fromEntries(keys.map((key) => [values[key], word(key)]));
}
