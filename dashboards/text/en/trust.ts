/** Words of the dashboard about the monitoring itself. */
export const trust = {
  title: "Can I trust this?",
  description: "Whether what clients sent has arrived, was stored, and adds up.",
  arrival: {
    row: "Arrival",
    lastData: {
      title: "Since the last data",
      description:
        "Time since each signal was last received by a collector. At night and on weekends silence is normal. Metrics come once a minute from each active client, events every 5 seconds.",
      metrics: "metrics",
      events: "events",
      traces: "traces",
    },
    received: {
      title: "Received by the collectors",
      description: "Data points, events and spans accepted per interval. Counters of the collectors, added up.",
      metrics: "data points",
      events: "events",
      traces: "spans",
    },
    refused: {
      title: "Refused by the collectors",
      description:
        "Data points that collectors refused within the range, because memory or the queue was full. Clients try again for about 8 seconds and then drop them. Anything above 0 may be lost money.",
    },
    marked: {
      title: "Clients with a wrong clock or cumulative counters",
      description:
        "USD within the last 7 days of clients that the collector had to correct, by user. Cumulative clients should be set to delta; wrong clocks should be set right: their usage counts when it arrives.",
      columns: { user: "User", clock: "Clock", temporality: "Temporality", cost: "Cost" },
    },
  },
  queue: {
    row: "Queue",
    size: {
      title: "Sending queue",
      description:
        "How much of the collectors' queues on disk is used. It fills while Prometheus is down, and drains afterwards; a full queue makes collectors refuse.",
    },
    failed: {
      title: "Failed sends",
      description:
        "Data points whose sending to Prometheus failed for good per interval: refused as duplicate with another value, too old or too far ahead. Outages do not count here: those are retried without end.",
    },
  },
  stores: {
    row: "Events and traces",
    refused: {
      title: "Events and spans refused by the collectors",
      description:
        "Events and spans that collectors refused within the range, because memory or a queue was full. Clients try again for about 8 seconds and then drop them. Cost is counted from metrics and does not lack them.",
      events: "events",
      spans: "spans",
    },
    failed: {
      title: "Events and spans lost on the way",
      description:
        "Events and spans within the range whose sending to Loki, to Tempo or to the collectors' own counting failed for good. Outages do not count here: those are retried.",
      events: "events",
      spans: "spans",
    },
  },
  reconciliation: {
    row: "Metrics against events",
    lost: {
      title: "Missing without a harmless reason",
      description:
        "USD of the last 24 hours that metrics have and events lack, or the reverse, and that neither a killed process nor a corrected clock explains; sessions without any event are left out. Up to some minutes ago, because data may be on its way. 0, or no data, is right; the sessions are listed below.",
    },
    users: {
      title: "Both ledgers by user, last 7 days",
      description:
        "The same usage as metrics have it and as events have it. Metrics carry the time of their export, so that up to a minute of a running session may be on one side only. A user without figures by events has them switched off.",
      columns: {
        user: "User",
        costMetrics: "Cost by metrics",
        costEvents: "Cost by events",
        costDifference: "Cost apart",
        tokensMetrics: "Tokens by metrics",
        tokensEvents: "Tokens by events",
        tokensDifference: "Tokens apart",
      },
    },
    days: {
      title: "Apart, by user and day",
      description:
        "USD by which the ledgers of a user differ on a day in UTC, either way; users who agree, and users without events, are left out. A session that runs over midnight may move up to a minute's worth from one day to the next. No data is right.",
    },
    tokenDays: {
      title: "Tokens apart, by user and day",
      description:
        "The same in tokens. A difference in tokens without one in USD comes from a model without a price in the client.",
    },
    sessions: {
      title: "Sessions whose ledgers differ, last 24 hours",
      description:
        "Cost by metrics less cost by events, as far as it is sure: of a session that ended within the 24 hours all of it; of one that runs, or ran on over their begin, what no export on its way can explain. Up to some minutes ago. A killed process loses up to a minute of metrics; a session without any event has them switched off, or has lost all.",
      columns: {
        session: "Session",
        user: "User",
        team: "Team",
        cause: "Likely cause",
        difference: "Difference",
        metrics: "Cost by metrics",
        events: "Cost by events",
      },
      causes: {
        noEvents: "no events at all",
        corrected: "clock or temporality corrected",
        killed: "process killed",
        lost: "lost",
      },
    },
  },
  storage: {
    row: "Storage",
    refusedSamples: {
      title: "Samples refused by Prometheus",
      description:
        "Samples within the range that Prometheus refused as too old for prometheus.outOfOrderWindow or out of bounds, and requests that it refused, each with all its samples: for one of these reasons, or for another value at the same instant. Failed writes mean a full or broken disk: Prometheus takes samples then and stores none. Anything above 0 is lost.",
      tooOld: "too old",
      outOfBounds: "out of bounds",
      requests: "requests",
      failedWrites: "failed writes",
    },
    late: {
      title: "Late samples",
      description:
        "Samples per interval that arrived late and were stored in their place. After an outage this is how its data comes back.",
    },
    series: {
      title: "Series in memory",
      description: "Series that Prometheus holds in memory. Grows with sessions, falls every two hours.",
    },
    backups: {
      title: "Since the last backup",
      description:
        "Time since the newest complete backup of each store, within a month. No data: backups are switched off (backup.enabled), or none was completed. A backup that Prometheus could not be told of, because it was down, is missing here.",
    },
  },
  rollups: {
    row: "Roll-ups against raw data",
    difference: {
      title: "Differences of roll-ups",
      columns: { signal: "Signal", scope: "Scope", step: "Step", difference: "Difference" },
      description:
        "For the last final day, of cost and tokens: each roll-up less what it is computed from. An empty table is right. A row means that an outage was longer than the late passes; docs/operations.md tells how to recompute the span.",
    },
    differing: {
      title: "Roll-ups that differ",
      description:
        "How many roll-ups of cost and tokens differ from what they are computed from, for the last final day. 0 is right; the table below names the others. The check runs every hour.",
    },
    late: {
      title: "Booked late",
      description:
        "USD within the range that arrived after its five minutes were evaluated. Roll-ups book it when a late pass finds it: 2, 6 or 30 hours, or 8 days later.",
    },
    evaluated: {
      title: "Windows evaluated",
      description:
        "Share of the last day's five-minute windows that were evaluated in time. Below 100 %, Prometheus was down; late passes book what it missed.",
    },
  },
} as const;
