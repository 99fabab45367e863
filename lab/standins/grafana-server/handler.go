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

func notFound(what string) error { return refusal{http.StatusNotFound, what + " not found"} }

// operation answers one authenticated request. It runs with the store locked; body is nil for requests without one.
type operation func(s *store, uid string, body object) (any, error)

var operations = map[string]operation{
	"GET /api/folders":                       func(s *store, _ string, _ object) (any, error) { return list(s.Folders), nil },
	"POST /api/folders":                      createFolder,
	"GET /api/folders/{uid}":                 getFolder,
	"PUT /api/folders/{uid}":                 updateFolder,
	"DELETE /api/folders/{uid}":              deleteFolder,
	"GET " + folderPermissionPath:            getFolderPermissions,
	"POST " + folderPermissionPath:           setFolderPermissions,
	"POST /api/teams":                        createTeam,
	"GET " + teamPath:                        getTeam,
	"PUT " + teamPath:                        updateTeam,
	"DELETE " + teamPath:                     deleteTeam,
	"GET /api/datasources":                   listDataSources,
	"POST /api/datasources":                  createDataSource,
	"GET /api/datasources/uid/{uid}":         getDataSource,
	"PUT /api/datasources/uid/{uid}":         updateDataSource,
	"DELETE /api/datasources/uid/{uid}":      deleteDataSource,
	"POST /api/dashboards/db":                saveDashboard,
	"GET /api/dashboards/uid/{uid}":          getDashboard,
	"DELETE /api/dashboards/uid/{uid}":       deleteDashboard,
	"GET " + contactPointsPath:               listContactPoints,
	"POST " + contactPointsPath:              createContactPoint,
	"PUT " + contactPointsPath + "/{uid}":    updateContactPoint,
	"DELETE " + contactPointsPath + "/{uid}": deleteContactPoint,
	"POST " + muteTimingsPath:                createMuteTiming,
	"GET " + muteTimingsPath + "/{uid}":      getMuteTiming,
	"PUT " + muteTimingsPath + "/{uid}":      updateMuteTiming,
	"DELETE " + muteTimingsPath + "/{uid}":   deleteMuteTiming,
	"GET " + policiesPath:                    func(s *store, _ string, _ object) (any, error) { return s.Policy, nil },
	"PUT " + policiesPath:                    setPolicy,
	"DELETE " + policiesPath:                 resetPolicy,
	"GET " + ruleGroupPath:                   getRuleGroup,
	"PUT " + ruleGroupPath:                   setRuleGroup,
	"DELETE " + ruleGroupPath:                deleteRuleGroup,
	"/api/": func(*store, string, object) (any, error) {
		return nil, refusal{http.StatusNotFound, "not part of this stand-in for Grafana's server"}
	},
}

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
		return nil, refusal{http.StatusBadRequest, "bad request data: " + err.Error()}
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
	gauge("grafana_stat_totals_folder", "", "Folders stored.", len(s.Folders))
	gauge("grafana_stat_totals_rule_groups", "", "Rule groups stored.", len(s.RuleGroups))
	gauge("grafana_stat_totals_dashboard", "", "Dashboards stored.", len(s.Dashboards))
}

func list(objects map[string]object) []object {
	found := make([]object, 0, len(objects))
	for _, uid := range slices.Sorted(maps.Keys(objects)) {
		found = append(found, objects[uid])
	}
	return found
}
