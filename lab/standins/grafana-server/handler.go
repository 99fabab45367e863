package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"slices"
)

const largestBody = 16 << 20

// refusal is an answer other than 200, with the message that the real server's clients show.
type refusal struct {
	status  int
	message string
}

func (r refusal) Error() string { return r.message }

func bad(message string) error { return refusal{http.StatusBadRequest, message} }

func conflict(message string) error { return refusal{http.StatusConflict, message} }

func notFound(what kind) error { return refusal{http.StatusNotFound, string(what) + " not found"} }

// operation answers one authenticated request. It runs with the store locked; body is nil for requests without one.
type operation func(s *store, uid string, body object) (any, error)

var operations = map[string]operation{
	"GET /api/folders":             list(folder, whole),
	"POST /api/folders":            createFolder,
	"GET /api/folders/{uid}":       get(folder, whole),
	"PUT /api/folders/{uid}":       existing(folder, updateFolder),
	"DELETE /api/folders/{uid}":    existing(folder, deleteFolder),
	"GET " + folderPermissionPath:  existing(folder, getFolderPermissions),
	"POST " + folderPermissionPath: existing(folder, setFolderPermissions),

	"POST /api/teams":         createTeam,
	"GET /api/teams/{uid}":    get(team, whole),
	"PUT /api/teams/{uid}":    existing(team, updateTeam),
	"DELETE /api/teams/{uid}": existing(team, remove(team)),

	"GET /api/datasources":              list(dataSource, withoutSecrets),
	"POST /api/datasources":             createDataSource,
	"GET /api/datasources/uid/{uid}":    get(dataSource, withoutSecrets),
	"PUT /api/datasources/uid/{uid}":    existing(dataSource, updateDataSource),
	"DELETE /api/datasources/uid/{uid}": existing(dataSource, remove(dataSource)),

	"POST /api/dashboards/db":          saveDashboard,
	"GET /api/dashboards/uid/{uid}":    get(dashboard, withMeta),
	"DELETE /api/dashboards/uid/{uid}": existing(dashboard, remove(dashboard)),

	"GET " + contactPointsPath:               list(contactPoint, redacted),
	"POST " + contactPointsPath:              createContactPoint,
	"PUT " + contactPointsPath + "/{uid}":    existing(contactPoint, storeContactPoint),
	"DELETE " + contactPointsPath + "/{uid}": deleteContactPoint,

	"POST " + muteTimingsPath:              createMuteTiming,
	"GET " + muteTimingsPath + "/{uid}":    get(muteTiming, whole),
	"PUT " + muteTimingsPath + "/{uid}":    existing(muteTiming, storeMuteTiming),
	"DELETE " + muteTimingsPath + "/{uid}": deleteMuteTiming,

	"GET " + policiesPath:    func(s *store, _ string, _ object) (any, error) { return s.Policy, nil },
	"PUT " + policiesPath:    setPolicy,
	"DELETE " + policiesPath: resetPolicy,

	"GET " + ruleGroupPath:    get(ruleGroup, whole),
	"PUT " + ruleGroupPath:    setRuleGroup,
	"DELETE " + ruleGroupPath: existing(ruleGroup, remove(ruleGroup)),

	"/api/": func(*store, string, object) (any, error) {
		return nil, refusal{http.StatusNotFound, "not part of this stand-in for Grafana's server"}
	},
}

// existing answers 404 unless there is an object of this kind.
func existing(what kind, run operation) operation {
	return func(s *store, uid string, body object) (any, error) {
		if s.Objects[what][uid] == nil {
			return nil, notFound(what)
		}
		return run(s, uid, body)
	}
}

// get answers with as much of an object as shown leaves.
func get(what kind, shown func(object) object) operation {
	return existing(what, func(s *store, uid string, _ object) (any, error) { return shown(s.Objects[what][uid]), nil })
}

func list(what kind, shown func(object) object) operation {
	return func(s *store, _ string, _ object) (any, error) {
		found := []object{}
		for _, uid := range slices.Sorted(maps.Keys(s.Objects[what])) {
			found = append(found, shown(s.Objects[what][uid]))
		}
		return found, nil
	}
}

func remove(what kind) operation {
	return func(s *store, uid string, _ object) (any, error) {
		delete(s.Objects[what], uid)
		return message(string(what) + " deleted")
	}
}

func whole(stored object) object { return stored }

func message(text string) (any, error) { return object{"message": text}, nil }

func handler(s *store) http.Handler {
	mux := http.NewServeMux()
	for pattern, run := range operations {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { answer(s, run, w, r) })
	}
	mux.HandleFunc("GET /api/health", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, object{"database": "ok", "version": "stand-in", "commit": "stand-in"})
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { metrics(s, w) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, announcement) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Stand-In", "grafana-server")
		mux.ServeHTTP(w, r)
	})
}

func answer(s *store, run operation, w http.ResponseWriter, r *http.Request) {
	result, err := perform(s, run, r)
	status := http.StatusOK
	if err != nil {
		var refused refusal
		status = http.StatusInternalServerError
		if errors.As(err, &refused) {
			status = refused.status
		}
		result, _ = json.Marshal(object{"message": err.Error()})
	}
	if r.Method != http.MethodGet || status >= 400 {
		log.Printf("%s %s %d", r.Method, r.URL.Path, status)
	}
	write(w, status, result)
}

// perform gives the answer as JSON, because the store's objects may change once it is unlocked.
func perform(s *store, run operation, r *http.Request) (json.RawMessage, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	user, password, _ := r.BasicAuth()
	if !s.Admin.is(user, password) {
		return nil, refusal{http.StatusUnauthorized, "Invalid username or password"}
	}
	body, err := requestBody(r)
	if err != nil {
		return nil, bad("bad request data: " + err.Error())
	}
	uid := r.PathValue("uid")
	if folder := r.PathValue("folder"); folder != "" {
		uid = folder + "/" + uid
	}
	result, err := run(s, uid, body)
	if err != nil {
		return nil, err
	}
	if r.Method != http.MethodGet {
		if err := s.save(); err != nil {
			return nil, err
		}
	}
	return json.Marshal(result)
}

func requestBody(r *http.Request) (object, error) {
	if r.Method != http.MethodPost && r.Method != http.MethodPut {
		return nil, nil
	}
	body := object{}
	return body, json.NewDecoder(io.LimitReader(r.Body, largestBody)).Decode(&body)
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Printf("answer not written: %v", err)
	}
}

func metrics(s *store, w http.ResponseWriter) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	gauge := func(name, labels, help string, value int) {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n%s%s %d\n", name, help, name, name, labels, value)
	}
	gauge("grafana_build_info", `{version="stand-in",edition="stand-in"}`, "Stand-in for Grafana's server.", 1)
	gauge("grafana_stat_totals_folder", "", "Folders stored.", len(s.Objects[folder]))
	gauge("grafana_stat_totals_rule_groups", "", "Rule groups stored.", len(s.Objects[ruleGroup]))
	gauge("grafana_stat_totals_dashboard", "", "Dashboards stored.", len(s.Objects[dashboard]))
}
