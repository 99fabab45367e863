import { settings } from "../../config/schema";

/** The default of a setting, by its path. Throws if there is no such setting or its default is no text. */
export function stackDefault(path: string): string {
  const value = settings.find((setting) => setting.path === path)?.default;
  if (typeof value !== "string") {
    throw new Error(`"${path}" has the default ${JSON.stringify(value)}; expected text`);
  }
  return value;
}
