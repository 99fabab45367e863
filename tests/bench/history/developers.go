package main

import (
	"fmt"
	"math"
	"math/rand/v2"
)

const developersPerTeam = 25

// developer is one person and what stays the same about them.
type developer struct {
	company      *company
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

// device is a home directory on a machine: a user_id of its own.
type device struct{ name, userID, terminal string }

type repository struct{ name, language string }

func newDevelopers(p parameters, c *company) []developer {
	rng := rand.New(rand.NewPCG(p.Seed, math.MaxUint64))
	developers := make([]developer, p.Developers)
	paces := 0.0
	for i := range developers {
		developers[i] = newDeveloper(i, p.Developers, c, rng)
		paces += developers[i].pace
	}
	for i := range developers {
		developers[i].pace *= float64(p.Developers) / paces
	}
	return developers
}

func newDeveloper(index, all int, c *company, rng *rand.Rand) developer {
	team := index / developersPerTeam
	return developer{
		company:      c,
		index:        index,
		name:         fmt.Sprintf("developer-%04d", index),
		team:         fmt.Sprintf("team-%02d", team),
		location:     c.Locations[rng.IntN(len(c.Locations))],
		devices:      c.newDevices(index, rng),
		repositories: c.newRepositories(team, all/developersPerTeam+1, rng),
		models:       c.chooseModels(rng),
		pace:         math.Exp(rng.NormFloat64() * 0.5),
		versionLag:   rng.Int64N(10),
	}
}

func (c *company) newDevices(index int, rng *rand.Rand) []device {
	devices := []device{c.newDevice("laptop", index, rng)}
	if rng.Float64() < 0.4 {
		devices = append(devices, c.newDevice("workstation", index, rng))
	}
	return devices
}

func (c *company) newDevice(kind string, index int, rng *rand.Rand) device {
	return device{
		name:     fmt.Sprintf("%s-%04d", kind, index),
		userID:   fmt.Sprintf("%016x%016x%016x%016x", rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64()),
		terminal: c.Terminals[rng.IntN(len(c.Terminals))],
	}
}

// newRepositories chooses 1 to 4, mostly of the team's own eight.
func (c *company) newRepositories(team, teams int, rng *rand.Rand) []repository {
	repositories := make([]repository, 1+rng.IntN(4))
	for i := range repositories {
		owner := team
		if rng.Float64() < 0.2 {
			owner = rng.IntN(teams)
		}
		number := rng.IntN(8)
		repositories[i] = repository{
			name:     fmt.Sprintf("service-%02d-%d", owner, number),
			language: c.Languages[(owner+number)%len(c.Languages)],
		}
	}
	return repositories
}

func (c *company) chooseModels(rng *rand.Rand) []string {
	if rng.Float64() < 0.55 {
		return []string{c.Models.Usual, c.Models.Large}
	}
	return []string{c.Models.Large, c.Models.Usual}
}

// version is the client that is installed on a day: a new one every three days.
func (d *developer) version(day, lastDay int64) string {
	newest := d.company.NewestClient
	return fmt.Sprintf("%s.%d", newest.Line, newest.Patch-(lastDay-day+d.versionLag)/3)
}
