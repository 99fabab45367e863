import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";

import { labels } from "../telemetry/labels";

/** Labels that tell who somebody is: their name, their machine, and their sessions. */
export const personLabels: readonly string[] = [labels.user, labels.device, labels.session];

interface Shown {
  readonly targets?: readonly { readonly legendFormat?: string }[];
  readonly transformations?: readonly {
    readonly options?: { readonly renameByName?: Readonly<Record<string, string>> };
  }[];
}

/** True for a panel that shows people one by one: in the names of its series, or in a column of its table. */
export function namesPeople(panel: Panel): boolean {
  const { targets = [], transformations = [] } = panel as Shown;
  return personLabels.some(
    (label) =>
      targets.some(({ legendFormat = "" }) => legendFormat.includes(`{{${label}}}`)) ||
      transformations.some(({ options }) => options?.renameByName?.[label] !== undefined),
  );
}
