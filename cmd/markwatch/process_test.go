package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/queries"
	"markwatch/store"
	"markwatch/store/chdb"
)

// rig is a directory in which markwatch runs as a process of its own, against
// logs that the test serves.
type rig struct {
	t       *testing.T
	dir     string
	library string
	logs    map[string]*shownLog
	config  string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	library, err := chdb.FindLibrary()
	if err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	return &rig{t: t, dir: t.TempDir(), library: library, logs: map[string]*shownLog{},
		config: "contact: test@example.test\nrate: 10000\npoll: 20ms\nlisten: \"\"\nlogs:\n"}
}

// serve makes the log known to markwatch.
func (r *rig) serve(l *ctlogtest.Log) *shownLog {
	r.t.Helper()
	shown := &shownLog{log: l}
	server := httptest.NewServer(shown)
	r.t.Cleanup(server.Close)
	r.t.Cleanup(server.CloseClientConnections)
	r.logs[l.Name()] = shown
	r.config += fmt.Sprintf("  - {name: %s, url: %q, key: %s}\n", l.Name(), server.URL, base64.StdEncoding.EncodeToString(l.PublicKey()))
	if err := os.WriteFile(filepath.Join(r.dir, "markwatch.yaml"), []byte(r.config), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return shown
}

// show lets the log's address answer as another log.
func (s *shownLog) show(l *ctlogtest.Log) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = l
}

// process is a running markwatch.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout bytes.Buffer
	ended  chan struct{}

	mu      sync.Mutex
	stderr  bytes.Buffer
	written chan struct{} // closed and made anew at each write to stderr
}

// Write takes what the process writes to its standard error.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.written)
	p.written = make(chan struct{})
	return p.stderr.Write(b)
}

// start runs the program, named as in TestMain, in the rig's directory.
func (r *rig) start(program string, args ...string) *process {
	r.t.Helper()
	p := &process{t: r.t, cmd: exec.Command(program, args...), ended: make(chan struct{}), written: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = r.dir, &p.stdout, p
	p.cmd.Env = append(os.Environ(), "MARKWATCH_LIBCHDB="+r.library, "XDG_DATA_HOME="+filepath.Join(r.dir, "data"))
	if err := p.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the exit code says all of it
		close(p.ended)
	}()
	r.t.Cleanup(p.kill)
	return p
}

// run runs the program to its end and wants this exit code.
func (r *rig) run(code int, program string, args ...string) *process {
	r.t.Helper()
	p := r.start(program, args...)
	if got := p.wait(10 * time.Minute); got != code {
		r.t.Fatalf("%s %s: exit code %d, want %d\n%s", program, strings.Join(args, " "), got, code, p.said())
	}
	return p
}

// wait gives the exit code; -1 for a killed process.
func (p *process) wait(most time.Duration) int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(most):
		p.t.Fatalf("still running after %s:\n%s", most, p.said())
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// waitFor waits until the process has said text so often, and tells whether it
// did before it ended.
func (p *process) waitFor(text string, times int) bool {
	p.t.Helper()
	late := time.After(5 * time.Minute)
	for {
		p.mu.Lock()
		n, written := strings.Count(p.stderr.String(), text), p.written
		p.mu.Unlock()
		if n >= times {
			return true
		}
		select {
		case <-written:
		case <-p.ended:
			return false
		case <-late:
			p.t.Fatalf("not said %d times in five minutes: %s\n%s", times, text, p.said())
		}
	}
}

// fill adds pairs of every kind of mark certificate and every malformation, or
// of every nth of them, and TLS certificates to the log.
func fill(l *ctlogtest.Log, nth int) {
	ca := marktest.NewCA("Process Test CA")
	for i, kind := range append(marktest.Kinds(), marktest.Malformations()...) {
		if i%nth > 0 {
			continue
		}
		addPair(l, ca, kind.Spec)
		tls := ca.IssueTLS("shop.example", i)
		l.AddChain(append([][]byte{tls.Certificate}, tls.Chain...)...)
	}
	l.Publish()
}

// grow adds n pairs, of which the first is numbered from: certificates of forty
// organisations, and their renewals.
func grow(l *ctlogtest.Log, from, n int) {
	ca := marktest.NewCA("Process Test CA")
	for i := from; i < from+n; i++ {
		name := inventedName(i / 2 % 40)
		spec := marktest.Registered(name+" Ltd", strings.ToLower(name)+".example", uint64(1000+i/2%40))
		spec.Nonce = uint64(1000 + i)
		addPair(l, ca, spec)
	}
	l.Publish()
}

