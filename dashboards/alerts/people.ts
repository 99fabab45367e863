import type { Edition } from "../options";
import { personLabels } from "../people";
import { editionUid } from "../uids";
import type { Alert, AlertGroup } from "./alert";

/** Groups of alerts, those whose messages name people apart. */
export interface AlertsByReader {
  readonly shared: readonly AlertGroup[];
  readonly people: readonly AlertGroup[];
}

/**
 * Takes apart the alerts whose messages name people.
 *
 * @param edition the dashboards that show people: these alerts link there
 */
export function alertsByReader(groups: readonly AlertGroup[], edition: Edition): AlertsByReader {
  const of = (wanted: boolean) =>
    groups
      .map((group) => ({ ...group, alerts: group.alerts.filter((alert) => namesPeople(alert) === wanted) }))
      .filter(({ alerts }) => alerts.length > 0);
  return {
    shared: of(false),
    people: of(true).map((group) => ({
      ...group,
      key: `${group.key}-${edition.key}`,
      alerts: group.alerts.map((alert) => inEdition(edition, alert)),
    })),
  };
}

function namesPeople({ annotations }: Alert): boolean {
  const messages = Object.values(annotations);
  return personLabels.some((label) => messages.some((text) => text.includes(`$labels.${label} `)));
}

/** With a uid of its own: a rule cannot come to one folder before it has left the other. */
function inEdition(edition: Edition, alert: Alert): Alert {
  const annotations = Object.entries(alert.annotations).map(([name, text]) => {
    return [name, name === "__dashboardUid__" ? editionUid(text, edition) : text] as const;
  });
  return { ...alert, uid: editionUid(alert.uid, edition), annotations: Object.fromEntries(annotations) };
}
