package store

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestParseDSN(t *testing.T) {
	wd, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_DATA_HOME", "/data")
	for _, c := range []struct {
		name, dsn string
		want      location
	}{
		{"default directory", "", location{dir: "/data/markwatch", database: "markwatch"}},
		{"relative directory", "marks", location{dir: filepath.Join(wd, "marks"), database: "markwatch"}},
		{"http", "http://host/db", location{addr: "host:8123", database: "db"}},
		{"clickhouse is http", "clickhouse://host", location{addr: "host:8123", database: "markwatch"}},
		{"https with user", "https://u:p%40ss@host:9/db/", location{addr: "host:9", tls: true, user: "u", password: "p@ss", database: "db"}},
		{"https port", "https://host", location{addr: "host:8443", tls: true, database: "markwatch"}},
		{"IPv6", "http://[::1]/db", location{addr: "[::1]:8123", database: "db"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseDSN(c.dsn)
			if err != nil || got != c.want {
				t.Errorf("parseDSN(%q) = %+v, %v; want %+v", c.dsn, got, err, c.want)
			}
		})
	}
	for _, dsn := range []string{"tcp://host:9000", "http://", "http://host/a/b", "http://host/db?x=1", "http://u:secret@ho st/db"} {
		if got, err := parseDSN(dsn); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("parseDSN(%q) = %+v, %v; want an error without the password", dsn, got, err)
		}
	}
}
