import assert from "node:assert/strict";

import { parse } from "yaml";

import { Deployment, Registered } from "./deployment";

export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface PodTemplate {
  readonly template: {
    readonly metadata: Metadata;
    readonly spec: {
      readonly containers: readonly Container[];
      readonly securityContext: Readonly<Record<string, unknown>>;
      readonly automountServiceAccountToken: boolean;
    };
  };
}

export interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: { readonly requests: Record<string, string>; readonly limits: Record<string, string> };
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly startupProbe?: object;
  readonly lifecycle?: object;
}

export function one(deployment: Deployment, name: string): Registered {
  const found = deployment.resources.filter((resource) => resource.name === name);
  assert.equal(found.length, 1, `${name}: found ${found.length} resources`);
  return found[0]!;
}

export function ofType(deployment: Deployment, type: string): readonly Registered[] {
  return deployment.resources.filter((resource) => resource.type === type);
}

/** The `spec` of a resource, by its name. */
export function specOf(deployment: Deployment, name: string): unknown {
  return one(deployment, name).inputs["spec"];
}

/** A file in a component's ConfigMap, parsed. */
export function configFile(deployment: Deployment, component: string, file: string): unknown {
  const { data } = one(deployment, `${component}-config`).inputs as { readonly data: Readonly<Record<string, string>> };
  return parse(data[file]!) as unknown;
}

export function metadata(resource: Registered): Metadata {
  return resource.inputs["metadata"] as Metadata;
}

export function workloads(deployment: Deployment): readonly Registered[] {
  return deployment.resources.filter(({ type }) => type.startsWith("kubernetes:apps/v1:"));
}
