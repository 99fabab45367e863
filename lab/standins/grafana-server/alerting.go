package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	// The image holds nothing but this program.
	_ "time/tzdata"
)

// Grafana's provisioning API for alerting.
const (
	provisioningPath  = "/api/v1/provisioning"
	contactPointsPath = provisioningPath + "/contact-points"
	muteTimingsPath   = provisioningPath + "/mute-timings"
	policiesPath      = provisioningPath + "/policies"
	ruleGroupPath     = provisioningPath + "/folder/{folder}/rule-groups/{uid}"
)

const defaultReceiver = "grafana-default-email"

var (
	clock    = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$|^24:00$`)
	duration = regexp.MustCompile(`^(\d+[ywdhms])+$`)
	weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	// Settings without which a way of a contact point cannot work; those but addresses are secrets.
	required = map[string]string{
		"email": "addresses", "slack": "url", "teams": "url", "webhook": "url",
		"pagerduty": "integrationKey", "opsgenie": "apiKey",
	}
)

func defaultPolicy() object {
	return object{"receiver": defaultReceiver, "group_by": []any{"grafana_folder", "alertname"}}
}

func createContactPoint(s *store, _ string, body object) (any, error) {
	uid := uidOf(body)
	if s.Objects[contactPoint][uid] != nil {
		return nil, conflict("a contact point with this uid exists")
	}
	return storeContactPoint(s, uid, body)
}

func storeContactPoint(s *store, uid string, body object) (any, error) {
	setting, known := required[text(body, "type")]
	settings, _ := body["settings"].(object)
	if text(body, "name") == "" || !known || text(settings, setting) == "" {
		return nil, bad("a contact point needs a name, a type and its settings: " + text(body, "type") + " " + setting)
	}
	body["uid"] = uid
	s.put(contactPoint, uid, body)
	return redacted(body), nil
}

func deleteContactPoint(s *store, uid string, _ object) (any, error) {
	name := text(s.Objects[contactPoint][uid], "name")
	others := 0
	for other, stored := range s.Objects[contactPoint] {
		if other != uid && stored["name"] == name {
			others++
		}
	}
	if others == 0 && name != "" && s.uses("receiver", name) {
		return nil, conflict("contact point is currently used by a notification policy or an alert rule")
	}
	return remove(contactPoint)(s, uid, nil)
}

func redacted(stored object) object {
	shown := maps.Clone(stored)
	settings, _ := stored["settings"].(object)
	settings = maps.Clone(settings)
	if setting := required[text(stored, "type")]; setting != "addresses" {
		settings[setting] = "[REDACTED]"
	}
	shown["settings"] = settings
	return shown
}

func createMuteTiming(s *store, _ string, body object) (any, error) {
	if s.Objects[muteTiming][text(body, "name")] != nil {
		return nil, conflict("a mute timing with this name exists")
	}
	return storeMuteTiming(s, text(body, "name"), body)
}

func storeMuteTiming(s *store, name string, body object) (any, error) {
	if name == "" {
		return nil, bad("missing name")
	}
	for _, interval := range objects(body["time_intervals"]) {
		for _, day := range texts(interval["weekdays"]) {
			first, last, isRange := strings.Cut(day, ":")
			begin, end := slices.Index(weekdays, first), slices.Index(weekdays, last)
			if begin < 0 || isRange && end < begin {
				return nil, bad("invalid weekday: " + day)
			}
		}
		for _, span := range objects(interval["times"]) {
			start, end := text(span, "start_time"), text(span, "end_time")
			if !clock.MatchString(start) || !clock.MatchString(end) || end <= start {
				return nil, bad("invalid time range: " + start + " to " + end)
			}
		}
		if _, err := time.LoadLocation(text(interval, "location")); err != nil {
			return nil, bad(err.Error())
		}
	}
	s.put(muteTiming, name, body)
	return body, nil
}

func deleteMuteTiming(s *store, name string, _ object) (any, error) {
	if s.uses("mute_time_intervals", name) {
		return nil, conflict("time interval is used by a notification policy or an alert rule")
	}
	return remove(muteTiming)(s, name, nil)
}

func setPolicy(s *store, _ string, body object) (any, error) {
	if text(body, "receiver") == "" || len(texts(body["group_by"])) == 0 || len(texts(body["mute_time_intervals"])) > 0 {
		return nil, bad("root route must specify a receiver and group_by, and cannot be muted")
	}
	if err := s.checkRoute(body); err != nil {
		return nil, err
	}
	s.Policy = body
	return message("policies updated")
}

func resetPolicy(s *store, _ string, _ object) (any, error) {
	s.Policy = defaultPolicy()
	return s.Policy, nil
}

// checkRoute refuses a policy, or a rule's settings, that refer to what is not there.
func (s *store) checkRoute(route object) error {
	receiver := text(route, "receiver")
	known := receiver == "" || receiver == defaultReceiver
	for _, stored := range s.Objects[contactPoint] {
		known = known || stored["name"] == receiver
	}
	if !known {
		return bad("receiver '" + receiver + "' does not exist")
	}
	for _, name := range texts(route["mute_time_intervals"]) {
		if s.Objects[muteTiming][name] == nil {
			return bad("time interval '" + name + "' does not exist")
		}
	}
	for _, name := range []string{"group_wait", "group_interval", "repeat_interval"} {
		if value := text(route, name); value != "" && !duration.MatchString(value) {
			return bad("not a valid duration string: " + value)
		}
	}
	for _, nested := range objects(route["routes"]) {
		if err := s.checkRoute(nested); err != nil {
			return err
		}
	}
	return nil
}

// uses tells whether the policy or a rule refers to a contact point or a mute timing.
func (s *store) uses(property, name string) bool {
	routes := []object{s.Policy}
	for _, group := range s.Objects[ruleGroup] {
		for _, rule := range objects(group["rules"]) {
			settings, _ := rule["notification_settings"].(object)
			routes = append(routes, settings)
		}
	}
	for len(routes) > 0 {
		route := routes[0]
		routes = append(routes[1:], objects(route["routes"])...)
		if route[property] == name || slices.Contains(texts(route[property]), name) {
			return true
		}
	}
	return false
}
