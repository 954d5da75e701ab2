package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"net"
	"net/mail"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"markwatch/scanner"
)

// Config is markwatch.yaml. Each key but logs can also be set by an
// environment variable, MARKWATCH_ and the key in capitals, which wins over the
// file (MARKWATCH_ALERT_LINK is link under alert; channels have none); a flag
// wins over both.
type Config struct {
	Store     string      `yaml:"store"`      // a directory, or http(s)://user:password@host:port/database
	StoreFile string      `yaml:"store_file"` // a file that holds store, to keep its password out of here
	Cluster   string      `yaml:"cluster"`    // cluster of the ClickHouse server; none by default
	Listen    string      `yaml:"listen"`     // where watch serves; "" serves nothing
	Contact   string      `yaml:"contact"`    // e-mail address or URL that logs can write to; user@host by default
	Rate      float64     `yaml:"rate"`       // requests per second to one log, at most; 0 is 10, and localRate for a log on this machine
	Bandwidth int64       `yaml:"bandwidth"`  // bytes per second from one log, at most; 0 is no limit
	Poll      Duration    `yaml:"poll"`       // between two looks at a log's tree head; 0 is 30s for mark logs, 5m for others
	Ranges    int         `yaml:"ranges"`     // ranges that are read side by side of a log that is far behind; 0 reads it in order
	Claim     bool        `yaml:"claim"`      // share the logs with others that watch into the same store
	NoMatch   bool        `yaml:"no_match"`   // leave the matching of what is stored to another watch
	Evidence  string      `yaml:"evidence"`   // directory for evidence against lying logs
	Logs      []LogConfig `yaml:"logs"`       // replaces the built-in logs
	Roots     []string    `yaml:"roots"`      // files of PEM: roots of mark certificates besides the built-in ones
	Alert     AlertConfig `yaml:"alert"`      // whom to tell of hits

	LogList        string   `yaml:"log_list"`          // URL or file of a list of logs that are followed too; instead of the built-in ones
	LogListKey     string   `yaml:"log_list_key"`      // whose signature the list must have: base64 or PEM; "" asks for none
	LogListKeyFile string   `yaml:"log_list_key_file"` // a file that holds it
	LogListRefresh Duration `yaml:"log_list_refresh"`  // between two looks at the list; 0 is 24h
	LogListStates  []string `yaml:"log_list_states"`   // of the logs that are followed; none is pending, qualified, usable, readonly
	LogListTypes   []string `yaml:"log_list_types"`    // likewise; none is prod, monitoring_only
	LogListMarks   bool     `yaml:"log_list_marks"`    // the list is of logs of mark certificates

	path string // the file it was read from; "" for none
}

// LogConfig is one log of the configuration.
type LogConfig struct {
	Name   string   `yaml:"name"`
	URL    string   `yaml:"url"`
	Type   string   `yaml:"type"`   // rfc6962 or static-ct-api
	Key    string   `yaml:"key"`    // base64 of the DER public key
	MMD    Duration `yaml:"mmd"`    // maximum merge delay; 24h by default
	Origin string   `yaml:"origin"` // first line of a static-ct-api log's checkpoints; any by default
	Marks  *bool    `yaml:"marks"`  // a log of mark certificates: polled often, its leaf hashes kept; true by default
}

// Duration is a time.Duration written as 30s, 5m or 24h.
type Duration time.Duration

// UnmarshalYAML reads the written form.
func (d *Duration) UnmarshalYAML(text []byte) error {
	v, err := time.ParseDuration(strings.Trim(strings.TrimSpace(string(text)), `"'`))
	if err != nil || v < 0 {
		return fmt.Errorf("%s is not a duration: write one such as 30s, 5m or 24h", text)
	}
	*d = Duration(v)
	return nil
}

// String gives the written form.
func (d Duration) String() string { return time.Duration(d).String() }

const (
	defaultConfigFile = "markwatch.yaml"
	defaultListen     = "127.0.0.1:8480"
)

// loadConfig reads path, or markwatch.yaml in the working directory where that
// is "" and the file is there, then the environment.
func loadConfig(path string, getenv func(string) string) (*Config, error) {
	c := &Config{Listen: defaultListen}
	named := path != ""
	if !named {
		path = defaultConfigFile
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
	case err != nil:
		return nil, fmt.Errorf("reading the configuration: %w", err)
	default:
		c.path = path
		if err := c.parse(text); err != nil {
			return nil, fmt.Errorf("reading the configuration %s: %w", path, err)
		}
	}
	if err := c.environment(getenv); err != nil {
		return nil, err
	}
	return c, c.check()
}

// parse reads YAML; a key that it doesn't know is an error that names the line,
// and doesn't show it: it may hold a password, or stand beside one.
func (c *Config) parse(text []byte) error {
	err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(c)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return errors.New(strings.TrimSpace(yaml.FormatError(err, false, false)))
}

