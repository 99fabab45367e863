package main

import (
	"slices"
	"strings"
)

var (
	noDataStates = []string{"OK", "NoData", "Alerting", "KeepLast"}
	errorStates  = []string{"OK", "Error", "Alerting", "KeepLast"}
)

func setRuleGroup(s *store, key string, body object) (any, error) {
	folderUID, title, _ := strings.Cut(key, "/")
	if s.Objects[folder][folderUID] == nil {
		return nil, bad("folder not found: " + folderUID)
	}
	if interval := number(body["interval"]); interval <= 0 || interval%10 != 0 {
		return nil, bad("interval should be non-zero and divided exactly by scheduler interval: 10s")
	}
	rules := objects(body["rules"])
	for index, rule := range rules {
		if problem := ruleProblem(rule); problem != "" {
			return nil, bad("invalid alert rule '" + text(rule, "title") + "': " + problem)
		}
		if settings, ok := rule["notification_settings"].(object); ok {
			if err := s.checkRoute(settings); err != nil {
				return nil, err
			}
		}
		for _, other := range append(s.otherRules(key), rules[:index]...) {
			if other["uid"] == rule["uid"] || other["folder"] == folderUID && other["title"] == rule["title"] {
				return nil, conflict("a rule with the same uid, or the same title in this folder, exists: " + text(rule, "title"))
			}
		}
		rule["folder"] = folderUID
	}
	body["title"], body["folderUid"] = title, folderUID
	s.put(ruleGroup, key, body)
	return body, nil
}

// otherRules are those of all groups but one.
func (s *store) otherRules(key string) []object {
	var found []object
	for other, group := range s.Objects[ruleGroup] {
		if other != key {
			found = append(found, objects(group["rules"])...)
		}
	}
	return found
}

// ruleProblem says why Grafana would refuse a rule.
func ruleProblem(rule object) string {
	annotations, _ := rule["annotations"].(object)
	_, hasDashboard := annotations["__dashboardUid__"]
	_, hasPanel := annotations["__panelId__"]
	evals, hasEvals := rule["missingSeriesEvalsToResolve"]
	switch {
	case text(rule, "uid") == "" || len(text(rule, "uid")) > 40:
		return "expected a uid of 1 to 40 characters"
	case text(rule, "title") == "":
		return "title is empty"
	case !slices.Contains(noDataStates, text(rule, "noDataState")):
		return "unknown no data state " + text(rule, "noDataState")
	case !slices.Contains(errorStates, text(rule, "execErrState")):
		return "unknown execution error state " + text(rule, "execErrState")
	case text(rule, "for") != "" && !duration.MatchString(text(rule, "for")):
		return "not a valid duration string: " + text(rule, "for")
	case text(rule, "keep_firing_for") != "" && !duration.MatchString(text(rule, "keep_firing_for")):
		return "not a valid duration string: " + text(rule, "keep_firing_for")
	case hasEvals && number(evals) <= 0:
		return "field `missing_series_evals_to_resolve` must be greater than 0"
	case hasDashboard != hasPanel:
		return "both annotations __dashboardUid__ and __panelId__ must be specified"
	}
	return stagesProblem(rule)
}

func stagesProblem(rule object) string {
	stages := map[string]bool{}
	for _, stage := range objects(rule["data"]) {
		timeRange, hasRange := stage["relativeTimeRange"].(object)
		model, hasModel := stage["model"].(object)
		if !hasRange || number(timeRange["from"]) < number(timeRange["to"]) {
			return "invalid relative time range of " + text(stage, "refId")
		}
		if !hasModel || text(stage, "datasourceUid") == "" || model["refId"] != stage["refId"] {
			return "a stage needs a data source, and a model with its refId"
		}
		if text(stage, "datasourceUid") == "__expr__" && !stages[text(model, "expression")] {
			return "expression " + text(stage, "refId") + " asks for a stage that is not before it"
		}
		stages[text(stage, "refId")] = true
	}
	if !stages[text(rule, "condition")] {
		return "condition " + text(rule, "condition") + " does not exist, must be one of the stages"
	}
	return ""
}
