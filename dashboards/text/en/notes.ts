/** Sentences that several descriptions share. */
export const notes = {
  estimate: "The client estimates cost from list prices; an invoice may differ.",
  delay: "Clients report about once a minute, so the last minute may still be on its way.",
  bars: "A bar begins at its time.",
  relativeRange:
    "Shows no data if the picker holds fixed dates in the past, for then Grafana would show those instead of what the title says.",
  withoutLabel: "Usage without the label is shown as “not set”, so that the bars add up to the whole.",
  noModel: "Clients do not report it by model: with a model picked there is no data.",
  counted:
    "Counted by the collectors when events arrive: an export that a client repeats although it was accepted counts twice.",
  ignoresModel: "The model that is picked has no effect: prompts have none.",
  interpolated: "Quantiles are estimated from buckets, evenly spread within one.",
  distribution:
    "Quantiles are those of all values of the range together, estimated from buckets: evenly spread within one, and above the last bound that bound is shown.",
  spans: "Made of spans: clients that send no traces are missing.",
} as const;
