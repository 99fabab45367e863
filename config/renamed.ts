import oldKeys from "./old-keys.json";

/** Keys of versions before 0.3.0 that were called otherwise: where their values are now. */
export const renamed: ReadonlyMap<string, string> = new Map(Object.entries(oldKeys));

/**
 * The path of a key's value today, if versions before 0.3.0 had the key. Most were today's path in one word: `lokiCpuLimit`
 * is `loki.resources.cpuLimit` now.
 *
 * @param paths of today's settings
 */
export function placeNow(key: string, paths: readonly string[]): string | undefined {
  return renamed.get(key) ?? paths.find((path) => path !== key && inOneWord(path) === key);
}

function inOneWord(path: string): string {
  return path.replace(".resources.", ".").replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
}