// environment sets what MARKWATCH_… variables say.
func (c *Config) environment(getenv func(string) string) error {
	if store, file := getenv("MARKWATCH_STORE"), getenv("MARKWATCH_STORE_FILE"); store != "" || file != "" {
		c.Store, c.StoreFile = store, file // both together win over the file's, so that either may replace the other
	}
	variables := map[string]func(string) error{
		"CLUSTER":   func(v string) error { c.Cluster = v; return nil },
		"LISTEN":    func(v string) error { c.Listen = v; return nil },
		"CONTACT":   func(v string) error { c.Contact = v; return nil },
		"EVIDENCE":  func(v string) error { c.Evidence = v; return nil },
		"RATE":      func(v string) (err error) { c.Rate, err = strconv.ParseFloat(v, 64); return },
		"BANDWIDTH": func(v string) (err error) { c.Bandwidth, err = strconv.ParseInt(v, 10, 64); return },
		"RANGES":    func(v string) (err error) { c.Ranges, err = strconv.Atoi(v); return },
		"CLAIM":     func(v string) (err error) { c.Claim, err = strconv.ParseBool(v); return },
		"POLL":      func(v string) error { return c.Poll.UnmarshalYAML([]byte(v)) },
		"ROOTS":     func(v string) error { c.Roots = strings.Split(v, ","); return nil },
	}
	maps.Copy(variables, c.logListVariables())
	maps.Copy(variables, c.Alert.variables())
	for key, set := range variables {
		name := "MARKWATCH_" + key
		if v := getenv(name); v != "" {
			if err := set(v); err != nil {
				return fmt.Errorf("the environment variable %s: %w", name, err)
			}
		}
	}
	return nil
}

// check says what can't be used, before anything starts.
func (c *Config) check() error {
	if c.StoreFile != "" {
		if c.Store != "" {
			return errors.New("store and store_file are both set: keep one")
		}
		text, err := os.ReadFile(c.StoreFile)
		if err != nil {
			return fmt.Errorf("reading store_file: %w", err)
		}
		if c.Store = strings.TrimSpace(string(text)); c.Store == "" {
			return fmt.Errorf("store_file %s is empty: write the store's address into it", c.StoreFile)
		}
	}
	if !(c.Rate >= 0) || math.IsInf(c.Rate, 0) || c.Bandwidth < 0 {
		return errors.New("rate must be 0 (the default) or more requests per second, and bandwidth 0 (no limit) or more bytes per second")
	}
	if c.Ranges < 0 || c.Ranges > maxRequests {
		return fmt.Errorf("ranges must be 0 (a log is read in order) to %d", maxRequests)
	}
	if c.Contact != "" && !isContact(c.Contact) {
		return fmt.Errorf("contact %q is neither an e-mail address nor a URL: logs' operators write to it when something is wrong", c.Contact)
	}
	if _, err := c.logs(); err != nil {
		return err
	}
	if _, err := c.markRoots(); err != nil {
		return err
	}
	if err := c.Alert.check(); err != nil {
		return err
	}
	return c.checkLogList()
}

func isContact(s string) bool {
	if _, err := mail.ParseAddress(s); err == nil {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != ""
}

// userAgent names markwatch and whom to write to.
func (c *Config) userAgent() string {
	contact := c.Contact
	if contact == "" {
		name, host := "markwatch", "localhost"
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
		if h, err := os.Hostname(); err == nil {
			host = h
		}
		contact = name + "@" + host
	}
	return "markwatch/" + version + " (" + contact + ")"
}

// localRate is the most requests per second to a log on this machine, where
// nobody else's service is at stake.
const localRate = 1000

// rateFor is the most requests per second to a log.
func (c *Config) rateFor(log scanner.Log) float64 {
	if c.Rate > 0 {
		return c.Rate
	}
	if u, err := url.Parse(log.URL); err == nil {
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return localRate
		}
	}
	return scanner.DefaultMaxRate
}

// evidenceDir is where evidence against logs is written.
func (c *Config) evidenceDir(storeDir string) string {
	switch {
	case c.Evidence != "":
		return c.Evidence
	case storeDir != "":
		return filepath.Join(storeDir, "evidence")
	}
	return "evidence"
}

// logs are the configured logs, or the built-in ones; none of these where a log
// list is configured.
func (c *Config) logs() ([]scanner.Log, error) {
	if len(c.Logs) == 0 {
		if c.LogList != "" {
			return nil, nil
		}
		return builtinLogs(), nil
	}
	var logs []scanner.Log
	seenName, seenID := map[string]bool{}, map[scanner.Hash]string{}
	for i, lc := range c.Logs {
		log, err := lc.log()
		if err != nil {
			return nil, fmt.Errorf("log %d of the configuration (%s): %w", i+1, lc.Name, err)
		}
		if seenName[log.Name] {
			return nil, fmt.Errorf("two logs of the configuration are called %s", log.Name)
		}
		if other, ok := seenID[log.ID()]; ok {
			return nil, fmt.Errorf("the logs %s and %s of the configuration have one key", other, log.Name)
		}
		seenName[log.Name], seenID[log.ID()] = true, log.Name
		logs = append(logs, log)
	}
	return logs, nil
}

func (lc LogConfig) log() (scanner.Log, error) {
	key, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(lc.Key), ""))
	if err != nil || len(key) == 0 {
		return scanner.Log{}, errors.New("key must be the log's public key as base64 of its DER, as log lists give it (it begins with MFkw or MIIB)")
	}
	log := scanner.Log{Name: lc.Name, URL: lc.URL, Type: scanner.Type(lc.Type), Key: key, MMD: time.Duration(lc.MMD), Origin: lc.Origin, Marks: lc.Marks == nil || *lc.Marks}
	if log.Type == "" {
		log.Type = scanner.RFC6962
	}
	if log.MMD == 0 {
		log.MMD = 24 * time.Hour
	}
	return log, log.Validate()
}
