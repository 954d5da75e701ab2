package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"markwatch/parse"
	"markwatch/queries"
	"markwatch/scanner"
	"markwatch/store"
	"markwatch/store/chdb"
)

// answers runs every published query.
func answers(t testing.TB, s *store.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, q := range queries.All() {
		out[q.Name] = answer(t, s, q.Name, nil)
	}
	return out
}

func answer(t testing.TB, s *store.Store, name string, params map[string]string) string {
	t.Helper()
	q, err := queries.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	args, err := q.Bind(params)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := queries.Write(t.Context(), s.Conn(), &b, queries.CSV, q.SQL, args...); err != nil {
		t.Fatalf("query %s: %v", name, err)
	}
	return b.String()
}

// TestReplayChangesNoAnswer guards the promise that a crash anywhere costs
// nothing: any batch, or part of one, may be written again, in any order.
func TestReplayChangesNoAnswer(t *testing.T) {
	s := open(t, t.TempDir())
	batches := read(t, newLog("replayed"), scanner.Position{}, 16)
	if len(batches) < 4 {
		t.Fatalf("only %d batches: the test needs several", len(batches))
	}
	commit(t, s, batches...)
	want := answers(t, s)
	if lines := strings.Count(want["certificates"], "\n"); lines < 10 {
		t.Fatalf("only %d certificates are stored", lines-1)
	}
	// A crash after some tables of a batch: all but its position again, and again whole.
	commit(t, s, batches...)
	slices.Reverse(batches)
	commit(t, s, batches...)
	slices.Reverse(batches)
	commit(t, s, batches[len(batches)-1])
	if diff := cmp.Diff(want, answers(t, s)); diff != "" {
		t.Errorf("answers after a replay (-first +replayed):\n%s", diff)
	}
}

// TestOrderOfArrivalChangesNoAnswer guards the pairing: whichever of
// precertificate and certificate is read first, the issuance is one and says the same.
func TestOrderOfArrivalChangesNoAnswer(t *testing.T) {
	batches := read(t, newLog("ordered"), scanner.Position{}, 8)
	var got [2]map[string]string
	for i := range got {
		s := open(t, t.TempDir())
		if i == 1 {
			slices.Reverse(batches)
		}
		for _, b := range batches {
			if i == 1 {
				slices.Reverse(b.Marks)
			}
			commit(t, s, b)
		}
		got[i] = answers(t, s)
		delete(got[i], "log-coverage") // the position is that of the last commit
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(got[0], got[1]); diff != "" {
		t.Errorf("answers by order of arrival (-forwards +backwards):\n%s", diff)
	}
}

// TestTotals counts by hand what the log holds.
func TestTotals(t *testing.T) {
	s := open(t, t.TempDir())
	batches := read(t, newLog("counted"), scanner.Position{}, 0)
	commit(t, s, batches...)
	issuances, tests, marks, organisations, domains := map[[32]byte]bool{}, map[[32]byte]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	pre, final, malformed := map[[32]byte]bool{}, map[[32]byte]bool{}, 0
	for _, b := range batches {
		malformed += len(b.Malformed)
		for _, m := range b.Marks {
			c := m.Entry.Mark
			if c.Test {
				tests[c.TBSSHA256] = true
				continue
			}
			issuances[c.TBSSHA256], marks[c.MarkKey()], organisations[c.Organisation.Key()] = true, true, true
			if m.Entry.Type == parse.PrecertEntry {
				pre[c.TBSSHA256] = true
			} else {
				final[c.TBSSHA256] = true
			}
			for _, san := range c.SANs {
				if san.Domain != "" {
					domains[san.Domain] = true
				}
			}
		}
	}
	var got [8]uint64
	row := s.Conn().QueryRow(t.Context(), "SELECT * FROM ("+mustSQL(t, "totals")+")", clickhouse.Named("as_of", "2200-01-01 00:00:00"))
	if err := row.Scan(&got[0], &got[1], &got[2], &got[3], &got[4], &got[5], &got[6], &got[7]); err != nil {
		t.Fatal(err)
	}
	want := [8]uint64{uint64(len(pre)), uint64(len(final)), uint64(len(issuances)), uint64(len(marks)), uint64(len(organisations)), uint64(len(domains)), uint64(len(tests)), uint64(malformed)}
	if got != want {
		t.Errorf("totals: got %v, want %v", got, want)
	}
	if tests := len(tests); tests == 0 || malformed == 0 {
		t.Errorf("the log has %d tests and %d malformed entries: neither may be 0 here", tests, malformed)
	}
}

func mustSQL(t testing.TB, name string) string {
	t.Helper()
	q, err := queries.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return q.SQL
}

// TestEveryLeafCanBeRebuilt guards evidence: the stored leaf hashes to its leaf
// hash, and precertificate and chain make extra_data again unless it is kept whole.
func TestEveryLeafCanBeRebuilt(t *testing.T) {
	s := open(t, t.TempDir())
	batches := read(t, newLog("rebuilt"), scanner.Position{}, 0)
	commit(t, s, batches...)
	stored := map[uint64]string{}
	rows, err := s.Conn().Query(t.Context(), "SELECT leaf_index, leaf_input, leaf_hash FROM log_entries")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var index uint64
		var leaf, hash string
		if err := rows.Scan(&index, &leaf, &hash); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(append([]byte{0}, leaf...))
		if hexString(sum[:]) != hash {
			t.Errorf("leaf %d hashes to %x, stored is %s", index, sum, hash)
		}
		stored[index] = leaf
	}
	for _, b := range batches {
		for _, m := range b.Marks {
			if stored[m.Raw.Index] != string(m.Raw.LeafInput) {
				t.Errorf("leaf %d is not stored as it was read", m.Raw.Index)
			}
		}
	}
	var missing uint64
	row := s.Conn().QueryRow(t.Context(), "SELECT count() FROM log_entries ARRAY JOIN chain AS c WHERE c NOT IN (SELECT sha256 FROM ca_certificates)")
	if err := row.Scan(&missing); err != nil || missing > 0 {
		t.Errorf("%d certificates of chains are not stored (%v)", missing, err)
	}
}

