import * as pulumi from "@pulumi/pulumi";

import { imageTag } from "./images";

/** Labels as Kubernetes recommends them. */
export type Labels = Readonly<Record<string, string>>;

const partOf = "claude-code-monitoring";

/** The labels that select a component's pods: those that never change. */
export function selectorLabels(instance: string, component: string): Labels {
  return {
    "app.kubernetes.io/name": component,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/part-of": partOf,
  };
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
 * @param args.instance which stack they belong to, e.g. `dev`
 * @param args.component what they are, e.g. `prometheus`
 * @param args.image the component's image, whose tag is its version
 */
export function componentIdentity(args: {
  readonly instance: string;
  readonly component: string;
  readonly image: string;
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
}): ComponentIdentity {
  return {
    name: args.name,
    namespace: args.namespace,
    labels: labels(args.instance, args.component, args.image),
    selector: selectorLabels(args.instance, args.component),
  };
}

function labels(instance: string, component: string, image: string): Labels {
  return {
    ...selectorLabels(instance, component),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/version": imageTag(image),
    "app.kubernetes.io/managed-by": "pulumi",
  };
}
