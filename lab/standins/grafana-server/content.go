package main

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
)

var notInSlug = regexp.MustCompile(`[^a-z0-9]+`)

func createFolder(s *store, _ string, body object) (any, error) {
	title, uid := text(body, "title"), uidOf(body)
	if title == "" {
		return nil, bad("folder title cannot be empty")
	}
	if s.Objects[folder][uid] != nil {
		return nil, conflict("a folder with the same uid already exists")
	}
	created := object{"id": s.nextID(), "uid": uid, "orgId": 1, "title": title, "url": folderURL(uid, title)}
	s.put(folder, uid, created)
	s.put(folderPermissions, uid, newFolderPermissions())
	return created, nil
}

func updateFolder(s *store, uid string, body object) (any, error) {
	stored := s.Objects[folder][uid]
	stored["title"], stored["url"] = text(body, "title"), folderURL(uid, text(body, "title"))
	return stored, nil
}

// deleteFolder takes the folder's permissions, dashboards and rules with it.
func deleteFolder(s *store, uid string, _ object) (any, error) {
	delete(s.Objects[folder], uid)
	delete(s.Objects[folderPermissions], uid)
	for _, what := range []kind{dashboard, ruleGroup} {
		maps.DeleteFunc(s.Objects[what], func(_ string, stored object) bool { return stored["folderUid"] == uid })
	}
	return message("Folder deleted")
}

func createDataSource(s *store, _ string, body object) (any, error) {
	uid := uidOf(body)
	if text(body, "name") == "" || text(body, "type") == "" {
		return nil, bad("a data source needs a name and a type")
	}
	for other, stored := range s.Objects[dataSource] {
		if other == uid || stored["name"] == body["name"] {
			return nil, conflict("data source with the same name or uid already exists")
		}
	}
	// The first one becomes the default whatever it asks for.
	if len(s.Objects[dataSource]) == 0 {
		body["isDefault"] = true
	}
	body["id"], body["version"] = s.nextID(), 1
	return storeDataSource(s, uid, body)
}

func updateDataSource(s *store, uid string, body object) (any, error) {
	stored := s.Objects[dataSource][uid]
	body["id"], body["version"] = stored["id"], number(stored["version"])+1
	kept := object{}
	for _, source := range []object{stored, body} {
		secrets, _ := source["secureJsonData"].(object)
		maps.Copy(kept, secrets)
	}
	body["secureJsonData"] = kept
	return storeDataSource(s, uid, body)
}

func storeDataSource(s *store, uid string, body object) (any, error) {
	if body["isDefault"] == true {
		for _, other := range s.Objects[dataSource] {
			other["isDefault"] = false
		}
	}
	body["uid"], body["orgId"], body["readOnly"] = uid, 1, false
	if body["jsonData"] == nil {
		body["jsonData"] = object{}
	}
	s.put(dataSource, uid, body)
	return object{"datasource": withoutSecrets(body), "id": body["id"], "name": body["name"], "message": "Datasource saved"}, nil
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
		return nil, bad("Dashboard title cannot be empty")
	}
	folderUID := text(body, "folderUid")
	if folderUID != "" && s.Objects[folder][folderUID] == nil {
		return nil, bad("folder not found")
	}
	uid := uidOf(model)
	if len(uid) > 40 {
		return nil, bad("uid too long, max 40 characters")
	}
	id, version := 0, 0
	if stored := s.Objects[dashboard][uid]; stored != nil {
		old := stored["dashboard"].(object)
		id, version = number(old["id"]), number(old["version"])
		if body["overwrite"] != true && number(model["version"]) != version {
			return nil, refusal{http.StatusPreconditionFailed, "The dashboard has been changed by someone else"}
		}
	} else if number(model["id"]) != 0 {
		return nil, notFound(dashboard)
	} else {
		id = s.nextID()
	}
	model["uid"], model["id"], model["version"] = uid, id, version+1
	saved := object{"folderUid": folderUID, "dashboard": model}
	s.put(dashboard, uid, saved)
	answer := metaOf(saved)
	answer["id"], answer["uid"], answer["status"] = id, uid, "success"
	return answer, nil
}

func withMeta(stored object) object {
	meta := metaOf(stored)
	meta["type"] = "db"
	return object{"meta": meta, "dashboard": stored["dashboard"]}
}

func metaOf(stored object) object {
	model := stored["dashboard"].(object)
	slug := slugOf(text(model, "title"))
	url := "/d/" + text(model, "uid") + "/" + slug
	return object{"slug": slug, "url": url, "folderUid": stored["folderUid"], "version": model["version"]}
}

func folderURL(uid, title string) string { return "/dashboards/f/" + uid + "/" + slugOf(title) }

func slugOf(title string) string {
	return strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(title), "-"), "-")
}
