package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// rollups are what recording rules would have made: of each window of a level, the sum over its raw samples, some time
// after its end. The rules make most roll-ups of others, at the same evaluations; the sums are the same.
type rollups struct {
	ofMetric [metricCount][]*rollup
	all      []*rollup
	levels   []level
	markers  []*marker
	// delay is how long after its end a window is recorded.
	delay int64
	// interval is the distance of evaluations.
	interval int64
}

// rollup sums one metric by some of its labels.
type rollup struct {
	metric metric
	record string
	labels []string
	groups map[string]*rollupGroup
	key    []byte
}

// level is a window's length, how long after a multiple of it windows are recorded, and the labels of what is recorded.
type level struct {
	step, phase int64
	labels      []label
}

// rollupGroup is one recorded series for each level.
type rollupGroup struct {
	labels []label
	series []recorded
}

// recorded is what a recorded series still has to get.
type recorded struct {
	windows []sample
	// last is the time of the newest sample; 0 when the series has ended since.
	last int64
}

// marker says of each window of a level that it has been evaluated.
type marker struct {
	name   string
	level  level
	series recorded
	next   int64
}

func newRollups(s spec, names [metricCount]string) (*rollups, error) {
	all := &rollups{delay: s.DelaySeconds * 1000, interval: s.IntervalSeconds * 1000}
	if all.delay < 0 || all.interval <= 0 {
		return nil, errors.New("spec: delaySeconds, intervalSeconds: expected at least 0 and 1")
	}
	for _, wanted := range s.Levels {
		if wanted.StepSeconds < 1 {
			return nil, fmt.Errorf("spec: level %s: found stepSeconds %d; expected at least 1", wanted.Step, wanted.StepSeconds)
		}
		one := level{
			step:   wanted.StepSeconds * 1000,
			phase:  wanted.PhaseSeconds*1000 + all.delay,
			labels: sortedLabels(s.StepLabel, wanted.Step),
		}
		all.levels = append(all.levels, one)
		all.markers = append(all.markers, &marker{name: s.Marker, level: one})
	}
	for _, wanted := range s.Rollups {
		m := slices.Index(names[:], wanted.Metric)
		if m < 0 {
			return nil, fmt.Errorf("spec: roll-up %s is of %q, which is no metric", wanted.Record, wanted.Metric)
		}
		one := &rollup{metric: metric(m), record: wanted.Record, groups: map[string]*rollupGroup{}}
		one.labels = slices.Sorted(slices.Values(wanted.Labels))
		all.ofMetric[m] = append(all.ofMetric[m], one)
		all.all = append(all.all, one)
	}
	return all, nil
}

// add counts the samples of one series, whose labels are sorted.
func (r *rollups) add(m metric, labels []label, samples []sample) {
	for _, one := range r.ofMetric[m] {
		group := one.group(labels, len(r.levels))
		for i, level := range r.levels {
			windows := group.series[i].windows
			for _, sample := range samples {
				windows = counted(windows, level.recordedFrom(sample.time+r.delay), sample.value)
			}
			group.series[i].windows = windows
		}
	}
}

// recordedFrom is the first time at or after another at which a window is recorded.
func (l level) recordedFrom(time int64) int64 {
	return (time-l.phase+l.step-1)/l.step*l.step + l.phase
}

// counted adds to the last window if it is the same; settle finds the others.
func counted(windows []sample, end, value int64) []sample {
	if last := len(windows) - 1; last >= 0 && windows[last].time == end {
		windows[last].value += value
		return windows
	}
	return append(windows, sample{end, value})
}

// group finds the series' group. Both label lists are sorted.
func (r *rollup) group(labels []label, levels int) *rollupGroup {
	r.key = r.key[:0]
	next := 0
	for _, name := range r.labels {
		for next < len(labels) && labels[next].name < name {
			next++
		}
		if next < len(labels) && labels[next].name == name {
			r.key = append(r.key, labels[next].value...)
		}
		r.key = append(r.key, 0)
	}
	group := r.groups[string(r.key)]
	if group == nil {
		group = &rollupGroup{r.groupLabels(string(r.key)), make([]recorded, levels)}
		r.groups[string(r.key)] = group
	}
	return group
}

func (r *rollup) groupLabels(key string) []label {
	values := strings.Split(key, "\x00")
	var pairs []string
	for i, name := range r.labels {
		pairs = append(pairs, name, values[i])
	}
	return sortedLabels(pairs...)
}

// emit receives a series whose samples are in order of time.
type emit func(labels []label, samples []sample, scale float64)

// flush emits what is recorded before limit. Nothing that is added later may be.
func (r *rollups) flush(limit int64, p parameters, emit emit) {
	for _, one := range r.all {
		for key, group := range one.groups {
			needed := false
			for i, level := range r.levels {
				if done := group.series[i].settle(limit, r.interval); len(done) > 0 {
					emit(mergeLabels(group.labels, level.labels, label{metricName, one.record}), done, one.metric.scale())
				}
				needed = needed || len(group.series[i].windows) > 0 || group.series[i].last != 0
			}
			if !needed {
				delete(one.groups, key)
			}
		}
	}
	for _, one := range r.markers {
		one.count(min(limit, p.endMs()+1), p)
		if done := one.series.settle(limit, r.interval); len(done) > 0 {
			emit(mergeLabels(one.level.labels, nil, label{metricName, one.name}), done, 1)
		}
	}
}

// settle takes the samples before limit: sorts windows, adds up those that are the same, and marks where the series ends.
func (s *recorded) settle(limit, interval int64) []sample {
	slices.SortFunc(s.windows, func(a, b sample) int { return int(a.time - b.time) })
	var sums []sample
	for _, one := range s.windows {
		sums = counted(sums, one.time, one.value)
	}
	cut, _ := slices.BinarySearchFunc(sums, limit, func(s sample, limit int64) int { return int(s.time - limit) })
	s.windows = slices.Clone(sums[cut:])
	return s.withEnds(sums[:cut], limit, interval)
}

// withEnds puts a stale marker where an evaluation does not give the series any more, as Prometheus does: after every
// sample of a level that most evaluations leave out. Queries of windows ignore them, but they have to be read.
func (s *recorded) withEnds(done []sample, limit, interval int64) []sample {
	var marked []sample
	for _, one := range done {
		if s.last != 0 && one.time > s.last+interval {
			marked = append(marked, sample{s.last + interval, stale})
		}
		marked, s.last = append(marked, one), one.time
	}
	if s.last != 0 && s.last+interval < limit {
		marked, s.last = append(marked, sample{s.last + interval, stale}), 0
	}
	return marked
}

func (m *marker) count(limit int64, p parameters) {
	m.next = max(m.next, m.level.recordedFrom(p.startMs()+1))
	for ; m.next < limit; m.next += m.level.step {
		m.series.windows = append(m.series.windows, sample{m.next, 1})
	}
}
