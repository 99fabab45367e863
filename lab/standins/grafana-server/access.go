package main

import (
	"slices"
	"strconv"
)

// Teams, and who may do what in a folder.
const folderPermissionPath = "/api/access-control/folders/{uid}"

// Grafana knows three levels; an empty one takes a permission away.
var folderLevels = map[string]bool{"": true, "View": true, "Edit": true, "Admin": true}

func createTeam(s *store, _ string, body object) (any, error) {
	name := text(body, "name")
	if name == "" {
		return nil, bad("a team needs a name")
	}
	for _, stored := range s.Objects[team] {
		if stored["name"] == name {
			return nil, conflict("Team name taken")
		}
	}
	id, uid := s.nextID(), uidOf(object{})
	s.put(team, strconv.Itoa(id), object{"id": id, "uid": uid, "orgId": 1, "name": name})
	return object{"message": "Team created", "teamId": id, "uid": uid}, nil
}

func updateTeam(s *store, id string, body object) (any, error) {
	s.Objects[team][id]["name"] = text(body, "name")
	return message("Team updated")
}

// newFolderPermissions are what Grafana gives a folder that lies in no other.
func newFolderPermissions() object {
	return object{"items": []any{
		object{"builtInRole": "Editor", "permission": "Edit", "isManaged": true},
		object{"builtInRole": "Viewer", "permission": "View", "isManaged": true},
	}}
}

func getFolderPermissions(s *store, uid string, _ object) (any, error) {
	// What administrators may by their role is listed, and is nobody's to change.
	fixed := object{"builtInRole": "Admin", "permission": "Admin", "isManaged": false}
	return append([]object{fixed}, objects(s.Objects[folderPermissions][uid]["items"])...), nil
}

// setFolderPermissions changes the permissions of those that it is told of, and leaves the others.
func setFolderPermissions(s *store, uid string, body object) (any, error) {
	kept := objects(s.Objects[folderPermissions][uid]["items"])
	for _, change := range objects(body["permissions"]) {
		role, member, level := text(change, "builtInRole"), number(change["teamId"]), text(change, "permission")
		if !folderLevels[level] || (role == "") == (member == 0) {
			return nil, bad("expected a role or a team, and a permission: " + level)
		}
		if member != 0 && level != "" && s.Objects[team][strconv.Itoa(member)] == nil {
			return nil, bad("team not found")
		}
		kept = slices.DeleteFunc(kept, func(item object) bool {
			return text(item, "builtInRole") == role && number(item["teamId"]) == member
		})
		if level != "" {
			kept = append(kept, object{"builtInRole": role, "teamId": member, "permission": level, "isManaged": true})
		}
	}
	items := make([]any, len(kept))
	for index, item := range kept {
		items[index] = item
	}
	s.put(folderPermissions, uid, object{"items": items})
	return message("Permissions updated")
}
