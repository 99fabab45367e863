package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/value"
)

// metricName is the label that holds a metric's name.
const metricName = "__name__"

// metric is one of the client's metrics.
type metric int

const (
	sessionsMetric metric = iota
	tokensMetric
	costMetric
	linesMetric
	commitsMetric
	pullRequestsMetric
	editDecisionsMetric
	activeTimeMetric
	metricCount
)

// metricNames orders the spec's names, whose keys are those of telemetry/client-metrics.ts.
func metricNames(byKey map[string]string) (names [metricCount]string, err error) {
	keys := [metricCount]string{
		"sessions", "tokens", "cost", "lines", "commits", "pullRequests", "editDecisions", "activeTime",
	}
	for m, key := range keys {
		if names[m] = byKey[key]; names[m] == "" {
			return names, fmt.Errorf("spec: metrics has no %q", key)
		}
	}
	return names, nil
}

// scale is how many of the integers that are counted make one: sums stay exact, and what is stored is rounded once.
func (m metric) scale() float64 {
	switch m {
	case costMetric:
		return 1e6
	case activeTimeMetric:
		return 1e3
	default:
		return 1
	}
}

// label is one label of a series.
type label struct{ name, value string }

func compareLabels(a, b label) int { return strings.Compare(a.name, b.name) }

// sortedLabels makes a label set of names and values in turn; empty values are left out.
func sortedLabels(pairs ...string) []label {
	set := make([]label, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			set = append(set, label{pairs[i], pairs[i+1]})
		}
	}
	slices.SortFunc(set, compareLabels)
	return set
}

// mergeLabels merges two sorted sets after `first`, which sorts before both.
func mergeLabels(a, b []label, first label) []label {
	set := append(make([]label, 0, len(a)+len(b)+1), first)
	for len(a) > 0 && len(b) > 0 {
		if a[0].name < b[0].name {
			set, a = append(set, a[0]), a[1:]
		} else {
			set, b = append(set, b[0]), b[1:]
		}
	}
	return append(append(set, a...), b...)
}

// sample is an amount in the metric's integers.
type sample struct{ time, value int64 }

// stale instead of an amount marks the end of a series.
const stale = math.MinInt64

// stored is what Prometheus stores for a sample.
func (s sample) stored(scale float64) float64 {
	if s.value == stale {
		return math.Float64frombits(value.StaleNaN)
	}
	return float64(s.value) / scale
}

// series is what one session reports in one series.
type series struct {
	metric  metric
	own     []label
	samples []sample
}

func newSeries(m metric, pairs ...string) *series {
	return &series{metric: m, own: sortedLabels(pairs...)}
}

func (s *series) add(time, amount int64) {
	s.samples = append(s.samples, sample{time, amount})
}

func (s *series) label(name string) string {
	for _, l := range s.own {
		if l.name == name {
			return l.value
		}
	}
	return ""
}
