import * as path from "node:path";

import { repository } from "../../cli/repository";

/** A resource in a stack's state, as far as tests look at it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What `pulumi stack export` gives and `pulumi stack import` takes. */
export interface StackState {
  readonly version: number;
  readonly deployment: { readonly resources: readonly StateResource[] };
}

/** Where the state of a release's stack is recorded. */
export function releaseFile(version: string, stack: string): string {
  return path.join(repository, "tests", "fixtures", "releases", `${version}-${stack}.json`);
}

/** Longer texts are files of configuration, of which a release's next one differs anyway. */
const longestText = 10_000;

/** Where in which folder's files a resource was declared. */
const positions: ReadonlySet<string> = new Set(["sourcePosition", "stackTrace"]);

/** What is recorded of an exported state: all but Grafana's content, which lasts in no cluster, and long texts. */
export function recordedState(exported: string): StackState {
  const state = JSON.parse(exported) as StackState;
  const isContent = ({ urn }: StateResource) =>
    urn.includes("grafana-content") || urn.includes("pulumi:providers:grafana");
  const resources = state.deployment.resources.filter((resource) => !isContent(resource));
  const kept = { ...state, deployment: { ...state.deployment, resources } };
  return JSON.parse(JSON.stringify(kept, shortened)) as StackState;
}

function shortened(key: string, value: unknown): unknown {
  if (positions.has(key)) {
    return undefined;
  }
  return typeof value === "string" && value.length > longestText ? "(left out)" : value;
}
