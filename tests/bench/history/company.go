package main

import "fmt"

// company is what developers work with, written by tests/bench/history-spec.ts.
type company struct {
	Locations []location `json:"locations"`
	Terminals []string   `json:"terminals"`
	Languages []string   `json:"languages"`
	Models    struct {
		Usual string `json:"usual"`
		Large string `json:"large"`
		Small string `json:"small"`
	} `json:"models"`
	Prices       map[string]price `json:"prices"`
	NewestClient struct {
		Line  string `json:"line"`
		Patch int64  `json:"patch"`
	} `json:"newestClient"`
}

// location is where a developer works. The day's first working hour is not before midnight UTC, see history.write.
type location struct {
	Name             string `json:"name"`
	UTCOffsetMinutes int64  `json:"utcOffsetMinutes"`
}

// price is a list price in USD for a million tokens, that is, in millionths of a USD for one.
type price struct {
	Input  int64 `json:"input"`
	Output int64 `json:"output"`
}

// validate finds what a spec lacks.
func (c *company) validate() error {
	if len(c.Locations) == 0 || len(c.Terminals) == 0 || len(c.Languages) == 0 {
		return fmt.Errorf("spec: company: expected locations, terminals and languages")
	}
	for _, model := range []string{c.Models.Usual, c.Models.Large, c.Models.Small} {
		if c.Prices[model] == (price{}) {
			return fmt.Errorf("spec: company: no price of model %q", model)
		}
	}
	return nil
}
