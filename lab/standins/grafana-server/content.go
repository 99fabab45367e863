package main

import (
	"crypto/rand"
	"maps"
	"net/http"
	"regexp"
	"strings"
)

var notInSlug = regexp.MustCompile(`[^a-z0-9]+`)

func createFolder(s *store, _ string, body object) (any, error) {
	title, uid := text(body, "title"), uidOf(body)
	if title == "" {
		return nil, refusal{http.StatusBadRequest, "folder title cannot be empty"}
	}
	if s.Folders[uid] != nil {
		return nil, refusal{http.StatusConflict, "a folder with the same uid already exists"}
	}
	s.Folders[uid] = object{"id": s.nextID(), "uid": uid, "orgId": 1, "title": title, "url": folderURL(uid, title)}
	s.FolderPermissions[uid] = object{"items": newFolderPermissions()}
	return s.Folders[uid], nil
}

func getFolder(s *store, uid string, _ object) (any, error) {
	if s.Folders[uid] == nil {
		return nil, notFound("folder")
	}
	return s.Folders[uid], nil
}

func updateFolder(s *store, uid string, body object) (any, error) {
	if s.Folders[uid] == nil {
		return nil, notFound("folder")
	}
	s.Folders[uid]["title"] = text(body, "title")
	s.Folders[uid]["url"] = folderURL(uid, text(body, "title"))
	return s.Folders[uid], nil
}

// deleteFolder takes the folder's permissions, dashboards and rules with it.
func deleteFolder(s *store, uid string, _ object) (any, error) {
	if s.Folders[uid] == nil {
		return nil, notFound("folder")
	}
	delete(s.Folders, uid)
	delete(s.FolderPermissions, uid)
	maps.DeleteFunc(s.Dashboards, func(_ string, stored object) bool { return stored["folderUid"] == uid })
	maps.DeleteFunc(s.RuleGroups, func(_ string, stored object) bool { return stored["folderUid"] == uid })
	return object{"message": "Folder deleted"}, nil
}

func listDataSources(s *store, _ string, _ object) (any, error) {
	found := list(s.DataSources)
	for index, stored := range found {
		found[index] = withoutSecrets(stored)
	}
	return found, nil
}

func createDataSource(s *store, _ string, body object) (any, error) {
	uid := uidOf(body)
	if text(body, "name") == "" || text(body, "type") == "" {
		return nil, refusal{http.StatusBadRequest, "a data source needs a name and a type"}
	}
	for other, stored := range s.DataSources {
		if other == uid || stored["name"] == body["name"] {
			return nil, refusal{http.StatusConflict, "data source with the same name or uid already exists"}
		}
	}
	// The first one becomes the default whatever it asks for.
	if len(s.DataSources) == 0 {
		body["isDefault"] = true
	}
	body["id"], body["version"] = s.nextID(), 1
	storeDataSource(s, uid, body)
	return dataSourceAnswer(s, uid, "Datasource added"), nil
}

func getDataSource(s *store, uid string, _ object) (any, error) {
	if s.DataSources[uid] == nil {
		return nil, notFound("data source")
	}
	return withoutSecrets(s.DataSources[uid]), nil
}

func updateDataSource(s *store, uid string, body object) (any, error) {
	stored := s.DataSources[uid]
	if stored == nil {
		return nil, notFound("data source")
	}
	body["id"], body["version"] = stored["id"], number(stored["version"])+1
	secrets, _ := stored["secureJsonData"].(object)
	kept := object{}
	maps.Copy(kept, secrets)
	changed, _ := body["secureJsonData"].(object)
	maps.Copy(kept, changed)
	body["secureJsonData"] = kept
	storeDataSource(s, uid, body)
	return dataSourceAnswer(s, uid, "Datasource updated"), nil
}

func deleteDataSource(s *store, uid string, _ object) (any, error) {
	if s.DataSources[uid] == nil {
		return nil, notFound("data source")
	}
	delete(s.DataSources, uid)
	return object{"message": "Data source deleted"}, nil
}

