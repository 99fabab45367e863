package main

import (
	"fmt"
	"math"
	"math/rand/v2"
)

const developersPerTeam = 25

// developer is one person and what stays the same about them.
type developer struct {
	index        int
	name         string
	team         string
	location     location
	devices      []device
	repositories []repository
	// models: the first is the usual one.
	models []string
	// pace is the person's share of the mean number of sessions.
	pace float64
	// versionLag is how many days after its release a version is installed.
	versionLag int64
}

// location is where a developer works. The day's first working hour is not before midnight UTC, see history.write.
type location struct {
	name      string
	utcOffset int64
}

// device is a home directory on a machine: a user_id of its own.
type device struct{ name, userID, terminal string }

type repository struct{ name, language string }

func newDevelopers(p parameters) []developer {
	rng := rand.New(rand.NewPCG(p.Seed, math.MaxUint64))
	developers := make([]developer, p.Developers)
	paces := 0.0
	for i := range developers {
		developers[i] = newDeveloper(i, p.Developers, rng)
		paces += developers[i].pace
	}
	for i := range developers {
		developers[i].pace *= float64(p.Developers) / paces
	}
	return developers
}

func newDeveloper(index, all int, rng *rand.Rand) developer {
	team := index / developersPerTeam
	return developer{
		index:        index,
		name:         fmt.Sprintf("developer-%04d", index),
		team:         fmt.Sprintf("team-%02d", team),
		location:     chooseLocation(rng),
		devices:      newDevices(index, rng),
		repositories: newRepositories(team, all/developersPerTeam+1, rng),
		models:       chooseModels(rng),
		pace:         math.Exp(rng.NormFloat64() * 0.5),
		versionLag:   rng.Int64N(10),
	}
}

func chooseLocation(rng *rand.Rand) location {
	all := []location{
		{"berlin", 1}, {"berlin", 1}, {"london", 0}, {"new-york", -5}, {"san-francisco", -8}, {"taipei", 8}, {"tokyo", 9},
	}
	return all[rng.IntN(len(all))]
}

func newDevices(index int, rng *rand.Rand) []device {
	devices := []device{newDevice("laptop", index, rng)}
	if rng.Float64() < 0.4 {
		devices = append(devices, newDevice("workstation", index, rng))
	}
	return devices
}

func newDevice(kind string, index int, rng *rand.Rand) device {
	terminals := []string{"vscode", "vscode", "iTerm.app", "xterm-256color", "WezTerm", "tmux", "JetBrains-JediTerm"}
	return device{
		name:     fmt.Sprintf("%s-%04d", kind, index),
		userID:   fmt.Sprintf("%016x%016x%016x%016x", rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64()),
		terminal: terminals[rng.IntN(len(terminals))],
	}
}

// newRepositories chooses 1 to 4, mostly of the team's own eight.
func newRepositories(team, teams int, rng *rand.Rand) []repository {
	languages := []string{"TypeScript", "Go", "Python", "Java", "Rust", "unknown"}
	repositories := make([]repository, 1+rng.IntN(4))
	for i := range repositories {
		owner := team
		if rng.Float64() < 0.2 {
			owner = rng.IntN(teams)
		}
		number := rng.IntN(8)
		repositories[i] = repository{
			name:     fmt.Sprintf("service-%02d-%d", owner, number),
			language: languages[(owner+number)%len(languages)],
		}
	}
	return repositories
}

func chooseModels(rng *rand.Rand) []string {
	if rng.Float64() < 0.55 {
		return []string{sonnet, opus}
	}
	return []string{opus, sonnet}
}

// version is the client that is installed on a day: a new one every three days.
func (d *developer) version(day, lastDay int64) string {
	return fmt.Sprintf("2.1.%d", 330-(lastDay-day+d.versionLag)/3)
}
