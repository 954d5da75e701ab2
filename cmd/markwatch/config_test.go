package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStoreSources guards which of the places that can name the store wins,
// and that an empty one doesn't silently mean the default store.
func TestStoreSources(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := file("markwatch.yaml", "store: from-config\n")
	secret, empty := file("secret", "from-file\n"), file("empty", "\n")
	tests := []struct {
		name  string
		env   map[string]string
		store string // what it is, or
		err   string // what is wrong
	}{
		{"the configuration", nil, "from-config", ""},
		{"a variable over it", map[string]string{"MARKWATCH_STORE": "from-env"}, "from-env", ""},
		{"a file over it", map[string]string{"MARKWATCH_STORE_FILE": secret}, "from-file", ""},
		{"both", map[string]string{"MARKWATCH_STORE": "from-env", "MARKWATCH_STORE_FILE": secret}, "", "keep one"},
		{"an empty file", map[string]string{"MARKWATCH_STORE_FILE": empty}, "", "is empty"},
		{"no rate at all", map[string]string{"MARKWATCH_RATE": "NaN"}, "", "rate must be"},
		{"an endless rate", map[string]string{"MARKWATCH_RATE": "Inf"}, "", "rate must be"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := loadConfig(config, func(name string) string { return test.env[name] })
			switch {
			case test.err == "" && (err != nil || c.Store != test.store):
				t.Errorf("the store is %+v, %v; want %s", c, err, test.store)
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Errorf("the error is %v; want %q", err, test.err)
			}
		})
	}
}
