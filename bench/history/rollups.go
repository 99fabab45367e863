package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// rollups are what recording rules would have made: at each T that is a multiple of the step, the sum over the raw
// samples in (T - step, T].
type rollups struct {
	ofMetric [metricCount][]*rollup
	all      []*rollup
	markers  []marker
}

// rollup sums one metric by some of its labels.
type rollup struct {
	metric metric
	record string
	labels []string
	steps  []step
	groups map[string]*rollupGroup
	key    []byte
}

// step is a window's length, and the labels of what is recorded for it.
type step struct {
	ms     int64
	labels []label
}

// rollupGroup is one recorded series for each step.
type rollupGroup struct {
	labels  []label
	windows [][]sample
	// last is the instant of the newest sample; 0 when the series has ended since.
	last []int64
}

// marker says of each T that it has been evaluated.
type marker struct {
	name string
	step step
	next int64
}

func newRollups(s spec, names [metricCount]string) (*rollups, error) {
	all := &rollups{}
	steps := map[string]step{}
	for _, wanted := range s.Rollups {
		m := slices.Index(names[:], wanted.Metric)
		if m < 0 {
			return nil, fmt.Errorf("spec: roll-up %s is of %q, which is no metric", wanted.Record, wanted.Metric)
		}
		one := &rollup{metric: metric(m), record: wanted.Record, groups: map[string]*rollupGroup{}}
		one.labels = slices.Sorted(slices.Values(wanted.Labels))
		for _, name := range wanted.Steps {
			parsed, err := s.newStep(name)
			if err != nil {
				return nil, err
			}
			one.steps = append(one.steps, parsed)
			steps[name] = parsed
		}
		all.ofMetric[m] = append(all.ofMetric[m], one)
		all.all = append(all.all, one)
	}
	for _, one := range steps {
		all.markers = append(all.markers, marker{name: s.Marker, step: one})
	}
	slices.SortFunc(all.markers, func(a, b marker) int { return int(a.step.ms - b.step.ms) })
	return all, nil
}

func (s spec) newStep(name string) (step, error) {
	length, err := time.ParseDuration(name)
	if err != nil || length < time.Second {
		return step{}, fmt.Errorf("spec: step %q: expected a duration such as 5m", name)
	}
	return step{length.Milliseconds(), sortedLabels(s.StepLabel, name, s.PassLabel, "0")}, nil
}

// add counts the samples of one series, whose labels are sorted.
func (r *rollups) add(m metric, labels []label, samples []sample) {
	for _, one := range r.ofMetric[m] {
		group := one.group(labels)
		for i, s := range one.steps {
			windows := group.windows[i]
			for _, sample := range samples {
				windows = counted(windows, ceiling(sample.time, s.ms), sample.value)
			}
			group.windows[i] = windows
		}
	}
}

func ceiling(time, step int64) int64 { return (time + step - 1) / step * step }

// counted adds to the last window if it is the same; settle finds the others.
func counted(windows []sample, end, value int64) []sample {
	if last := len(windows) - 1; last >= 0 && windows[last].time == end {
		windows[last].value += value
		return windows
	}
	return append(windows, sample{end, value})
}

// group finds the series' group. Both label lists are sorted.
func (r *rollup) group(labels []label) *rollupGroup {
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
		group = &rollupGroup{r.groupLabels(string(r.key)), make([][]sample, len(r.steps)), make([]int64, len(r.steps))}
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

// flush emits every window that ends before limit. Nothing that is added later may end there.
func (r *rollups) flush(limit int64, p parameters, emit emit) {
	for _, one := range r.all {
		one.flush(limit, emit)
	}
	for i := range r.markers {
		r.markers[i].flush(limit, p, emit)
	}
}

func (r *rollup) flush(limit int64, emit emit) {
	for key, group := range r.groups {
		needed := false
		for i, s := range r.steps {
			var done []sample
			done, group.windows[i] = settle(group.windows[i], limit)
			if done = group.withEnds(i, done, s.ms, limit); len(done) > 0 {
				emit(mergeLabels(group.labels, s.labels, label{metricName, r.record}), done, r.metric.scale())
			}
			needed = needed || len(group.windows[i]) > 0 || group.last[i] != 0
		}
		if !needed {
			delete(r.groups, key)
		}
	}
}

// withEnds puts a stale marker at each instant at which the series ends, as Prometheus does when a rule no longer gives
// it. Queries of windows ignore them, but they have to be read.
func (g *rollupGroup) withEnds(i int, done []sample, step, limit int64) []sample {
	var marked []sample
	last := g.last[i]
	for _, s := range done {
		if last != 0 && s.time > last+step {
			marked = append(marked, sample{last + step, stale})
		}
		marked, last = append(marked, s), s.time
	}
	if last != 0 && last+step < limit {
		marked, last = append(marked, sample{last + step, stale}), 0
	}
	g.last[i] = last
	return marked
}

// settle sorts windows, adds up those that are the same, and splits them at limit.
func settle(windows []sample, limit int64) (done, left []sample) {
	slices.SortFunc(windows, func(a, b sample) int { return int(a.time - b.time) })
	var sums []sample
	for _, one := range windows {
		sums = counted(sums, one.time, one.value)
	}
	cut, _ := slices.BinarySearchFunc(sums, limit, func(s sample, limit int64) int { return int(s.time - limit) })
	return sums[:cut], slices.Clone(sums[cut:])
}

func (m *marker) flush(limit int64, p parameters, emit emit) {
	var samples []sample
	m.next = max(m.next, ceiling(p.startMs()+1, m.step.ms))
	for ; m.next < min(limit, p.endMs()+1); m.next += m.step.ms {
		samples = append(samples, sample{m.next, 1})
	}
	if len(samples) > 0 {
		emit(mergeLabels(m.step.labels, nil, label{metricName, m.name}), samples, 1)
	}
}
