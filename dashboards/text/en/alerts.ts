/**
 * Words of the alerts. Summaries and descriptions are Grafana's templates: what stands in double braces is filled in
 * when an alert fires and is not to be translated.
 */
export const alerts = {
  /** No colon or slash in these and the next two: they are parts of ids and of the paths of Grafana's API. */
  groups: {
    day: "Claude Code, budgets of the day",
    month: "Claude Code, budgets of the month",
    usage: "Claude Code, unusual usage",
    arrival: "Claude Code, arrival of data",
    health: "Claude Code, health of the monitoring",
    ledgers: "Claude Code, agreement of the numbers",
    sessions: "Claude Code, agreement session by session",
  },
  contactPoint: "Claude Code monitoring",
  muteTiming: "Claude Code monitoring, no messages",
  budgets: {
    /** Follows a budget's name. */
    warning: "running out",
    critical: "used up",
    organisationDay: {
      name: "Daily budget of the organisation",
      summary: "{{ humanizePercentage $values.A.Value }} of today's budget is used",
      description:
        "Since midnight the organisation has used {{ humanizePercentage $values.A.Value }} of budgets.daily, by the clients' own estimate from list prices.",
    },
    organisationMonth: {
      name: "Monthly budget of the organisation",
      summary: "{{ humanizePercentage $values.A.Value }} of this month's budget is used",
      description:
        "Since the first of the month the organisation has used {{ humanizePercentage $values.A.Value }} of budgets.monthly, by the clients' own estimate from list prices.",
    },
    teamDay: {
      name: "Daily budget of a team",
      summary: "Team {{ $labels.team }} has used {{ humanizePercentage $values.A.Value }} of today's budget",
      description:
        "Since midnight team {{ $labels.team }} has used {{ humanizePercentage $values.A.Value }} of its amount in budgets.teams, by the clients' own estimate from list prices.",
    },
    teamMonth: {
      name: "Monthly budget of a team",
      summary: "Team {{ $labels.team }} has used {{ humanizePercentage $values.A.Value }} of this month's budget",
      description:
        "Since the first of the month team {{ $labels.team }} has used {{ humanizePercentage $values.A.Value }} of its amount in budgets.teams, by the clients' own estimate from list prices.",
    },
    userDay: {
      name: "Daily budget of a user",
      summary: "{{ $labels.user }} has used {{ humanizePercentage $values.A.Value }} of a user's budget for a day",
      description:
        "Since midnight {{ $labels.user }} has used {{ humanizePercentage $values.A.Value }} of budgets.perUser.daily, by the clients' own estimate from list prices.",
    },
    userMonth: {
      name: "Monthly budget of a user",
      summary: "{{ $labels.user }} has used {{ humanizePercentage $values.A.Value }} of a user's budget for a month",
      description:
        "Since the first of the month {{ $labels.user }} has used {{ humanizePercentage $values.A.Value }} of budgets.perUser.monthly, by the clients' own estimate from list prices.",
    },
    forecast: {
      name: "Forecast above the monthly budget",
      summary: "The month is heading for {{ humanizePercentage $values.A.Value }} of its budget",
      description:
        "What is spent so far, and for the remaining days the mean of the last four weeks, comes to {{ humanizePercentage $values.A.Value }} of budgets.monthly.",
    },
  },
  usage: {
    spike: {
      name: "Unusual hour",
      summary: 'The last hour cost {{ printf "%.2f" $values.A.Value }} USD',
      description:
        'The last hour cost {{ printf "%.2f" $values.A.Value }} USD: more than alerting.minimumUsd, and more than three times the dearest of the same hours of the week in the last four weeks.',
    },
    user: {
      name: "Unusual user",
      summary: '{{ $labels.user }} spent {{ printf "%.2f" $values.A.Value }} USD in 24 hours',
      description:
        'In the last 24 hours {{ $labels.user }} spent {{ printf "%.2f" $values.A.Value }} USD: more than alerting.minimumUsd, more than twice the mean of their own days with usage in the four weeks before, and more than four standard deviations above it.',
    },
  },
  arrival: {
    nothingReceived: {
      name: "Nothing received in working hours",
      summary: "No Claude Code client has reported anything, though it is working time",
      description:
        "Within working hours nothing has been stored for as long as is unusual (two hours, or half of a short working day), though clients reported within the last week.",
    },
    eventsMissing: {
      name: "Events missing",
      summary: "Clients send metrics, but have sent no events for three hours",
      description: "The collectors received metrics within the last three hours, but not a single event.",
    },
    metricsMissing: {
      name: "Metrics missing",
      summary: "Clients send events, but have sent no metrics for three hours",
      description:
        "The collectors received events within the last three hours, but not a single data point. Nothing that is spent now is counted.",
    },
  },
  health: {
    collectorMissing: {
      name: "Collector missing",
      summary: "{{ $values.A.Value }} of the collectors cannot be reached",
      description:
        "Prometheus cannot scrape {{ $values.A.Value }} of the collectors. The others take over; what waits in the queue of the missing ones arrives when they are back.",
    },
    collectorsDown: {
      name: "All collectors down",
      summary: "No collector can be reached",
      description:
        "Prometheus can scrape no collector. If they are down, clients retry for about 8 seconds and then drop what they have to report.",
    },
    prometheusDown: {
      name: "Prometheus unhealthy",
      summary: "Prometheus does not answer, or does not store its own metrics",
      description:
        "Prometheus does not answer Grafana, or holds no metrics of itself for the last minutes. If its disk is full it answers and stores nothing.",
    },
    backupMissing: {
      name: "Backup missing",
      summary: "No backup of {{ $labels.store }} for longer than backup.maxAge",
      description:
        "No backup of {{ $labels.store }} was completed and reported for longer than backup.maxAge. If the volume were lost now, all since the last backup would be lost with it.",
    },
    lokiDown: {
      name: "Loki down",
      summary: "Loki cannot be reached",
      description:
        "Prometheus cannot scrape Loki. Collectors keep events on disk and send them when it is back; until then the dashboards of sessions and events show nothing new.",
    },
    tempoDown: {
      name: "Tempo down",
      summary: "Tempo cannot be reached",
      description:
        "Prometheus cannot scrape Tempo. Collectors keep traces on disk and send them when it is back; until then there are no new traces.",
    },
    queueFilling: {
      name: "Sending queue filling",
      summary: "The sending queue of a collector is {{ humanizePercentage $values.A.Value }} full",
      description:
        "The fullest collector's queue on disk is {{ humanizePercentage $values.A.Value }} full: Prometheus does not take as much as clients send. Nothing is lost yet.",
    },
    queueFull: {
      name: "Sending queue nearly full",
      summary: "The sending queue of a collector is {{ humanizePercentage $values.A.Value }} full",
      description:
        "The fullest collector's queue on disk is {{ humanizePercentage $values.A.Value }} full. When it is full, clients are refused, retry for about 8 seconds and then drop what they have to report.",
    },
  },
  loss: {
    collectorRefuses: {
      name: "Collectors refuse data",
      summary: 'Collectors refused {{ printf "%.0f" $values.A.Value }} data points in 15 minutes',
      description:
        'In the last 15 minutes collectors refused {{ printf "%.0f" $values.A.Value }} data points, because memory or the queue was full. Clients retry for about 8 seconds and then drop them.',
    },
    sendsFailed: {
      name: "Data lost on the way to Prometheus",
      summary: 'Prometheus refused {{ printf "%.0f" $values.A.Value }} data points for good in 15 minutes',
      description:
        'In the last 15 minutes collectors dropped {{ printf "%.0f" $values.A.Value }} data points, because Prometheus refused the requests that held them. They are lost.',
    },
    samplesRefused: {
      name: "Samples refused by Prometheus",
      summary: 'Prometheus refused {{ printf "%.0f" $values.A.Value }} samples or requests in 15 minutes',
      description:
        'In the last 15 minutes Prometheus refused {{ printf "%.0f" $values.A.Value }} samples or whole requests: too old, out of bounds, or another value for an instant that it has. They are lost.',
    },
    eventsRefused: {
      name: "Collectors refuse events or spans",
      summary: 'Collectors refused {{ printf "%.0f" $values.A.Value }} events or spans in 15 minutes',
      description:
        'In the last 15 minutes collectors refused {{ printf "%.0f" $values.A.Value }} events or spans, because memory or a queue was full. Clients retry for about 8 seconds and then drop them.',
    },
    eventsFailed: {
      name: "Events or spans lost on the way",
      summary: 'Collectors dropped {{ printf "%.0f" $values.A.Value }} events or spans in 15 minutes',
      description:
        'In the last 15 minutes collectors dropped {{ printf "%.0f" $values.A.Value }} events or spans, because Loki, Tempo or their own counting refused them for good. They are lost.',
    },
  },
  ledgers: {
    events: {
      name: "Ledgers disagree: events",
      summary: 'Metrics and events of the last 24 hours are {{ printf "%.2f" $values.A.Value }} USD apart',
      description:
        'For an hour by now, metrics and events of the last 24 hours have been {{ printf "%.4f" $values.A.Value }} USD apart, and neither switched-off events, killed processes nor corrected clocks explain it: one of the two has lost something.',
    },
    rollups: {
      name: "Roll-ups differ from raw data",
      summary:
        'The {{ $labels.rollup_step }} roll-up of {{ $labels.signal }} by {{ $labels.scope }} is {{ printf "%.3f" $values.A.Value }} off on the last final day',
      description:
        'For the last day that is final, the {{ $labels.rollup_step }} roll-up of {{ $labels.signal }} by {{ $labels.scope }} and what it is computed from differ by {{ printf "%.3f" $values.A.Value }}. Ranges that are answered from the roll-up are wrong by that.',
    },
    prices: {
      name: "Cost differs from the price table",
      summary: "{{ $labels.model }}: the clients' cost is {{ humanizePercentage $values.A.Value }} off the price table",
      description:
        "In the last 7 days the clients' own cost of {{ $labels.model }} and its tokens at the list prices of the table differ by {{ humanizePercentage $values.A.Value }}, and by more than alerting.minimumUsd.",
    },
  },
} as const;
