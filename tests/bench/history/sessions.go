package main

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// sink receives a session's series: what they have in common, and each one.
type sink func(d *developer, common []label, s *series)

// generate makes the sessions that a developer starts on a day of the calendar of their location.
func (d *developer) generate(p parameters, day int64, store sink) {
	rng := rand.New(rand.NewPCG(p.Seed, uint64(day)<<32|uint64(d.index)))
	mean := float64(p.SessionsPerDay) * d.pace
	if isWeekend(day) {
		mean *= 0.1
	}
	const present = 0.92
	if rng.Float64() > present {
		return
	}
	lastDay := (p.endMs() - 1) / dayMs
	for range poisson(rng, mean/present) {
		s := newSession(d, rng, d.startOfSession(rng, day), d.version(day, lastDay))
		s.work()
		s.store(store)
	}
}

// isWeekend: day 0 was a Thursday.
func isWeekend(day int64) bool { return (day+4)%7 == 0 || (day+4)%7 == 6 }

func poisson(rng *rand.Rand, mean float64) int {
	limit, product := math.Exp(-mean), rng.Float64()
	count := 0
	for product > limit {
		product *= rng.Float64()
		count++
	}
	return count
}

// startOfSession is in the morning or the afternoon, sometimes in the evening, of the developer's location.
func (d *developer) startOfSession(rng *rand.Rand, day int64) int64 {
	from, to := 9.0, 12.5
	switch chance := rng.Float64(); {
	case chance > 0.95:
		from, to = 18, 21.5
	case chance > 0.42:
		from, to = 13, 18
	}
	local := (from + rng.Float64()*(to-from)) * float64(hourMs)
	return day*dayMs + int64(local) - d.location.UTCOffsetMinutes*hourMs/60
}

// session is one run of the client.
type session struct {
	rng        *rand.Rand
	developer  *developer
	device     device
	repository repository
	model      string
	version    string
	id         string
	oneShot    bool
	start      int64
	// context is how many tokens a request has to read.
	context int64
	series  []*series
}

func newSession(d *developer, rng *rand.Rand, start int64, version string) *session {
	s := &session{
		rng:        rng,
		developer:  d,
		device:     d.devices[rng.IntN(len(d.devices))],
		repository: d.repositories[rng.IntN(len(d.repositories))],
		model:      d.models[0],
		version:    version,
		id:         uuid(rng),
		oneShot:    rng.Float64() < 0.2,
		start:      start,
		context:    15_000 + rng.Int64N(20_000),
	}
	if rng.Float64() < 0.15 {
		s.model = d.models[1]
	}
	return s
}

func uuid(rng *rand.Rand) string {
	high, low := rng.Uint64(), rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&0xffff_ffff_ffff)
}

// common is what all series of the session have in common.
func (s *session) common() []label {
	entrypoint := "cli"
	if s.oneShot {
		entrypoint = "sdk-cli"
	}
	return sortedLabels(
		"anthropic_provider", "firstParty", "app_entrypoint", entrypoint, "app_version", s.version,
		"device", s.device.name, "job", "claude-code", "location", s.developer.location.Name, "session_id", s.id,
		"team", s.developer.team, "terminal_type", s.device.terminal, "user", s.developer.name,
		"user_id", s.device.userID, "vcs_repository_name", s.repository.name,
	)
}

func (s *session) store(store sink) {
	common := s.common()
	for _, one := range s.series {
		if one.metric == sessionsMetric && one.label("start_type") == "continue" {
			// As the real client does it: the start of a continued session has an id that nothing else has.
			store(s.developer, replaced(common, "session_id", uuid(s.rng)), one)
			continue
		}
		store(s.developer, common, one)
	}
}

func replaced(set []label, name, value string) []label {
	changed := append([]label(nil), set...)
	for i := range changed {
		if changed[i].name == name {
			changed[i].value = value
		}
	}
	return changed
}

// exports are the instants of the session's exports: each minute of activity ends with one. Activity comes in bursts
// that fill three tenths of the time.
func (s *session) exports() []int64 {
	if s.oneShot {
		return []int64{s.start + 5_000 + s.rng.Int64N(50_000)}
	}
	minutes := min(max(int64(math.Round(18*math.Exp(s.rng.NormFloat64()*1.05))), 1), 180)
	var times []int64
	active := true
	for minute := int64(1); minute <= minutes; minute++ {
		if active {
			times = append(times, s.start+minute*60_000+s.rng.Int64N(20))
		}
		active = s.rng.Float64() < continued(active)
	}
	return times
}

func continued(active bool) float64 {
	if active {
		return 0.65
	}
	return 0.15
}