func storeDataSource(s *store, uid string, body object) {
	if body["isDefault"] == true {
		for _, other := range s.DataSources {
			other["isDefault"] = false
		}
	}
	body["uid"], body["orgId"], body["readOnly"] = uid, 1, false
	if body["jsonData"] == nil {
		body["jsonData"] = object{}
	}
	s.DataSources[uid] = body
}

func dataSourceAnswer(s *store, uid, message string) object {
	stored := s.DataSources[uid]
	return object{"datasource": withoutSecrets(stored), "id": stored["id"], "name": stored["name"], "message": message}
}

func withoutSecrets(stored object) object {
	shown := maps.Clone(stored)
	delete(shown, "secureJsonData")
	fields := object{}
	secrets, _ := stored["secureJsonData"].(object)
	for name := range secrets {
		fields[name] = true
	}
	shown["secureJsonFields"] = fields
	return shown
}

func saveDashboard(s *store, _ string, body object) (any, error) {
	model, ok := body["dashboard"].(object)
	if !ok || text(model, "title") == "" {
		return nil, refusal{http.StatusBadRequest, "Dashboard title cannot be empty"}
	}
	folder := text(body, "folderUid")
	if folder != "" && s.Folders[folder] == nil {
		return nil, refusal{http.StatusBadRequest, "folder not found"}
	}
	uid := uidOf(model)
	if len(uid) > 40 {
		return nil, refusal{http.StatusBadRequest, "uid too long, max 40 characters"}
	}
	id, version := 0, 0
	if stored := s.Dashboards[uid]; stored != nil {
		old := stored["dashboard"].(object)
		id, version = number(old["id"]), number(old["version"])
		if body["overwrite"] != true && number(model["version"]) != version {
			return nil, refusal{http.StatusPreconditionFailed, "The dashboard has been changed by someone else"}
		}
	} else if number(model["id"]) != 0 {
		return nil, notFound("Dashboard")
	} else {
		id = s.nextID()
	}
	model["uid"], model["id"], model["version"] = uid, id, version+1
	s.Dashboards[uid] = object{"folderUid": folder, "dashboard": model}
	slug := slugOf(text(model, "title"))
	return object{
		"id": id, "uid": uid, "slug": slug, "url": "/d/" + uid + "/" + slug,
		"folderUid": folder, "version": version + 1, "status": "success",
	}, nil
}

func getDashboard(s *store, uid string, _ object) (any, error) {
	stored := s.Dashboards[uid]
	if stored == nil {
		return nil, notFound("Dashboard")
	}
	model := stored["dashboard"].(object)
	slug := slugOf(text(model, "title"))
	meta := object{
		"type": "db", "slug": slug, "url": "/d/" + uid + "/" + slug,
		"folderUid": stored["folderUid"], "version": model["version"],
	}
	return object{"meta": meta, "dashboard": model}, nil
}

func deleteDashboard(s *store, uid string, _ object) (any, error) {
	if s.Dashboards[uid] == nil {
		return nil, notFound("Dashboard")
	}
	delete(s.Dashboards, uid)
	return object{"message": "Dashboard deleted"}, nil
}

// uidOf is the object's own uid, or a new one.
func uidOf(body object) string {
	if uid := text(body, "uid"); uid != "" {
		return uid
	}
	return strings.ToLower(rand.Text()[:14])
}

func folderURL(uid, title string) string { return "/dashboards/f/" + uid + "/" + slugOf(title) }

func slugOf(title string) string {
	return strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(title), "-"), "-")
}

func text(body object, key string) string {
	value, _ := body[key].(string)
	return value
}

// number reads what this process stored (int) or what it read from JSON (float64).
func number(value any) int {
	switch known := value.(type) {
	case int:
		return known
	case float64:
		return int(known)
	}
	return 0
}
