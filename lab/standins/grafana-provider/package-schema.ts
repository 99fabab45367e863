import * as fs from "node:fs";
import * as path from "node:path";

/** An input property as the npm package of the real plugin declares it. */
export interface InputProperty {
  readonly name: string;
  readonly required: boolean;
}

const packageFile = require.resolve("@pulumiverse/grafana/package.json");

/** The version of the npm package, which is the plugin version that the engine asks for. */
export function packageVersion(): string {
  return (JSON.parse(fs.readFileSync(packageFile, "utf8")) as { readonly version: string }).version;
}

/**
 * Input properties of a resource type such as `grafana:oss/folder:Folder`, or of the provider
 * (`pulumi:providers:grafana`), read from the package's declaration files.
 * @throws Error if the package has no such type
 */
export function inputProperties(type: string): readonly InputProperty[] {
  const [, module = "", name = ""] = type.split(":");
  const [file, className] = type === "pulumi:providers:grafana" ? ["provider", "Provider"] : [module, name];
  const declarations = path.join(path.dirname(packageFile), `${file}.d.ts`);
  const source = fs.existsSync(declarations) ? fs.readFileSync(declarations, "utf8") : "";
  const body = new RegExp(`^export interface ${className}Args \\{$(.*?)^\\}$`, "ms").exec(source)?.[1];
  if (body === undefined) {
    throw new Error(`@pulumiverse/grafana ${packageVersion()} has no type "${type}"`);
  }
  return [...body.matchAll(/^ {4}(\w+)(\??): /gm)].map(([, property = "", optional]) => ({
    name: property,
    required: optional === "",
  }));
}
