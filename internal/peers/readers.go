package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// reader is a program that reads logs.
type reader struct {
	name      string
	protocols []bool // of which it reads logs: static-ct-api, or not
	verifies  string // what it has verified when it is done, after its code
	// run is the command that reads a log with an empty folder for its own. A
	// daemon comes with what says that it is done.
	run func(p programs, l *ctLog, dir string) (*exec.Cmd, func() bool, error)
}

// Names of readers that others are compared with.
const (
	ours        = "markwatch"
	unmatched   = "markwatch --no-match"
	certspotter = "certspotter 0.24.2"
	hashing     = "bare reader"
)

// readers are all that are compared.
func readers() []reader {
	const proves = "the signature of each tree head, also smaller and older ones, and its consistency with those before; " +
		"that the root over all entries is the tree head's, at the last one and at what is stored between; " +
		"of each mark that precertificate and entry agree and that its chain leads to a known root; of tiles, leaf_index and issuers"
	return []reader{
		{ours, []bool{false, true}, proves + "; then it compares each logo, domain, organisation and registration with all others", runMarkwatch()},
		{unmatched, []bool{false, true}, proves, runMarkwatch("--no-match")},
		{certspotter, []bool{false, true}, "the signature of each tree head; that the root over all entries is the tree head's, once it is reached; " +
			"of a certificate that it reports, that precertificate and entry agree; issuers by fingerprint. " +
			"A tree head that is smaller than what is read is dropped unaudited; no chain's signatures, no leaf_index", runCertspotter},
		{"scanlog 1.4.0", []bool{false}, "nothing: it asks for the tree head with no key, and keeps no tree", runScanlog},
		{"sunlight client 0.8.1", []bool{true}, "the checkpoint's signature; of each entry that its hash is in a hash tile, and of each hash tile that it leads to the checkpoint's root. " +
			"No consistency of checkpoints (its caller's task), no leaf_index while it iterates, no certificate is parsed, no issuer fetched", runTilereader},
		{hashing, []bool{false, true}, "that the root over all entries is the tree head's; no signature", runBareReader},
	}
}

// reads says whether the reader reads such a log.
func (r reader) reads(l *ctLog) bool { return slices.Contains(r.protocols, l.static) }

func runMarkwatch(flags ...string) func(p programs, l *ctLog, dir string) (*exec.Cmd, func() bool, error) {
	return func(p programs, l *ctLog, dir string) (*exec.Cmd, func() bool, error) {
		config := filepath.Join(dir, "markwatch.yaml")
		text := fmt.Sprintf("store: %s\ncontact: peers@example.test\nrate: 100000\nlogs:\n  - {name: peers, url: %q, type: %s, key: %s, marks: false}\n",
			filepath.Join(dir, "store"), l.url, l.protocol(), l.key)
		cmd := exec.Command(p.markwatch, append([]string{"--config", config, "--log-level", "warn", "watch", "--once"}, flags...)...)
		return cmd, nil, os.WriteFile(config, []byte(text), 0o600)
	}
}

// runCertspotter runs a daemon: it has read the log when the position that it
// has verified, and saved, is the log's size. It watches for the domains of all marks.
func runCertspotter(p programs, l *ctLog, dir string) (*exec.Cmd, func() bool, error) {
	id, err := l.id()
	if err != nil {
		return nil, nil, err
	}
	about := map[string]any{"key": l.key, "log_id": id[:], "mmd": 86400, "description": "peers", "url": l.url + "/"}
	kind, other := "logs", "tiled_logs"
	if l.static {
		delete(about, "url")
		about["submission_url"], about["monitoring_url"] = l.url+"/", l.url+"/"
		kind, other = other, kind
	}
	operator := map[string]any{"name": "peers", kind: []any{about}, other: []any{}}
	list, err := json.Marshal(map[string]any{"version": "1", "operators": []any{operator}})
	if err != nil {
		return nil, nil, err
	}
	files := map[string]string{"list.json": string(list), "watchlist": "." + markDomain + "\npeers.example\n"}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, nil, err
		}
	}
	state := filepath.Join(dir, "state")
	cmd := exec.Command(p.certspotter, "-logs", filepath.Join(dir, "list.json"), "-watchlist", filepath.Join(dir, "watchlist"), "-state_dir", state, "-stdout")
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CACHE_HOME="+dir, "CERTSPOTTER_CONFIG_DIR="+dir)
	file := filepath.Join(state, "logs", base64.RawURLEncoding.EncodeToString(id[:]), "state.json")
	return cmd, func() bool { return verifiedPosition(file) == l.entries }, nil
}

// verifiedPosition reads certspotter's state; 0 where there is none yet.
func verifiedPosition(file string) uint64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	var state struct {
		Verified struct {
			Size uint64 `json:"size"`
		} `json:"verified_position"`
	}
	if err := json.Unmarshal(text, &state); err != nil {
		return 0
	}
	return state.Verified.Size
}

// runScanlog looks for the domains of all marks, as certspotter does.
func runScanlog(p programs, l *ctLog, _ string) (*exec.Cmd, func() bool, error) {
	return exec.Command(p.scanlog, "-log_uri", l.url, "-match_subject_regex", `\.`+markDomain+"$"), nil, nil
}

func runTilereader(p programs, l *ctLog, _ string) (*exec.Cmd, func() bool, error) {
	return exec.Command(p.tilereader, "-url", l.url, "-key", l.key), nil, nil
}

func runBareReader(p programs, l *ctLog, _ string) (*exec.Cmd, func() bool, error) {
	return exec.Command(p.self, "bare", "-url", l.url, fmt.Sprintf("-static=%t", l.static)), nil, nil
}
