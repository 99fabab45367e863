import type { StackConfig } from "../config/schema";
import { progress } from "./progress";
import { PulumiStack } from "./stack";
import { stackConfig } from "./stack-file";
import { findTarget, stackFolder } from "./stack-folder";
import { type StackLocation, type Target, targetEngine } from "./target";

/** A stack on a target, with its configuration and place. */
export interface DeployedStack {
  readonly config: StackConfig;
  readonly location: StackLocation;
}

/**
 * Returns the target of a stack that `npm run up` deployed.
 *
 * @throws Error if it was not
 */
export function savedTarget(stack: string): Target {
  const target = findTarget(stack);
  if (target === undefined) {
    throw new Error(
      `stack ${stack} has not been deployed from here: found none in ${stackFolder(stack)}; run npm run up -- --stack ${stack} first`,
    );
  }
  return target;
}

/** A deployed stack. @throws Error as {@link savedTarget} does */
export function deployedStack(stack: string): DeployedStack {
  return stackOn(stack, savedTarget(stack));
}

/** A stack on a target, whether it has been deployed there or not. */
export function stackOn(stack: string, target: Target): DeployedStack {
  const config = stackConfig(stack, target.overrides);
  return { config, location: { target, namespace: config.namespace, namePrefix: config.namePrefix } };
}

/** A stack on a target, run by the engine in that target's environment; shows as progress what it has done. */
export async function pulumiStackOn(stack: string, target: Target): Promise<PulumiStack> {
  const engine = await targetEngine(target);
  return new PulumiStack({
    stack,
    workspace: stackFolder(stack),
    overrides: target.overrides,
    ...engine,
    onLine: progress,
  });
}

/** A deployed stack's engine. @throws Error as {@link savedTarget} does */
export async function deployedPulumiStack(stack: string): Promise<PulumiStack> {
  return pulumiStackOn(stack, savedTarget(stack));
}
