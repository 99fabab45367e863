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

// kind tells what an object is, in the store and in messages.
type kind string

const (
	folder            kind = "folder"
	folderPermissions kind = "folder permissions" // By the folder's uid.
	team              kind = "team"               // By id.
	dataSource        kind = "data source"
	dashboard         kind = "dashboard"
	contactPoint      kind = "contact point"
	muteTiming        kind = "mute timing" // By name.
	ruleGroup         kind = "rule group"  // By folder and title.
)

// store holds everything, objects by kind and uid, in memory and in one file of the data folder.
type store struct {
	mutex sync.Mutex
	file  string

	Admin   admin                      `json:"admin"`
	LastID  int                        `json:"lastId"`
	Objects map[kind]map[string]object `json:"objects"`
	Policy  object                     `json:"policy"`
}

// openStore reads what an earlier process stored in folder, or starts empty. It fails if folder cannot be written.
func openStore(folder string, first admin) (*store, error) {
	s := &store{
		file:    filepath.Join(folder, "grafana-stand-in.json"),
		Admin:   first,
		Objects: map[kind]map[string]object{},
		Policy:  defaultPolicy(),
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

func (s *store) put(what kind, uid string, stored object) {
	if s.Objects[what] == nil {
		s.Objects[what] = map[string]object{}
	}
	s.Objects[what][uid] = stored
}
