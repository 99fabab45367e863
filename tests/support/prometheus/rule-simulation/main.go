// Evaluates recording rules with Prometheus' own code and storage in simulated time. Reads a scenario from the JSON file
// that its argument names, and writes the answers as JSON to stdout.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

// answer is the output.
type answer struct {
	// Results has an entry for each query.
	Results [][]valueOfSeries `json:"results"`
	// Ranges has an entry for each range query.
	Ranges [][]valuesOfSeries `json:"ranges"`
	// Evaluations counts evaluations of groups, cut ones included.
	Evaluations int       `json:"evaluations"`
	Refused     []refusal `json:"refused"`
}

func main() {
	// Most of what is allocated lives as long as one query.
	debug.SetGCPercent(200)
	if err := simulate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rule-simulation:", err)
		os.Exit(1)
	}
}

func simulate(arguments []string) (failure error) {
	if len(arguments) != 1 {
		return errors.New("expected one argument, the scenario's file")
	}
	given, err := readScenario(arguments[0])
	if err != nil {
		return err
	}
	ctx := context.Background()
	stored, err := openStore(ctx, given.OutOfOrderTimeWindowSeconds*1000)
	if err != nil {
		return err
	}
	defer func() { failure = errors.Join(failure, stored.close()) }()
	run := newSimulation(ctx, given, stored)
	if err := run.toEnd(); err != nil {
		return err
	}
	result := answer{Evaluations: run.evaluator.evaluations, Refused: run.evaluator.refused}
	if result.Results, err = askAll(given.Queries, stored.vector); err != nil {
		return err
	}
	if result.Ranges, err = askAll(given.Ranges, stored.matrix); err != nil {
		return err
	}
	output := bufio.NewWriter(os.Stdout)
	if err := json.NewEncoder(output).Encode(result); err != nil {
		return err
	}
	return output.Flush()
}

func askAll[T any](queries []query, ask func(query) ([]T, error)) ([][]T, error) {
	answers := make([][]T, 0, len(queries))
	for _, one := range queries {
		found, err := ask(one)
		if err != nil {
			return nil, fmt.Errorf("query %s at %d: %w", one.Query, one.TimeMs, err)
		}
		answers = append(answers, found)
	}
	return answers, nil
}
