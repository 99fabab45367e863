import { imageTag } from "./images";

/** Labels as Kubernetes recommends them. */
export type Labels = Readonly<Record<string, string>>;

const partOf = "claude-code-monitoring";

/** The labels that select a component's pods: those of {@link labels} that never change. */
export function selectorLabels(instance: string, component: string): Labels {
  return {
    "app.kubernetes.io/name": component,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/part-of": partOf,
  };
}

/**
 * The labels of every object of a component.
 *
 * @param instance which stack the object belongs to, e.g. `dev`
 * @param component what it is, e.g. `prometheus`
 * @param image the component's image, whose tag is its version
 */
export function labels(instance: string, component: string, image: string): Labels {
  return {
    ...selectorLabels(instance, component),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/version": imageTag(image),
    "app.kubernetes.io/managed-by": "pulumi",
  };
}
