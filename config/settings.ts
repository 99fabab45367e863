import { z } from "zod";

/** One value that can be configured. */
export interface Setting {
  /** Its path; `[]` stands for each element of a list, `<name>` for a name of one's own. */
  readonly path: string;
  readonly description: string;
  /** As a stack's file would say it; undefined: nothing. */
  readonly default: unknown;
  readonly secret: boolean;
}

/** Properties of a value in JSON Schema. */
interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly additionalProperties?: Described | false;
}

/** Every setting of a schema, in its order; groups only if they have a description of their own. */
export function settingsOf(schema: z.ZodType): Setting[] {
  const described = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Described;
  return within(described, "");
}

function within({ properties = {}, items, additionalProperties }: Described, path: string): Setting[] {
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => settingsAt(inner, path === "" ? key : `${path}.${key}`)),
    ...(items === undefined ? [] : within(items, `${path}[]`)),
    ...(additionalProperties ? within(additionalProperties, `${path}.<name>`) : []),
  ];
}

function settingsAt(described: Described, path: string): Setting[] {
  const { description, secret = false, properties } = described;
  const own = { path, description: description ?? "", default: properties ? undefined : described.default, secret };
  return [...(description === undefined ? [] : [own]), ...within(described, path)];
}

/** Paths that a name was probably meant for: without their dots, or else by their last part, they are spelled alike. */
export function similarPaths(name: string, paths: readonly string[]): string[] {
  const withoutDots = (path: string) => path.replaceAll(/[\W\d]/g, "");
  const lastPart = (path: string) => path.slice(path.lastIndexOf(".") + 1);
  const alike = (spelling: (path: string) => string) => {
    const own = spelling(name).toLowerCase();
    return paths.filter((path) => distance(own, spelling(path).toLowerCase()) <= Math.max(1, own.length / 6));
  };
  const found = alike(withoutDots);
  return found.length > 0 ? found : alike(lastPart);
}

/** Number of letters of the longer text between the beginning and the end that both share. */
function distance(one: string, other: string): number {
  let [begin, end] = [0, 0];
  while (begin < one.length && one[begin] === other[begin]) {
    begin++;
  }
  while (end < one.length && one.at(-1 - end) === other.at(-1 - end)) {
    end++;
  }
  return Math.max(one.length, other.length) - Math.min(begin + end, one.length, other.length);
}
