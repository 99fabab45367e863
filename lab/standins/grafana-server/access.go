package main

import (
	"net/http"
	"strconv"
)

// Teams, and who may do what in a folder.
const (
	teamPath             = "/api/teams/{uid}"
	folderPermissionPath = "/api/access-control/folders/{uid}"
)

// Grafana knows three levels; an empty one takes a permission away.
var folderLevels = map[string]bool{"": true, "View": true, "Edit": true, "Admin": true}

func createTeam(s *store, _ string, body object) (any, error) {
	name := text(body, "name")
	if name == "" {
		return nil, bad("a team needs a name")
	}
	for _, stored := range s.Teams {
		if stored["name"] == name {
			return nil, conflict("Team name taken")
		}
	}
	id := s.nextID()
	s.Teams[strconv.Itoa(id)] = object{"id": id, "uid": uidOf(object{}), "orgId": 1, "name": name}
	return object{"message": "Team created", "teamId": id, "uid": s.Teams[strconv.Itoa(id)]["uid"]}, nil
}

func getTeam(s *store, id string, _ object) (any, error) {
	if s.Teams[id] == nil {
		return nil, notFound("Team")
	}
	return s.Teams[id], nil
}

func updateTeam(s *store, id string, body object) (any, error) {
	if s.Teams[id] == nil {
		return nil, notFound("Team")
	}
	s.Teams[id]["name"] = text(body, "name")
	return object{"message": "Team updated"}, nil
}

func deleteTeam(s *store, id string, _ object) (any, error) {
	if s.Teams[id] == nil {
		return nil, notFound("Team")
	}
	delete(s.Teams, id)
	return object{"message": "Team deleted"}, nil
}

// newFolderPermissions are what Grafana gives a folder that lies in no other.
func newFolderPermissions() []any {
	return []any{
		object{"builtInRole": "Editor", "permission": "Edit", "isManaged": true},
		object{"builtInRole": "Viewer", "permission": "View", "isManaged": true},
	}
}

func getFolderPermissions(s *store, uid string, _ object) (any, error) {
	if s.Folders[uid] == nil {
		return nil, notFound("folder")
	}
	// What administrators may by their role is listed, and is nobody's to change.
	fixed := object{"builtInRole": "Admin", "permission": "Admin", "isManaged": false}
	return append([]object{fixed}, objects(s.FolderPermissions[uid]["items"])...), nil
}

// setFolderPermissions changes the permissions of those that it is told of, and leaves the others.
func setFolderPermissions(s *store, uid string, body object) (any, error) {
	if s.Folders[uid] == nil {
		return nil, notFound("folder")
	}
	kept := objects(s.FolderPermissions[uid]["items"])
	for _, change := range objects(body["permissions"]) {
		role, team, level := text(change, "builtInRole"), number(change["teamId"]), text(change, "permission")
		if !folderLevels[level] || (role == "") == (team == 0) {
			return nil, refusal{http.StatusBadRequest, "expected a role or a team, and a permission: " + level}
		}
		if team != 0 && level != "" && s.Teams[strconv.Itoa(team)] == nil {
			return nil, bad("team not found")
		}
		kept = without(kept, role, team)
		if level != "" {
			kept = append(kept, object{"builtInRole": role, "teamId": team, "permission": level, "isManaged": true})
		}
	}
	items := make([]any, len(kept))
	for index, item := range kept {
		items[index] = item
	}
	s.FolderPermissions[uid] = object{"items": items}
	return object{"message": "Permissions updated"}, nil
}

func without(items []object, role string, team int) []object {
	kept := []object{}
	for _, item := range items {
		if text(item, "builtInRole") != role || number(item["teamId"]) != team {
			kept = append(kept, item)
		}
	}
	return kept
}
