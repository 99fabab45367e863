package main

import (
	"crypto/rand"
	"strings"
)

// object is one of JSON's.
type object = map[string]any

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

func objects(value any) []object { return entries[object](value) }

func texts(value any) []string { return entries[string](value) }

// entries are those of a list from JSON that have a type.
func entries[Entry any](value any) []Entry {
	listed, _ := value.([]any)
	found := make([]Entry, 0, len(listed))
	for _, entry := range listed {
		if known, ok := entry.(Entry); ok {
			found = append(found, known)
		}
	}
	return found
}

// uidOf is the object's own uid, or a new one.
func uidOf(body object) string {
	if uid := text(body, "uid"); uid != "" {
		return uid
	}
	return strings.ToLower(rand.Text()[:14])
}
