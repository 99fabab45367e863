// Writes a generated history of many developers as Prometheus blocks, with the roll-ups that recording rules would have
// made of it, and the truth to compare with.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// parameters decide the history, together with the spec.
type parameters struct {
	Developers     int    `json:"developers"`
	SessionsPerDay int    `json:"sessionsPerDay"`
	Days           int    `json:"days"`
	End            int64  `json:"end"`
	Seed           uint64 `json:"seed"`
}

// startMs is the instant after which the history begins. Windows are left-open.
func (p parameters) startMs() int64 { return p.endMs() - int64(p.Days)*dayMs }

// endMs is the last instant of the history.
func (p parameters) endMs() int64 { return p.End * 1000 }

// spec is written by tests/bench/history-spec.ts: what the stack calls its metrics and how it rolls
// them up, and what the developers work with.
type spec struct {
	Company         company           `json:"company"`
	Metrics         map[string]string `json:"metrics"`
	Rollups         []rollupSpec      `json:"rollups"`
	Levels          []levelSpec       `json:"levels"`
	DelaySeconds    int64             `json:"delaySeconds"`
	IntervalSeconds int64             `json:"intervalSeconds"`
	StepLabel       string            `json:"stepLabel"`
	Marker          string            `json:"marker"`
}

type rollupSpec struct {
	Metric string   `json:"metric"`
	Record string   `json:"record"`
	Labels []string `json:"labels"`
}

type levelSpec struct {
	Step         string `json:"step"`
	StepSeconds  int64  `json:"stepSeconds"`
	PhaseSeconds int64  `json:"phaseSeconds"`
}

func main() {
	if err := generate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "history:", err)
		os.Exit(1)
	}
}

func generate(arguments []string) error {
	output, specFile, p, err := parse(arguments)
	if err != nil {
		return err
	}
	var s spec
	if err := readJSON(specFile, &s); err != nil {
		return err
	}
	h, err := newHistory(output, s, p)
	if err != nil {
		return err
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	return h.write(interrupted)
}

func parse(arguments []string) (output, specFile string, p parameters, err error) {
	flags := flag.NewFlagSet("history", flag.ContinueOnError)
	flags.StringVar(&output, "output", "", "folder for the blocks and truth.json; must not exist")
	flags.StringVar(&specFile, "spec", "", "file with metric names and roll-ups")
	flags.IntVar(&p.Developers, "developers", 1000, "number of developers")
	flags.IntVar(&p.SessionsPerDay, "sessions-per-day", 10, "mean number of sessions of a developer on a weekday")
	flags.IntVar(&p.Days, "days", 90, "length of the history")
	flags.Int64Var(&p.End, "end", time.Now().Truncate(time.Hour).Unix(), "end of the history, seconds since 1970, a full hour")
	flags.Uint64Var(&p.Seed, "seed", 1, "the same seed gives the same history")
	if err = flags.Parse(arguments); err != nil {
		return
	}
	switch {
	case output == "" || specFile == "":
		err = errors.New("--output and --spec are required")
	case p.Developers < 1 || p.SessionsPerDay < 1 || p.Days < 1:
		err = errors.New("--developers, --sessions-per-day and --days: expected at least 1")
	case p.End%3600 != 0:
		err = fmt.Errorf("--end: expected a multiple of 3600; found %d", p.End)
	}
	return
}
