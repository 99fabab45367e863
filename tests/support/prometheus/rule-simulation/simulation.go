package main

import (
	"cmp"
	"context"
	"slices"
)

// simulation does one thing after the other, in order of simulated time. At one instant, Prometheus starts, ends or is
// configured first, then samples are stored, then groups are evaluated.
type simulation struct {
	scenario
	stored    *store
	evaluator *evaluator
	// What is still to come, in order. Milliseconds.
	changesMs []int64
	arrivals  []batch
	cuts      []cut
}

func newSimulation(ctx context.Context, given scenario, stored *store) *simulation {
	s := &simulation{scenario: given, stored: stored, evaluator: newEvaluator(ctx, stored, given.AllowRefused)}
	s.changesMs = given.changes()
	s.arrivals = given.batches()
	s.cuts = slices.Clone(given.Cuts)
	slices.SortStableFunc(s.cuts, func(a, b cut) int { return cmp.Compare(a.AtMs, b.AtMs) })
	return s
}

// toEnd runs the simulation, and stores what arrives after its end, too.
func (s *simulation) toEnd() error {
	end := nanoseconds(s.EndMs)
	for {
		at, act := s.next()
		if act == nil || at >= end {
			break
		}
		if err := s.stored.advance(at / nsOfMs); err != nil {
			return err
		}
		if err := act(); err != nil {
			return err
		}
	}
	for len(s.arrivals) > 0 {
		if err := s.arrive(); err != nil {
			return err
		}
	}
	return nil
}

// next finds what happens next, and its instant in nanoseconds.
func (s *simulation) next() (at int64, act func() error) {
	consider := func(candidate int64, action func() error) {
		if act == nil || candidate < at {
			at, act = candidate, action
		}
	}
	if len(s.changesMs) > 0 {
		consider(nanoseconds(s.changesMs[0]), s.change)
	}
	if len(s.arrivals) > 0 {
		consider(nanoseconds(s.arrivals[0].atMs), s.arrive)
	}
	if group := s.evaluator.nextEvaluation(); group != nil {
		consider(group.next, func() error { return s.evaluate(group) })
	}
	if i := s.evaluator.nextMark(); i >= 0 {
		consider(s.evaluator.removed[i].markAt, func() error {
			s.evaluator.mark(i)
			return nil
		})
	}
	return at, act
}

func (s *simulation) change() error {
	ms := s.changesMs[0]
	s.changesMs = s.changesMs[1:]
	if s.isDown(ms) {
		s.evaluator.kill()
		return nil
	}
	return s.evaluator.configure(nanoseconds(ms), s.contents(ms))
}

func (s *simulation) arrive() error {
	samples := s.arrivals[0].samples
	s.arrivals = s.arrivals[1:]
	return s.stored.add(samples)
}

// evaluate cuts the evaluation if that is due. Prometheus is back at once.
func (s *simulation) evaluate(group *runningGroup) error {
	at := group.next
	if len(s.cuts) == 0 || nanoseconds(s.cuts[0].AtMs) > at {
		return s.evaluator.evaluate(group)
	}
	first := s.cuts[0].AfterRules
	s.cuts = s.cuts[1:]
	if err := s.evaluator.evaluateFirst(group, first); err != nil {
		return err
	}
	s.evaluator.kill()
	return s.evaluator.configure(at, s.contents(at/nsOfMs))
}
