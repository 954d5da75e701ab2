package store

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// A location says where the store is: a ClickHouse server, or a directory for
// the engine in this process.
type location struct {
	dir      string // of the embedded engine; "" for a server
	addr     string // host:port of a server
	tls      bool
	user     string
	password string
	database string
}

// parseDSN reads --store: http://, https:// or clickhouse:// for a server,
// anything else is a directory; "" is DefaultDir.
func parseDSN(dsn string) (location, error) {
	if !strings.Contains(dsn, "://") {
		return directory(dsn)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		// url.Parse repeats the whole text, with the password in it.
		return location{}, errors.New("the store's address is not a URL: write http://user:password@host:8123/database, with special characters of the password as %xx")
	}
	loc := location{addr: u.Host, user: u.User.Username(), database: strings.Trim(u.Path, "/")}
	loc.password, _ = u.User.Password()
	port := "8123"
	switch u.Scheme {
	case "http", "clickhouse":
	case "https":
		loc.tls, port = true, "8443"
	default:
		return location{}, fmt.Errorf("the store's address begins with %s://: use http://, https:// or clickhouse:// for a server, or a directory", u.Scheme)
	}
	if u.Hostname() == "" || u.RawQuery != "" || strings.Contains(loc.database, "/") {
		return location{}, fmt.Errorf("the store's address %s must have the form http://user:password@host:8123/database", u.Redacted())
	}
	if u.Port() == "" {
		loc.addr = net.JoinHostPort(u.Hostname(), port)
	}
	if loc.database == "" {
		loc.database = "markwatch"
	}
	return loc, nil
}

func directory(dir string) (location, error) {
	if dir == "" {
		var err error
		if dir, err = DefaultDir(); err != nil {
			return location{}, err
		}
	}
	abs, err := filepath.Abs(dir)
	return location{dir: abs, database: "markwatch"}, err
}

// DefaultDir is where the embedded store is when none is named:
// $XDG_DATA_HOME/markwatch, else ~/.local/share/markwatch.
func DefaultDir() (string, error) {
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "markwatch"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("finding a place for the store: %w; name one with --store", err)
	}
	return filepath.Join(home, ".local", "share", "markwatch"), nil
}

// String names the location for messages, without its password.
func (l location) String() string {
	if l.dir != "" {
		return l.dir
	}
	scheme := "http"
	if l.tls {
		scheme = "https"
	}
	return scheme + "://" + l.addr + "/" + l.database
}