func hexString(b []byte) string {
	const digits = "0123456789abcdef"
	var out strings.Builder
	for _, c := range b {
		out.WriteByte(digits[c>>4])
		out.WriteByte(digits[c&15])
	}
	return out.String()
}

// TestPositions guards restarts: a scan goes on from exactly what was stored.
func TestPositions(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	l := newLog("resumed")
	log := logOf(l)
	if p, err := s.Position(t.Context(), log); err != nil || p.Next != 0 {
		t.Fatalf("position of a new log: %v, %v", p.Next, err)
	}
	batches := read(t, l, scanner.Position{}, 16)
	commit(t, s, batches[:2]...)
	p, err := s.Position(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(batches[1].Scan.Position, p); diff != "" {
		t.Errorf("position (-committed +read back):\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if p, err = s.Position(t.Context(), log); err != nil {
		t.Fatal(err)
	}
	commit(t, s, read(t, l, p, 16)...)
	states, err := s.Logs(t.Context())
	if err != nil || len(states) != 1 {
		t.Fatalf("logs: %v, %v", states, err)
	}
	if st := states[0]; st.Next != l.Size() || st.Size != l.Size() || st.State != store.StateFollowing || st.Verified.IsZero() {
		t.Errorf("state after reading on: %+v, want all of %d", st, l.Size())
	}
}

// TestStopHolds guards that no other process that reads the log undoes a stop,
// neither with a position that it computed before nor with a later one.
func TestStopHolds(t *testing.T) {
	s := open(t, t.TempDir())
	l := newLog("holds")
	batches := read(t, l, scanner.Position{}, 16)
	commit(t, s, batches[0])
	if err := s.StopLog(t.Context(), logOf(l), "it forked"); err != nil {
		t.Fatal(err)
	}
	late := `INSERT INTO positions SELECT * REPLACE ({now:UInt64} AS version, 'following' AS state, '' AS state_detail) FROM positions WHERE state = 'following' SETTINGS final = 0`
	if err := s.Conn().Exec(t.Context(), late, clickhouse.Named("now", uint64(time.Now().UnixNano()))); err != nil {
		t.Fatal(err)
	}
	var stopped *store.StoppedError
	if err := s.Commit(t.Context(), batches[1]); !errors.As(err, &stopped) || stopped.Reason != "it forked" {
		t.Errorf("a batch of a stopped log: %v", err)
	}
	if err := s.EndLog(t.Context(), logOf(l), "it is retired"); err != nil {
		t.Error(err)
	}
	if state, err := s.LogState(t.Context(), logOf(l)); err != nil || state.State != store.StateStopped || state.Detail != "it forked" || state.Next != 16 {
		t.Errorf("stopped: %+v, %v", state, err)
	}
	if err := s.ResumeLog(t.Context(), logOf(l)); err != nil {
		t.Fatal(err)
	}
	commit(t, s, batches[1])
	if state, err := s.LogState(t.Context(), logOf(l)); err != nil || state.State != store.StateFollowing || state.Next != 32 {
		t.Errorf("resumed: %+v, %v", state, err)
	}
}

// TestStoppedLog guards that a log that lied stays stopped until a person resumes it.
func TestStoppedLog(t *testing.T) {
	s := open(t, t.TempDir())
	l := newLog("stopped")
	commit(t, s, read(t, l, scanner.Position{}, 0)...)
	if err := s.StopLog(t.Context(), logOf(l), "it forked; evidence: x.json"); err != nil {
		t.Fatal(err)
	}
	state, err := s.LogState(t.Context(), logOf(l))
	if err != nil || state.State != store.StateStopped || state.Detail != "it forked; evidence: x.json" || state.Next != l.Size() {
		t.Fatalf("stopped: %+v, %v", state, err)
	}
	if err := s.ResumeLog(t.Context(), logOf(l)); err != nil {
		t.Fatal(err)
	}
	if state, err = s.LogState(t.Context(), logOf(l)); err != nil || state.State != store.StateFollowing || state.Next != l.Size() {
		t.Fatalf("resumed: %+v, %v", state, err)
	}
}

func TestLeafHashes(t *testing.T) {
	s := open(t, t.TempDir())
	l := newLog("hashed")
	batches := read(t, l, scanner.Position{}, 16)
	commit(t, s, batches...)
	var want []scanner.Hash
	for _, b := range batches {
		want = append(want, b.Scan.LeafHashes...)
	}
	var got []scanner.Hash
	for h, err := range s.LeafHashes(t.Context(), logOf(l), 3, l.Size()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, h)
	}
	if diff := cmp.Diff(want[3:], got); diff != "" {
		t.Errorf("leaf hashes (-read +stored):\n%s", diff)
	}
	var gap error
	for _, err := range s.LeafHashes(t.Context(), logOf(l), 0, l.Size()+1) {
		gap = err
	}
	if gap == nil {
		t.Error("a missing leaf hash is not told")
	}
}

// TestHostileValues guards that nothing a certificate says can keep its batch
// from being stored.
func TestHostileValues(t *testing.T) {
	s := open(t, t.TempDir())
	batches := read(t, newLog("hostile"), scanner.Position{}, 0)
	m := batches[0].Marks[0].Entry.Mark
	m.NotBefore, m.NotAfter = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	m.Organisation.Name = "zero\x00byte, 'quote' \\ \t\n \u202e"
	m.SANs = nil
	m.Findings = append(m.Findings, parse.Finding{Rule: "r", Detail: "one"}, parse.Finding{Rule: "r", Detail: "two"})
	commit(t, s, batches...)
	var name, detail string
	var before, after time.Time
	row := s.Conn().QueryRow(t.Context(), "SELECT organisation, not_before, not_after FROM issuances WHERE tbs_sha256 = '"+hexString(m.TBSSHA256[:])+"'")
	if err := row.Scan(&name, &before, &after); err != nil {
		t.Fatal(err)
	}
	if name != m.Organisation.Name || before.Year() != 1970 && before.Year() != 1900 || after.Year() != 2261 {
		t.Errorf("got %q from %v to %v", name, before, after)
	}
	row = s.Conn().QueryRow(t.Context(), "SELECT detail FROM findings WHERE rule = 'r'")
	if err := row.Scan(&detail); err != nil || detail != "one; two" {
		t.Errorf("finding: %q, %v", detail, err)
	}
}

// TestNewerSchema guards a store that a newer markwatch wrote: it is refused and untouched.
func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := s.Conn().Exec(t.Context(), "INSERT INTO schema_migrations (version, name, sha256) SELECT 9999, '9999_future', repeat('0', 64)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), store.Options{DSN: dir})
	var schema *store.SchemaError
	if !errors.As(err, &schema) || schema.Store != 9999 {
		t.Fatalf("opening a newer store: %v", err)
	}
}

// TestServer guards that the same code works against a ClickHouse server: here
// the engine's handler behind a TCP listener.
func TestServer(t *testing.T) {
	needEngine(t)
	engine, err := chdb.Open(t.Context(), t.TempDir(), chdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	server := httptest.NewServer(engine.Handler())
	defer server.Close()
	s, err := store.Open(t.Context(), store.Options{DSN: server.URL + "/marks"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	batches := read(t, newLog("served"), scanner.Position{}, 32)
	commit(t, s, batches...)
	before := answers(t, s)
	commit(t, s, batches...)
	if diff := cmp.Diff(before, answers(t, s)); diff != "" {
		t.Errorf("answers after a replay:\n%s", diff)
	}
	if s.Dir() != "" || s.Shared() {
		t.Errorf("a server's store says it is embedded (%q)", s.Dir())
	}
}

func TestUnreachableServer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := store.Open(t.Context(), store.Options{DSN: strings.Replace(server.URL, "http://", "http://user:secret@", 1)})
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "opening the store http://127.0.0.1") || !strings.Contains(err.Error(), "the server does not answer") {
		t.Errorf("error %v: want one that names the server and not the password", err)
	}
}

func TestNotClickHouse(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>hello</html>")) }))
	defer server.Close()
	_, err := store.Open(t.Context(), store.Options{DSN: server.URL})
	if err == nil || !strings.Contains(err.Error(), "not ClickHouse's HTTP interface") {
		t.Errorf("error %v: want one that says what is wrong with the server", err)
	}
}

func TestSharedStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "store")
	if store.Running(dir) {
		t.Error("a store that does not exist is running")
	}
	s := open(t, dir)
	if !store.Running(dir) || s.Shared() || s.Dir() != dir {
		t.Error("an open store is not running")
	}
	if info, err := os.Stat(filepath.Join(dir, "clickhouse")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the engine's directory: %v, %v; want it closed to others", info, err)
	}
}
