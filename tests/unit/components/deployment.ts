import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { ConfigValues } from "../../../config/paths";
import { project, root, secretKeys as keysWithSecrets, stackValues } from "../config/stack-config";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urnPath: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: pulumi.CustomResourceOptions;
}

/** What one run of the program did. */
export interface Deployment {
  readonly resources: readonly Registered[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: readonly string[];
}

/** Stands for each password and key that Pulumi generates. */
export const generatedSecret = "generated-password";

/** Previews by stack and configuration: they depend on nothing else, and a run takes half a second. */
const previews = new Map<string, Promise<Deployment>>();

/**
 * What the whole program does against Pulumi's mocks. The result is shared between tests: do not change it.
 *
 * @param overrides configuration on top of the stack's file, by path
 * @param preview whether it is a preview; in an update Grafana must answer at `grafana.apiUrl`
 */
export async function deploy(stack: string, overrides: ConfigValues = {}, preview = true): Promise<Deployment> {
  if (!preview) {
    return withoutStacks(() => run(stack, overrides, preview));
  }
  const key = JSON.stringify([stack, overrides]);
  const known = previews.get(key) ?? withoutStacks(() => run(stack, overrides, preview));
  previews.set(key, known);
  return known;
}

/** The engine's library keeps a stack trace of each promise, which takes longer than all the rest of a run. */
async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function run(stack: string, overrides: ConfigValues, preview: boolean): Promise<Deployment> {
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const id = args.id === undefined || args.id === "" ? `${args.name}-id` : args.id;
        inputs.set(`${args.type}::${args.name}`, args.inputs as Record<string, unknown>);
        return { id, state: withGeneratedNames(args.name, args.inputs as Record<string, unknown>) };
      },
      call: () => ({}),
    },
    project,
    stack,
    preview,
  );
  // As the engine hands configuration over: objects and lists as JSON, and the keys that hold secrets named.
  const given = stackValues(stack, overrides);
  const values = Object.entries(given).map(([key, value]) => [
    `${project}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(
    { "kubernetes:context": "test", ...(Object.fromEntries(values) as Record<string, string>) },
    [...keysWithSecrets(given)].map((key) => `${project}:${key}`),
  );

  const options = new Map<string, pulumi.CustomResourceOptions>();
  let outputs: Record<string, unknown> = {};
  await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation((args) => {
      options.set(`${args.type}::${args.name}`, args.opts);
      return undefined;
    });
    outputs = freshProgram();
    return Promise.resolve(undefined);
  });
  const secretOutputs = await secretKeys(outputs);
  outputs = await settled(outputs);
  await pulumi.runtime.disconnect();
  const resources = [...inputs].map(([key, input]) => registered(key, input, options.get(key) ?? {}));
  resources.sort((a, b) => (a.urnPath < b.urnPath ? -1 : 1));
  return { resources, outputs, secretOutputs };
}

function registered(key: string, inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions): Registered {
  const [type = "", name = ""] = key.split("::");
  const parent = options.parent as { __name?: string } | undefined;
  const urnPath = parent?.__name === undefined ? name : `${parent.__name}/${name}`;
  return { type, name, urnPath, inputs, options };
}

/** What the Kubernetes provider does: objects without a name get one, and all have a uid. */
function withGeneratedNames(name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const metadata = inputs["metadata"] as Record<string, unknown> | undefined;
  if (metadata === undefined) {
    return { ...inputs, ...(inputs["length"] === undefined ? {} : { result: generatedSecret }) };
  }
  return { ...inputs, metadata: { name: `${name}-generated`, ...metadata, uid: `${name}-uid` } };
}

/** Runs `index.ts` anew; what it imports keeps no state. */
function freshProgram(): Record<string, unknown> {
  const program = path.join(root, "index.ts");
  // oxlint-disable-next-line typescript/no-dynamic-delete -- a program runs once for each deployment
  delete require.cache[program];
  // oxlint-disable-next-line typescript/no-require-imports -- an import would run it once only
  return require(program) as Record<string, unknown>;
}

/** A value without outputs in it. */
export function settled<Value>(value: Value): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) => {
    pulumi.output(value).apply((known) => {
      resolve(known);
    });
  });
}

async function secretKeys(outputs: Record<string, unknown>): Promise<string[]> {
  const secret = await Promise.all(
    Object.entries(outputs).map(async ([key, value]) => ((await pulumi.isSecret(pulumi.output(value))) ? [key] : [])),
  );
  return secret.flat();
}
