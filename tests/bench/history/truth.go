package main

import (
	"encoding/json"
	"slices"
)

// totals are exact: they are what was generated, added up as integers.
type totals struct {
	CostMicroUSD       int64 `json:"costMicroUsd"`
	TokensInput        int64 `json:"tokensInput"`
	TokensOutput       int64 `json:"tokensOutput"`
	TokensCacheRead    int64 `json:"tokensCacheRead"`
	TokensCacheCreate  int64 `json:"tokensCacheCreation"`
	Sessions           int64 `json:"sessions,omitempty"`
	LinesAdded         int64 `json:"linesAdded"`
	LinesRemoved       int64 `json:"linesRemoved"`
	Commits            int64 `json:"commits,omitempty"`
	PullRequests       int64 `json:"pullRequests,omitempty"`
	EditDecisions      int64 `json:"editDecisions,omitempty"`
	ActiveMilliseconds int64 `json:"activeMilliseconds,omitempty"`
	// Users that spent something.
	Users int `json:"users"`

	users map[int]struct{}
}

func (t *totals) count(d *developer, s *series, amount int64) {
	switch s.metric {
	case costMetric:
		t.CostMicroUSD += amount
		t.users[d.index] = struct{}{}
	case tokensMetric:
		*t.tokens(s.label("type")) += amount
	case sessionsMetric:
		t.Sessions += amount
	case linesMetric:
		if s.label("type") == "added" {
			t.LinesAdded += amount
		} else {
			t.LinesRemoved += amount
		}
	case commitsMetric:
		t.Commits += amount
	case pullRequestsMetric:
		t.PullRequests += amount
	case editDecisionsMetric:
		t.EditDecisions += amount
	case activeTimeMetric:
		t.ActiveMilliseconds += amount
	}
}

func (t *totals) tokens(kind string) *int64 {
	switch kind {
	case "input":
		return &t.TokensInput
	case "output":
		return &t.TokensOutput
	case "cacheRead":
		return &t.TokensCacheRead
	default:
		return &t.TokensCacheCreate
	}
}

func (t *totals) add(other *totals) {
	t.CostMicroUSD += other.CostMicroUSD
	t.TokensInput += other.TokensInput
	t.TokensOutput += other.TokensOutput
	t.TokensCacheRead += other.TokensCacheRead
	t.TokensCacheCreate += other.TokensCacheCreate
	t.Sessions += other.Sessions
	t.LinesAdded += other.LinesAdded
	t.LinesRemoved += other.LinesRemoved
	t.Commits += other.Commits
	t.PullRequests += other.PullRequests
	t.EditDecisions += other.EditDecisions
	t.ActiveMilliseconds += other.ActiveMilliseconds
	for user := range other.users {
		t.users[user] = struct{}{}
	}
}

// MarshalJSON counts the users.
func (t *totals) MarshalJSON() ([]byte, error) {
	type plain totals
	t.Users = len(t.users)
	return json.Marshal((*plain)(t))
}

// breakdown is totals of all, by team and by model. By model there is only what has a model: cost, tokens and lines.
type breakdown struct {
	Total  *totals            `json:"total"`
	Teams  map[string]*totals `json:"teams"`
	Models map[string]*totals `json:"models"`
}

func newBreakdown() *breakdown {
	return &breakdown{&totals{users: map[int]struct{}{}}, map[string]*totals{}, map[string]*totals{}}
}

func entryOf(by map[string]*totals, key string) *totals {
	if by[key] == nil {
		by[key] = &totals{users: map[int]struct{}{}}
	}
	return by[key]
}

func (b *breakdown) count(d *developer, s *series, amount int64) {
	b.Total.count(d, s, amount)
	entryOf(b.Teams, d.team).count(d, s, amount)
	if model := s.label("model"); model != "" {
		entryOf(b.Models, model).count(d, s, amount)
	}
}

func (b *breakdown) add(other *breakdown) {
	b.Total.add(other.Total)
	for team, t := range other.Teams {
		entryOf(b.Teams, team).add(t)
	}
	for model, t := range other.Models {
		entryOf(b.Models, model).add(t)
	}
}

// truth counts by days that end at the history's end: day n is the left-open window (end - (n+1) d, end - n d].
type truth struct {
	parameters parameters
	days       []*breakdown
	sessions   int64
}

func newTruth(p parameters) *truth {
	t := &truth{parameters: p, days: make([]*breakdown, p.Days)}
	for i := range t.days {
		t.days[i] = newBreakdown()
	}
	return t
}

func (t *truth) count(d *developer, s *series, samples []sample) {
	for _, one := range samples {
		t.days[(t.parameters.endMs()-one.time)/dayMs].count(d, s, one.value)
	}
	if s.metric == sessionsMetric {
		t.sessions++
	}
}

// window is what happened within the last days.
type window struct {
	Days int `json:"days"`
	*breakdown
}

type dayTotals struct {
	End   int64   `json:"end"`
	Total *totals `json:"total"`
}

type report struct {
	Parameters parameters  `json:"parameters"`
	Size       size        `json:"size"`
	Windows    []window    `json:"windows"`
	Days       []dayTotals `json:"days"`
}

func (t *truth) report(written size) report {
	r := report{Parameters: t.parameters, Size: written}
	lengths := []int{1, 7, 30, 90, t.parameters.Days}
	slices.Sort(lengths)
	sum := newBreakdown()
	for n, day := range t.days {
		sum.add(day)
		r.Days = append(r.Days, dayTotals{t.parameters.End - int64(n)*dayMs/1000, day.Total})
		if slices.Contains(lengths, n+1) {
			copied := newBreakdown()
			copied.add(sum)
			r.Windows = append(r.Windows, window{n + 1, copied})
		}
	}
	return r
}
