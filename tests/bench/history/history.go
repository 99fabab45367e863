package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	hourMs = int64(3_600_000)
	dayMs  = 24 * hourMs
	// progressDays is how often progress is reported.
	progressDays = 5
)

// history generates day by day, so that memory does not grow with the number of days.
type history struct {
	parameters parameters
	directory  string
	developers []developer
	metrics    [metricCount]string
	blocks     *blockWriter
	rollups    *rollups
	truth      *truth
	started    time.Time
	logged     int64
}

func newHistory(directory string, s spec, p parameters) (*history, error) {
	if err := os.Mkdir(directory, 0o777); err != nil {
		return nil, err
	}
	if err := s.Company.validate(); err != nil {
		return nil, err
	}
	names, err := metricNames(s.Metrics)
	if err != nil {
		return nil, err
	}
	rollups, err := newRollups(s, names)
	if err != nil {
		return nil, err
	}
	return &history{
		parameters: p,
		directory:  directory,
		developers: newDevelopers(p, &s.Company),
		metrics:    names,
		blocks:     newBlockWriter(directory, p.startMs(), p.endMs(), p.Seed),
		rollups:    rollups,
		truth:      newTruth(p),
		started:    time.Now(),
	}, nil
}

// write makes the whole history, unless a signal arrives.
func (h *history) write(interrupted <-chan os.Signal) error {
	defer h.blocks.abandon()
	first, last := h.parameters.startMs()/dayMs, (h.parameters.endMs()-1)/dayMs
	for day := first; day <= last; day++ {
		select {
		case <-interrupted:
			return errors.New("interrupted")
		default:
		}
		// No later day has samples before its own midnight.
		limit := (day + 1) * dayMs
		if day == last {
			limit = h.parameters.endMs() + 1
		}
		if err := h.writeDay(day, limit); err != nil {
			return err
		}
		h.log(day-first+1, last-first+1)
	}
	if err := h.blocks.finish(); err != nil {
		return err
	}
	return h.writeTruth()
}

func (h *history) writeDay(day, limit int64) error {
	for i := range h.developers {
		h.developers[i].generate(h.parameters, day, h.store)
	}
	h.rollups.flush(limit, h.parameters, h.blocks.add)
	return h.blocks.endDay(limit)
}

// store takes one series of a session: into blocks, roll-ups and truth.
func (h *history) store(d *developer, common []label, s *series) {
	samples := h.within(s.samples)
	if len(samples) == 0 {
		return
	}
	h.truth.count(d, s, samples)
	all := mergeLabels(common, s.own, label{metricName, h.metrics[s.metric]})
	h.rollups.add(s.metric, all, samples)
	h.blocks.add(all, samples, s.metric.scale())
}

// within leaves out what lies outside of the history.
func (h *history) within(samples []sample) []sample {
	start, end := h.parameters.startMs(), h.parameters.endMs()
	for len(samples) > 0 && samples[0].time <= start {
		samples = samples[1:]
	}
	for len(samples) > 0 && samples[len(samples)-1].time > end {
		samples = samples[:len(samples)-1]
	}
	return samples
}

func (h *history) log(done, all int64) {
	if done-h.logged < progressDays && done != all {
		return
	}
	h.logged = done
	fmt.Fprintf(os.Stderr, "day %d of %d, %d sessions, %.1f M samples, %.0f s\n", done, all,
		h.truth.sessions, float64(h.blocks.written.Samples)/1e6, time.Since(h.started).Seconds())
}

func (h *history) writeTruth() error {
	return writeJSON(filepath.Join(h.directory, "truth.json"), h.truth.report(h.blocks.written))
}

func writeJSON(file string, value any) error {
	text, err := json.MarshalIndent(value, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o666)
}

func readJSON(file string, value any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
