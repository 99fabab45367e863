package main

// habit is a kind of request that some sessions make, in some of their active minutes.
type habit struct {
	source, effort, agent, skill, plugin, model string
	chance                                      float64
	small                                       bool
	tokens                                      [4]*series
	cost                                        *series
}

func tokenTypes() [4]string { return [4]string{"input", "output", "cacheRead", "cacheCreation"} }

// work fills the session's series.
func (s *session) work() {
	times := s.exports()
	s.begin(times[0])
	habits := s.habits()
	edits := s.newEdits()
	active := s.newActivity()
	for _, time := range times {
		for _, h := range habits {
			if s.rng.Float64() < h.chance {
				s.request(h, time)
			}
		}
		edits.minute(time)
		active.minute(time)
	}
	s.finish(times[len(times)-1])
}

func (s *session) add(m metric, pairs ...string) *series {
	one := newSeries(m, pairs...)
	s.series = append(s.series, one)
	return one
}

func (s *session) pick(choices ...string) string { return choices[s.rng.IntN(len(choices))] }

func (s *session) begin(time int64) {
	kind := "fresh"
	if chance := s.rng.Float64(); !s.oneShot && chance < 0.12 {
		kind = s.pick("resume", "continue")
	}
	s.add(sessionsMetric, "start_type", kind).add(time, 1)
}

// habits: the main loop always; auxiliary requests, a subagent and a skill in some sessions.
func (s *session) habits() []*habit {
	effort := s.pick("high", "high", "high", "medium", "low")
	all := []*habit{{source: "main", effort: effort, model: s.model, chance: 1}}
	if s.rng.Float64() < 0.3 {
		all = append(all, &habit{source: "auxiliary", model: s.developer.company.Models.Small, chance: 0.4, small: true})
	}
	if s.rng.Float64() < 0.25 {
		all = append(all, s.subagent(effort))
	}
	if s.rng.Float64() < 0.1 {
		all = append(all, s.skill(effort))
	}
	for _, h := range all {
		h.declare(s)
	}
	return all
}

func (s *session) subagent(effort string) *habit {
	agent := s.pick("Explore", "Explore", "general-purpose", "Plan", "custom")
	if agent == "Explore" {
		return &habit{source: "subagent", agent: agent, model: s.developer.company.Models.Small, chance: 0.4}
	}
	return &habit{source: "subagent", agent: agent, effort: effort, model: s.model, chance: 0.3}
}

func (s *session) skill(effort string) *habit {
	h := &habit{source: "main", effort: effort, model: s.model, chance: 0.4}
	h.skill = s.pick("code-review", "release-notes", "pdf", "third-party")
	if h.skill == "third-party" {
		h.plugin = "third-party"
	}
	return h
}

func (h *habit) declare(s *session) {
	pairs := []string{
		"model", h.model, "query_source", h.source, "effort", h.effort,
		"agent_name", h.agent, "skill_name", h.skill, "plugin_name", h.plugin,
	}
	for i, kind := range tokenTypes() {
		h.tokens[i] = newSeries(tokensMetric, append([]string{"type", kind}, pairs...)...)
	}
	h.cost = newSeries(costMetric, pairs...)
	s.series = append(append(s.series, h.tokens[:]...), h.cost)
}

// request is what a habit uses in one minute.
func (s *session) request(h *habit, time int64) {
	u := s.usage(h).rounded()
	for i, amount := range [4]int64{u.input, u.output, u.cacheRead, u.cacheCreation} {
		if amount > 0 {
			h.tokens[i].add(time, amount)
		}
	}
	h.cost.add(time, u.costMicroUSD(s.developer.company.Prices[h.model]))
}

func (s *session) usage(h *habit) usage {
	requests := 1 + s.rng.Int64N(5)
	if h.small {
		return usage{input: requests * (200 + s.rng.Int64N(1500)), output: requests * (20 + s.rng.Int64N(200))}
	}
	growth := 800 + s.rng.Int64N(6000)
	u := usage{
		input:         requests * (4 + s.rng.Int64N(40)),
		output:        requests * (80 + s.rng.Int64N(700)),
		cacheRead:     requests * s.context,
		cacheCreation: growth,
	}
	if s.context += growth; s.context > 170_000 {
		s.context = 25_000
	}
	return u
}

// edits are the session's changes of files.
type edits struct {
	session                           *session
	chance                            float64
	added, removed, accepted, refused *series
}

func (s *session) newEdits() *edits {
	e := &edits{session: s}
	if s.rng.Float64() < 0.6 {
		e.chance = 0.4
	}
	tool, source := s.pick("Edit", "Edit", "Write"), s.pick("config", "config", "user_temporary", "user_permanent")
	decision := []string{"tool_name", tool, "language", s.repository.language}
	e.added = s.add(linesMetric, "type", "added", "model", s.model)
	e.removed = s.add(linesMetric, "type", "removed", "model", s.model)
	e.accepted = s.add(editDecisionsMetric, append(decision, "decision", "accept", "source", source)...)
	e.refused = s.add(editDecisionsMetric, append(decision, "decision", "reject", "source", "user_reject")...)
	return e
}

// minute: removed lines are reported with added ones even if they are none, as the client does.
func (e *edits) minute(time int64) {
	rng := e.session.rng
	if rng.Float64() >= e.chance {
		return
	}
	e.added.add(time, 1+rng.Int64N(60))
	e.removed.add(time, rng.Int64N(25))
	e.accepted.add(time, 1+rng.Int64N(4))
	if rng.Float64() < 0.06 {
		e.refused.add(time, 1)
	}
}

// activity is the time that the client and its user are busy.
type activity struct {
	session   *session
	cli, user *series
}

func (s *session) newActivity() *activity {
	return &activity{s, s.add(activeTimeMetric, "type", "cli"), s.add(activeTimeMetric, "type", "user")}
}

func (a *activity) minute(time int64) {
	rng := a.session.rng
	a.cli.add(time, 3_000+rng.Int64N(52_000))
	if !a.session.oneShot && rng.Float64() < 0.6 {
		a.user.add(time, 300+rng.Int64N(12_000))
	}
}

// finish: commits and pull requests come at the end.
func (s *session) finish(time int64) {
	if s.rng.Float64() < 0.25 {
		s.add(commitsMetric).add(time, 1+s.rng.Int64N(2))
	}
	if s.rng.Float64() < 0.07 {
		s.add(pullRequestsMetric).add(time, 1)
	}
}
