package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/tsdb"
)

const (
	hourMs = int64(time.Hour / time.Millisecond)
	dayMs  = 24 * hourMs
	// compactEvery is rarer than Prometheus compacts, because each time writes blocks for all of the out-of-order window.
	// What is accepted does not depend on it.
	compactEvery = dayMs
)

// store is Prometheus' storage in a temporary folder, and its query engine.
type store struct {
	ctx       context.Context
	directory string
	db        *tsdb.DB
	engine    *promql.Engine
	parser    parser.Parser
	compacted int64
}

func openStore(ctx context.Context, outOfOrderMs int64) (*store, error) {
	directory, err := os.MkdirTemp("", "rule-simulation-")
	if err != nil {
		return nil, err
	}
	options := tsdb.DefaultOptions()
	options.RetentionDuration = 100 * 365 * dayMs
	options.MaxBlockDuration = 31 * dayMs
	// Files are allocated at this size.
	options.MaxBlockChunkSegmentSize = 8 << 20
	options.OutOfOrderTimeWindow = outOfOrderMs
	options.NoLockfile = true
	// Nothing is read back from a log. The storage's own clock must not compact either: simulated time does.
	options.WALSegmentSize = -1
	options.BlockReloadInterval = 24 * time.Hour
	db, err := tsdb.Open(directory, promslog.NewNopLogger(), nil, options, nil)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(directory))
	}
	db.DisableCompactions()
	// As Prometheus sets them, but for the timeout: the machine may be busy.
	parse := parser.NewParser(parser.Options{})
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples:               50_000_000,
		Timeout:                  time.Hour,
		LookbackDelta:            5 * time.Minute,
		NoStepSubqueryIntervalFn: func(int64) int64 { return evaluationInterval.Milliseconds() },
		EnableAtModifier:         true,
		EnableNegativeOffset:     true,
		Parser:                   parse,
	})
	return &store{ctx: ctx, directory: directory, db: db, engine: engine, parser: parse}, nil
}

func (s *store) close() error {
	return errors.Join(s.engine.Close(), s.db.Close(), os.RemoveAll(s.directory))
}

// advance does at an instant what Prometheus does from time to time.
func (s *store) advance(ms int64) error {
	period := ms / compactEvery
	if period == s.compacted {
		return nil
	}
	s.compacted = period
	return s.db.Compact(s.ctx)
}

// add stores samples that arrive in one request.
func (s *store) add(samples []sample) error {
	appender := s.db.Appender(s.ctx)
	for _, one := range samples {
		if _, err := appender.Append(0, one.Labels, one.TimeMs, *one.Value); err != nil {
			return fmt.Errorf("the storage refuses %v of %d, which arrives at %d: %w", one.Labels, one.TimeMs, one.ArrivesMs, err)
		}
	}
	return appender.Commit()
}

// point is an instant in seconds and a number as text, like in Prometheus' API.
type point [2]any

type valueOfSeries struct {
	Metric labels.Labels `json:"metric"`
	Value  point         `json:"value"`
}

type valuesOfSeries struct {
	Metric labels.Labels `json:"metric"`
	Values []point       `json:"values"`
}

// vector asks a query whose answer has one value for each series.
func (s *store) vector(asked query) ([]valueOfSeries, error) {
	found := []valueOfSeries{}
	err := s.ask(asked, func(value parser.Value) error {
		switch value := value.(type) {
		case promql.Scalar:
			found = append(found, valueOfSeries{Value: pointOf(value.T, value.V)})
		case promql.Vector:
			for _, one := range value {
				if one.H != nil {
					return errors.New("expected numbers; found a histogram")
				}
				found = append(found, valueOfSeries{one.Metric, pointOf(one.T, one.F)})
			}
		default:
			return fmt.Errorf("expected a vector; found a %s", value.Type())
		}
		return nil
	})
	return found, err
}

// matrix asks for the stored samples of a range selector.
func (s *store) matrix(asked query) ([]valuesOfSeries, error) {
	found := []valuesOfSeries{}
	err := s.ask(asked, func(value parser.Value) error {
		series, ok := value.(promql.Matrix)
		if !ok {
			return fmt.Errorf("expected a range vector; found a %s", value.Type())
		}
		for _, one := range series {
			if len(one.Histograms) > 0 {
				return errors.New("expected numbers; found a histogram")
			}
			points := make([]point, 0, len(one.Floats))
			for _, float := range one.Floats {
				points = append(points, pointOf(float.T, float.F))
			}
			found = append(found, valuesOfSeries{one.Metric, points})
		}
		return nil
	})
	return found, err
}

// ask hands the value over: it belongs to the query.
func (s *store) ask(asked query, use func(parser.Value) error) error {
	run, err := s.engine.NewInstantQuery(s.ctx, s.db, nil, asked.Query, time.UnixMilli(asked.TimeMs))
	if err != nil {
		return err
	}
	defer run.Close()
	result := run.Exec(s.ctx)
	if result.Err != nil {
		return result.Err
	}
	return use(result.Value)
}

func pointOf(ms int64, value float64) point {
	return point{float64(ms) / 1000, strconv.FormatFloat(value, 'f', -1, 64)}
}
