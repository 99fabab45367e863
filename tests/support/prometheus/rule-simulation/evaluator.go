package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
)

// evaluationInterval is Prometheus' default, for groups that have none.
const evaluationInterval = time.Minute

// evaluator does what Prometheus' rule manager does, but for the waiting: its callers tell the time. Instants are
// nanoseconds since 1970.
type evaluator struct {
	ctx          context.Context
	manager      *rules.Manager
	options      *rules.ManagerOptions
	contents     map[string]string
	limit        *ruleLimit
	allowRefused bool
	// Sorted by file and name.
	groups      []*runningGroup
	removed     []removedGroup
	evaluations int
	refused     []refusal
}

type runningGroup struct {
	*rules.Group
	next int64
}

// removedGroup is no longer configured. Its series are marked stale, as of its end, two intervals later.
type removedGroup struct {
	*rules.Group
	end, markAt int64
}

// refusal is a rule's result, or part of it, that the storage did not take. Prometheus only logs that.
type refusal struct {
	File   string `json:"file"`
	Group  string `json:"group"`
	Rule   string `json:"rule"`
	TimeMs int64  `json:"timeMs"`
	Error  string `json:"error"`
}

func newEvaluator(ctx context.Context, stored *store, allowRefused bool) *evaluator {
	e := &evaluator{ctx: ctx, limit: &ruleLimit{}, allowRefused: allowRefused, refused: []refusal{}}
	e.options = &rules.ManagerOptions{
		NameValidationScheme:      model.UTF8Validation,
		QueryFunc:                 rules.EngineQueryFunc(stored.engine, stored.db),
		NotifyFunc:                func(context.Context, string, ...*rules.Alert) {},
		Context:                   ctx,
		AppendableV2:              stored.db,
		Queryable:                 stored.db,
		Logger:                    promslog.NewNopLogger(),
		GroupLoader:               contentLoader{e, stored.parser},
		RuleConcurrencyController: e.limit,
		Parser:                    stored.parser,
	}
	e.manager = rules.NewManager(e.options)
	return e
}

// contentLoader reads rules files of the scenario, not of the disk.
type contentLoader struct {
	*evaluator
	parser.Parser
}

func (l contentLoader) Load(file string, ignoreUnknown bool, scheme model.ValidationScheme) (*rulefmt.RuleGroups, []error) {
	groups, errs := rulefmt.Parse([]byte(l.contents[file]), ignoreUnknown, scheme, l.Parser, promslog.NewNopLogger())
	for i := range errs {
		errs[i] = fmt.Errorf("%s: %w", file, errs[i])
	}
	return groups, errs
}

func (l contentLoader) Parse(query string) (parser.Expr, error) { return l.ParseExpr(query) }

// ruleLimit evaluates rules one after the other, like Prometheus by default, but may stop after the first ones.
type ruleLimit struct{ first *int }

func (l *ruleLimit) SplitGroupIntoBatches(_ context.Context, group *rules.Group) []rules.ConcurrentRules {
	if l.first == nil {
		return nil
	}
	batch := make(rules.ConcurrentRules, *l.first)
	for i := range batch {
		batch[i] = i
	}
	return []rules.ConcurrentRules{batch}
}

func (*ruleLimit) Allow(context.Context, *rules.Group, rules.Rule) bool { return false }

func (*ruleLimit) Done(context.Context) {}

// kill forgets all that Prometheus has in memory.
func (e *evaluator) kill() { e.groups, e.removed = nil, nil }

// configure makes the evaluator use these rules files from now on, like rules.Manager.Update.
func (e *evaluator) configure(now int64, contents map[string]string) error {
	e.contents = contents
	files := slices.Sorted(maps.Keys(contents))
	loaded, errs := e.manager.LoadGroups(evaluationInterval, labels.EmptyLabels(), "", nil, false, files...)
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	old := make(map[string]*runningGroup)
	for _, group := range e.groups {
		old[rules.GroupKey(group.File(), group.Name())] = group
	}
	e.groups = nil
	for _, key := range slices.Sorted(maps.Keys(loaded)) {
		group, before := loaded[key], old[key]
		delete(old, key)
		switch {
		case before != nil && before.Equals(group):
			e.groups = append(e.groups, before)
			continue
		case before != nil:
			group.CopyState(before.Group)
		}
		// A group waits for the first of its instants that is after its start.
		first := group.EvalTimestamp(now).Add(group.Interval())
		e.groups = append(e.groups, &runningGroup{group, first.UnixNano()})
	}
	for _, key := range slices.Sorted(maps.Keys(old)) {
		e.remove(now, old[key].Group)
	}
	return nil
}

// remove makes the series of a group stale later. A group without rules that inherits from it has nothing else to do.
func (e *evaluator) remove(now int64, group *rules.Group) {
	offset := group.QueryOffset()
	heir := rules.NewGroup(rules.GroupOptions{
		Name: group.Name(), File: group.File(), Interval: group.Interval(), Opts: e.options, QueryOffset: &offset,
	})
	heir.CopyState(group)
	e.removed = append(e.removed, removedGroup{heir, now, now + 2*group.Interval().Nanoseconds()})
}

// nextEvaluation is the group whose instant comes first, or nil.
func (e *evaluator) nextEvaluation() *runningGroup {
	var first *runningGroup
	for _, group := range e.groups {
		if first == nil || group.next < first.next {
			first = group
		}
	}
	return first
}

// nextMark is the position of the group whose series are marked stale first, or -1.
func (e *evaluator) nextMark() int {
	first := -1
	for i, group := range e.removed {
		if first < 0 || group.markAt < e.removed[first].markAt {
			first = i
		}
	}
	return first
}

func (e *evaluator) mark(i int) {
	group := e.removed[i]
	e.removed = slices.Delete(e.removed, i, i+1)
	group.Eval(e.ctx, time.Unix(0, group.end).UTC())
}

// evaluate evaluates a group at its instant.
func (e *evaluator) evaluate(group *runningGroup) error {
	return e.evaluateFirst(group, len(group.Rules()))
}

// evaluateFirst evaluates only the first rules of a group at its instant.
func (e *evaluator) evaluateFirst(group *runningGroup, count int) error {
	evaluated := group.Rules()
	if count < len(evaluated) {
		evaluated = evaluated[:count]
		e.limit.first = &count
		defer func() { e.limit.first = nil }()
	}
	at := time.Unix(0, group.next).UTC()
	group.next += group.Interval().Nanoseconds()
	e.evaluations++
	group.Eval(e.ctx, at)
	for _, rule := range evaluated {
		if rule.Health() != rules.HealthBad {
			continue
		}
		err := rule.LastError()
		if !e.allowRefused || !isRefusal(err) {
			return fmt.Errorf("rule %s of group %s in %s at %d: %w", rule.Name(), group.Name(), group.File(), at.UnixMilli(), err)
		}
		e.refused = append(e.refused, refusal{group.File(), group.Name(), rule.Name(), at.UnixMilli(), err.Error()})
	}
	return nil
}

func isRefusal(err error) bool {
	return errors.Is(err, storage.ErrOutOfOrderSample) || errors.Is(err, storage.ErrTooOldSample) ||
		errors.Is(err, storage.ErrDuplicateSampleForTimestamp)
}
