import type * as pulumi from "@pulumi/pulumi";

import { imageTag } from "./images";

/** Labels as Kubernetes recommends them. */
export type Labels = Readonly<Record<string, string>>;

/** The labels that select a component's pods: those that never change. */
export function selectorLabels(instance: string, component: string): Labels {
  return {
    "app.kubernetes.io/name": component,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/part-of": "claude-code-monitoring",
  };
}

/** The stack's part of a component's names, and its namespace. */
export interface Place {
  /** First part of every name, e.g. `dev` for `dev-prometheus`. */
  readonly namePrefix: string;
  readonly namespace: pulumi.Input<string>;
}

/** Place and image of a component. */
export interface ComponentArgs extends Place {
  /** Reference with a tag; the tag is the version in its labels. */
  readonly image: string;
}

/** Names and labels that the objects of one component share. */
export interface ComponentIdentity {
  /** Fixed name of the Service, and of the workload and volume behind it. */
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  /** Of every object. */
  readonly labels: Labels;
  /** Of its pods: the labels that never change, so that an upgrade finds them. */
  readonly selector: Labels;
}

/**
 * The identity of a component's objects.
 *
 * @param component what they are, e.g. `prometheus`
 * @param name of the Service, e.g. `dev-prometheus`
 */
export function componentIdentity(
  { namePrefix, namespace, image }: ComponentArgs,
  component: string,
  name: string,
): ComponentIdentity {
  const selector = selectorLabels(namePrefix, component);
  const labels = {
    ...selector,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/version": imageTag(image),
    "app.kubernetes.io/managed-by": "pulumi",
  };
  return { name, namespace, labels, selector };
}