// inventedName is a name like no other's, but for every eighth, which is a
// letter off the one before: so that there is something to match.
func inventedName(n int) string {
	last := ""
	if n%8 == 7 {
		n, last = n-1, "a"
	}
	sum := sha256.Sum256([]byte{byte(n)})
	name := "G"
	for _, b := range sum[:5] {
		name += string("aeiou"[b%5]) + string("bcdfghklmnprstvwz"[b/5%17])
	}
	return name + last
}

func addPair(l *ctlogtest.Log, ca *marktest.CA, spec marktest.Spec) {
	issued := ca.Issue(spec)
	sct, _ := l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	final := ca.Issue(spec, sct)
	l.AddChain(append([][]byte{final.Certificate}, final.Chain...)...)
}

// answers is all that a store says and that doesn't depend on when it was
// read: each published query as CSV, and of each table count and hash of its rows.
func answers(t *testing.T, dsn string) map[string]string {
	t.Helper()
	s := openStore(t, dsn)
	defer closeStore(t, s)
	out := map[string]string{}
	for _, q := range queries.All() {
		args, err := q.Bind(nil)
		if err != nil {
			t.Fatal(err)
		}
		sql := q.SQL
		switch q.Name {
		case "log-coverage":
			sql = "SELECT * EXCEPT (verified_at) FROM (" + sql + ")"
		case "hits":
			sql = "SELECT * EXCEPT (state_since) FROM (" + sql + ")"
		}
		var text bytes.Buffer
		if err := queries.Write(context.Background(), s.Conn(), &text, queries.CSV, sql, args...); err != nil {
			t.Fatalf("%s: %v", q.Name, err)
		}
		out["query "+q.Name] = text.String()
	}
	for table, columns := range map[string]string{
		"mark_certificates": "* REPLACE (arraySort(sct_log_ids) AS sct_log_ids, arraySort(logs) AS logs)",
		"log_entries":       "*", "malformed_entries": "*", "leaf_hashes": "*", "logos": "*", "ca_certificates": "*", "findings": "*",
		"positions": "log_id, next_index, state",
	} {
		var rows, hash uint64
		sql := "SELECT count(), groupBitXor(cityHash64(tuple(*))) FROM (SELECT " + columns + " FROM " + table + ")"
		if err := s.Conn().QueryRow(context.Background(), sql).Scan(&rows, &hash); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		out["table "+table] = fmt.Sprintf("%d rows, hash %x", rows, hash)
	}
	return out
}

// checkHeads holds every stored tree head against the log that signed it: each
// is of its tree, none is there twice, and the current ones are among them.
func (r *rig) checkHeads(dsn string) {
	r.t.Helper()
	s := openStore(r.t, dsn)
	defer closeStore(r.t, s)
	rows, err := s.Conn().Query(context.Background(), "SELECT log, tree_size, lower(root_hash), count() FROM tree_heads GROUP BY ALL")
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	largest := map[string]uint64{}
	for rows.Next() {
		var name, root string
		var size, times uint64
		if err := rows.Scan(&name, &size, &root, &times); err != nil {
			r.t.Fatal(err)
		}
		if want := fmt.Sprintf("%x", r.logs[name].log.Root(size)); root != want || times != 1 {
			r.t.Errorf("tree head of %d entries of %s: root %s, %d times; want %s, once", size, name, root, times, want)
		}
		largest[name] = max(largest[name], size)
	}
	for name, shown := range r.logs {
		if err := rows.Err(); err != nil || largest[name] != shown.log.Size() {
			r.t.Errorf("the largest stored tree head of %s has %d entries, want %d; %v", name, largest[name], shown.log.Size(), err)
		}
	}
}

// engine is held by who has an embedded store open: a process can have one.
var engine sync.Mutex

func openStore(t *testing.T, dsn string) *store.Store {
	t.Helper()
	if !strings.Contains(dsn, "://") {
		engine.Lock()
	}
	s, err := store.Open(context.Background(), store.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeStore(t *testing.T, s *store.Store) {
	t.Helper()
	if s.Dir() != "" {
		defer engine.Unlock()
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing the store: %v", err)
	}
}

// states is what markwatch logs says of each log.
func (r *rig) states(storeDSN string) map[string]logLine {
	r.t.Helper()
	p := r.run(exitDone, "markwatch", "--store", storeDSN, "logs", "--json")
	out := map[string]logLine{}
	for d := json.NewDecoder(&p.stdout); ; {
		var l logLine
		if err := d.Decode(&l); err != nil {
			if len(out) == 0 {
				r.t.Fatal(errors.Join(errors.New("no log is shown"), err))
			}
			return out
		}
		out[l.Log] = l
	}
}
