package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"markwatch/internal/alert"
	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// AlertConfig says whom to tell of hits, and how. The kinds of channels stand
// beside its own keys.
type AlertConfig struct {
	channel.Config `yaml:",inline"`

	Default        []string `yaml:"default"`          // channels of lists that name none, and of hits of no list; by default those that no list names or ever named
	Operator       []string `yaml:"operator"`         // channels for alarms and the weekly summary; by default those of default
	Rhythm         string   `yaml:"rhythm"`           // of hits of no list, and of lists of which nothing is set: at-once (the default), hourly, daily, weekly
	DigestAt       string   `yaml:"digest_at"`        // when their digests are due, and the weekly summary: 08:00, or fri 08:00; Monday, 08:00 by default
	DigestZone     string   `yaml:"digest_zone"`      // of digest_at, such as Europe/Berlin; UTC by default
	Storm          int      `yaml:"storm"`            // more hits of a list in an hour than this are told together; 0 is 50
	Link           string   `yaml:"link"`             // where readers reach what watch serves, such as https://markwatch.example
	Templates      string   `yaml:"templates"`        // directory of templates in place of the built-in ones
	FeedSecret     string   `yaml:"feed_secret"`      // address of the feed of hits of no list
	FeedSecretFile string   `yaml:"feed_secret_file"` // holds feed_secret
	Ping           string   `yaml:"ping"`             // URL that is asked after verified tree heads, so that silence is noticed
	PingEvery      Duration `yaml:"ping_every"`       // at most so often; 0 is 1m
}

// secretForm is what a feed's secret looks like: it stands in an address.
var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,128}$`)

// check says what can't be used, but for the channels, which open says.
func (c *AlertConfig) check() error {
	if c.FeedSecretFile != "" {
		if c.FeedSecret != "" {
			return errors.New("alert.feed_secret and alert.feed_secret_file are both set: keep one")
		}
		text, err := os.ReadFile(c.FeedSecretFile)
		if err != nil {
			return fmt.Errorf("reading alert.feed_secret_file: %w", err)
		}
		c.FeedSecret = strings.TrimSpace(string(text))
	}
	if c.FeedSecret != "" && !secretForm.MatchString(c.FeedSecret) {
		return errors.New("alert.feed_secret must be 16 to 128 letters, digits, hyphens and underscores: it stands in the feed's address, and whoever has that can read it")
	}
	for key, value := range map[string]string{"link": c.Link, "ping": c.Ping} {
		if u, err := url.Parse(value); value != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("alert.%s %q must be an address that begins with https:// or http://", key, value)
		}
	}
	if c.Storm < 0 {
		return errors.New("alert.storm must be 0 (the default, 50) or more hits an hour")
	}
	if _, err := alert.Unset(store.Rhythm(c.Rhythm), c.DigestAt, c.DigestZone); err != nil {
		return fmt.Errorf("alert.rhythm, digest_at and digest_zone: %w", err)
	}
	return nil
}

// variables set its keys from the environment, but for channels.
func (c *AlertConfig) variables() map[string]func(string) error {
	words := func(v string) []string { return strings.Fields(strings.ReplaceAll(v, ",", " ")) }
	return map[string]func(string) error{
		"ALERT_DEFAULT":          func(v string) error { c.Default = words(v); return nil },
		"ALERT_OPERATOR":         func(v string) error { c.Operator = words(v); return nil },
		"ALERT_RHYTHM":           func(v string) error { c.Rhythm = v; return nil },
		"ALERT_DIGEST_AT":        func(v string) error { c.DigestAt = v; return nil },
		"ALERT_DIGEST_ZONE":      func(v string) error { c.DigestZone = v; return nil },
		"ALERT_STORM":            func(v string) (err error) { c.Storm, err = strconv.Atoi(v); return },
		"ALERT_LINK":             func(v string) error { c.Link = v; return nil },
		"ALERT_TEMPLATES":        func(v string) error { c.Templates = v; return nil },
		"ALERT_FEED_SECRET":      func(v string) error { c.FeedSecret = v; return nil },
		"ALERT_FEED_SECRET_FILE": func(v string) error { c.FeedSecretFile = v; return nil },
		"ALERT_PING":             func(v string) error { c.Ping = v; return nil },
		"ALERT_PING_EVERY":       func(v string) error { return c.PingEvery.UnmarshalYAML([]byte(v)) },
	}
}

// dispatcher opens the configured channels, and tells nobody anything yet.
func (p *program) dispatcher(st *store.Store, log *slog.Logger, observe func(alert.Event)) (*alert.Dispatcher, *notice.Renderer, error) {
	c := p.config.Alert
	renderer, err := notice.NewRenderer(c.Templates)
	if err != nil {
		return nil, nil, fmt.Errorf("reading alert.templates: %w", err)
	}
	channels, err := c.Open(renderer, log)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the configuration %s: %w", p.config.path, err)
	}
	d, err := alert.New(st, alert.Options{
		Channels: channels, Default: c.Default, Operator: c.Operator, Rhythm: store.Rhythm(c.Rhythm), DigestAt: c.DigestAt, DigestZone: c.DigestZone, Storm: c.Storm,
		Link: c.Link, FeedSecret: c.FeedSecret, Log: log, Observe: observe,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("reading the configuration %s: alert: %w", p.config.path, err)
	}
	return d, renderer, nil
}

// pingEvery is how often the dead man's switch is pressed at most.
func (c *AlertConfig) pingEvery() time.Duration {
	if c.PingEvery == 0 {
		return time.Minute
	}
	return time.Duration(c.PingEvery)
}
