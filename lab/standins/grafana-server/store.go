package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

type object = map[string]any

// admin is kept from the first start on: like the real server, a later change of the environment changes nothing.
type admin struct {
	User           string `json:"user"`
	PasswordSHA256 []byte `json:"passwordSha256"`
}

func (a *admin) setPassword(password string) {
	sum := sha256.Sum256([]byte(password))
	a.PasswordSHA256 = sum[:]
}

func (a *admin) is(user, password string) bool {
	sum := sha256.Sum256([]byte(password))
	return user == a.User && subtle.ConstantTimeCompare(sum[:], a.PasswordSHA256) == 1
}

// store holds everything by uid, in memory and in one file of the data folder.
type store struct {
	mutex sync.Mutex
	file  string

	Admin       admin             `json:"admin"`
	LastID      int               `json:"lastId"`
	Folders     map[string]object `json:"folders"`
	DataSources map[string]object `json:"dataSources"`
	Dashboards  map[string]object `json:"dashboards"`
	// By id.
	Teams map[string]object `json:"teams"`
	// By the folder's uid.
	FolderPermissions map[string]object `json:"folderPermissions"`

	// Alerting: contact points by uid, mute timings by name, rule groups by folder and title.
	ContactPoints map[string]object `json:"contactPoints"`
	MuteTimings   map[string]object `json:"muteTimings"`
	RuleGroups    map[string]object `json:"ruleGroups"`
	Policy        object            `json:"policy"`
}

// openStore reads what an earlier process stored in folder, or starts empty. It fails if folder cannot be written.
func openStore(folder string, first admin) (*store, error) {
	s := &store{
		file:        filepath.Join(folder, "grafana-stand-in.json"),
		Admin:       first,
		Folders:     map[string]object{},
		DataSources: map[string]object{},
		Dashboards:  map[string]object{},
		Teams:       map[string]object{},

		FolderPermissions: map[string]object{},

		ContactPoints: map[string]object{},
		MuteTimings:   map[string]object{},
		RuleGroups:    map[string]object{},
		Policy:        defaultPolicy(),
	}
	content, err := os.ReadFile(s.file)
	if err == nil {
		if err := json.Unmarshal(content, s); err != nil {
			return nil, fmt.Errorf("%s: expected what this program wrote: %w", s.file, err)
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err := s.save(); err != nil {
		return nil, fmt.Errorf("GF_PATHS_DATA='%s' is not writable: %w", folder, err)
	}
	return s, nil
}

// save replaces the file in one step, so that a killed process leaves the old content or the new.
func (s *store) save() error {
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	unfinished := s.file + ".new"
	if err := os.WriteFile(unfinished, content, 0o600); err != nil {
		return err
	}
	return os.Rename(unfinished, s.file)
}

func (s *store) nextID() int {
	s.LastID++
	return s.LastID
}
