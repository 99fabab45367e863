package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
)

// scenario is the input. Instants are milliseconds since 1970; ranges of time include their begin and not their end.
type scenario struct {
	OutOfOrderTimeWindowSeconds int64      `json:"outOfOrderTimeWindowSeconds"`
	Rules                       []ruleFile `json:"rules"`
	Outages                     []timeSpan `json:"outages"`
	Cuts                        []cut      `json:"cuts"`
	Samples                     []sample   `json:"samples"`
	StartMs                     int64      `json:"startMs"`
	EndMs                       int64      `json:"endMs"`
	Queries                     []query    `json:"queries"`
	Ranges                      []query    `json:"ranges"`
	// AllowRefused: a result that the storage refuses is reported, and does not end the simulation.
	AllowRefused bool `json:"allowRefused"`
}

// ruleFile is a rules file while it is configured.
type ruleFile struct {
	File    string `json:"file"`
	Content string `json:"content"`
	timeSpan
}

type timeSpan struct {
	FromMs  int64 `json:"fromMs"`
	UntilMs int64 `json:"untilMs"`
}

func (s timeSpan) contains(ms int64) bool { return s.FromMs <= ms && ms < s.UntilMs }

// cut ends Prometheus in the middle of an evaluation.
type cut struct {
	AtMs       int64 `json:"atMs"`
	AfterRules int   `json:"afterRules"`
}

type sample struct {
	Labels    labels.Labels `json:"labels"`
	TimeMs    int64         `json:"timeMs"`
	Value     *float64      `json:"value"`
	ArrivesMs int64         `json:"arrivesMs"`
}

type query struct {
	Query  string `json:"query"`
	TimeMs int64  `json:"timeMs"`
}

func readScenario(name string) (read scenario, err error) {
	file, err := os.Open(name)
	if err != nil {
		return read, err
	}
	defer file.Close()
	decoder := json.NewDecoder(bufio.NewReaderSize(file, 1<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return read, fmt.Errorf("%s: %w", name, err)
	}
	return read, read.check()
}

func (s scenario) check() error {
	if s.StartMs >= s.EndMs {
		return fmt.Errorf("expected startMs before endMs; found %d and %d", s.StartMs, s.EndMs)
	}
	for i, one := range s.Rules {
		for _, other := range s.Rules[:i] {
			if one.File == other.File && one.FromMs < other.UntilMs && other.FromMs < one.UntilMs {
				return fmt.Errorf("%s has two contents at once", one.File)
			}
		}
	}
	for _, one := range s.Cuts {
		if one.AfterRules < 0 {
			return errors.New("expected afterRules of at least 0")
		}
	}
	// The storage tells only of the others that it refuses them.
	if s.OutOfOrderTimeWindowSeconds < 3600 {
		return errors.New("expected outOfOrderTimeWindowSeconds of at least an hour")
	}
	return s.checkSamples()
}

// checkSamples finds second values, which the storage drops without an error if they are late.
func (s scenario) checkSamples() error {
	type place struct {
		series uint64
		timeMs int64
	}
	values := make(map[place]float64, len(s.Samples))
	for _, one := range s.Samples {
		if one.Value == nil {
			return fmt.Errorf("a sample of %v has no finite value", one.Labels)
		}
		key := place{one.Labels.Hash(), one.TimeMs}
		if value, ok := values[key]; ok && value != *one.Value {
			return fmt.Errorf("%v has two values at %d", one.Labels, one.TimeMs)
		}
		values[key] = *one.Value
	}
	return nil
}

// contents of the rules files that are configured at an instant, by path.
func (s scenario) contents(ms int64) map[string]string {
	contents := make(map[string]string)
	for _, one := range s.Rules {
		if one.contains(ms) {
			contents[one.File] = one.Content
		}
	}
	return contents
}

// isDown says whether Prometheus does not run at an instant.
func (s scenario) isDown(ms int64) bool { return s.upAfter(ms) != ms }

// upAfter is the first instant from ms on at which Prometheus runs.
func (s scenario) upAfter(ms int64) int64 {
	for {
		i := slices.IndexFunc(s.Outages, func(outage timeSpan) bool { return outage.contains(ms) })
		if i < 0 {
			return ms
		}
		ms = s.Outages[i].UntilMs
	}
}

// changes are the instants of the simulation at which Prometheus starts, ends or reads other rules, in order.
func (s scenario) changes() []int64 {
	all := []int64{s.StartMs}
	add := func(span timeSpan) { all = append(all, span.FromMs, span.UntilMs) }
	for _, one := range s.Rules {
		add(one.timeSpan)
	}
	for _, one := range s.Outages {
		add(one)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(ms int64) bool { return ms < s.StartMs || ms >= s.EndMs })
}

// batch is what arrives at once. It is stored at atMs.
type batch struct {
	atMs    int64
	samples []sample
}

// batches are all samples, in order of arrival. Those that arrive in an outage wait, in order, until it ends.
func (s scenario) batches() []batch {
	sorted := slices.Clone(s.Samples)
	slices.SortStableFunc(sorted, func(a, b sample) int { return cmp.Compare(a.ArrivesMs, b.ArrivesMs) })
	var all []batch
	for len(sorted) > 0 {
		arrival := sorted[0].ArrivesMs
		count := slices.IndexFunc(sorted, func(one sample) bool { return one.ArrivesMs != arrival })
		if count < 0 {
			count = len(sorted)
		}
		all = append(all, batch{s.upAfter(arrival), sorted[:count]})
		sorted = sorted[count:]
	}
	return all
}

const nsOfMs = 1_000_000

// nanoseconds turns milliseconds into nanoseconds, up to the latest instant that these can tell.
func nanoseconds(ms int64) int64 {
	if ms > math.MaxInt64/nsOfMs {
		return math.MaxInt64
	}
	return ms * nsOfMs
}
