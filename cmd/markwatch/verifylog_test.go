package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/scanner"
	"markwatch/store"
	"markwatch/store/chdb"
)

// testStore opens a store of the test's own.
func testStore(t *testing.T) *store.Store {
	t.Helper()
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	st, err := store.Open(t.Context(), store.Options{DSN: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// marksLog is a log of mark and TLS certificates.
func marksLog(options ctlogtest.Options) *ctlogtest.Log {
	l := ctlogtest.New(options)
	ca := marktest.NewCA("Audit Test CA")
	for i := range 60 {
		issued := ca.Issue(marktest.Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.com", uint64(i)))
		l.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
		tls := ca.IssueTLS("shop.example", i)
		l.AddChain(append([][]byte{tls.Certificate}, tls.Chain...)...)
	}
	l.Publish()
	return l
}

// keep reads a log into a store.
func keep(t *testing.T, st *store.Store, l *ctlogtest.Log, log scanner.Log) {
	t.Helper()
	scan, err := scanner.New(scanner.Config{Log: log, HTTP: l.Client(), UserAgent: "markwatch-test (test@example.test)", MaxRate: 10000, Once: true})
	if err != nil {
		t.Fatal(err)
	}
	var w watcher
	for scanned, err := range scan.Batches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		batch, err := w.readBatch(t.Context(), scanned)
		if err == nil {
			err = st.Commit(t.Context(), batch)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// auditOf audits what the store has of a log against what l serves, all entries.
func auditOf(t *testing.T, st *store.Store, l *ctlogtest.Log, log scanner.Log) *audit {
	t.Helper()
	p := &program{streams: streams{nil, io.Discard, io.Discard}, config: &Config{Contact: "test@example.test", Rate: 10000}}
	a, err := p.newAudit(t.Context(), st, log)
	if err != nil {
		t.Fatal(err)
	}
	scan, err := scanner.New(scanner.Config{Log: log, HTTP: l.Client(), UserAgent: "markwatch-test (test@example.test)", MaxRate: 10000, Once: true})
	if err != nil {
		t.Fatal(err)
	}
	if a.ask, err = scan.Auditor(); err != nil {
		t.Fatal(err)
	}
	if err := a.run(t.Context(), sampleOf(a.read, a.read, 1)); err != nil {
		t.Fatal(err)
	}
	return a
}

// wrongs are the checks that failed, and how often.
func wrongs(a *audit) map[string]uint64 {
	out := map[string]uint64{}
	for check, n := range a.counts {
		if n.Wrong > 0 {
			out[check] = n.Wrong
		}
	}
	return out
}

// TestAudit guards that a sound log of either protocol passes, whether its leaf
// hashes are kept or not, and that each way of serving something else is found.
func TestAudit(t *testing.T) {
	for _, kind := range []scanner.Type{scanner.RFC6962, scanner.Static} {
		for _, marks := range []bool{true, false} {
			t.Run(string(kind)+map[bool]string{true: "/marks", false: "/general"}[marks], func(t *testing.T) {
				st := testStore(t)
				l := marksLog(ctlogtest.Options{Name: "audited", Static: kind == scanner.Static})
				log := scanner.Log{Name: "audited", URL: "http://audited.test", Type: kind, Key: l.PublicKey(), Marks: marks}
				keep(t, st, l, log)
				auditCases(t, st, l, log)
			})
		}
	}
}

func auditCases(t *testing.T, st *store.Store, l *ctlogtest.Log, log scanner.Log) {
	for _, tt := range []struct {
		name   string
		faults ctlogtest.Faults
		want   map[string]uint64
	}{
		{"sound", ctlogtest.Faults{}, map[string]uint64{}},
		{"a leaf changed", ctlogtest.Faults{CorruptEntry: 1, CorruptIndex: 10}, map[string]uint64{checkLeaf: 1, checkProved: 1}},
		{"a leaf that comes and goes", ctlogtest.Faults{CorruptEntry: 2, CorruptIndex: 10}, map[string]uint64{checkTwice: 1}},
		{"a smaller head of the same tree", ctlogtest.Faults{SmallerHead: 1, Smaller: 7}, map[string]uint64{}},
		{"a head of another root", ctlogtest.Faults{WrongRoot: 1}, map[string]uint64{checkHead: 1}},
	} {
		if log.Type == scanner.Static && tt.faults.CorruptEntry > 0 {
			continue // what is changed there is no entry, and isn't read
		}
		t.Run(tt.name, func(t *testing.T) {
			l.SetFaults(tt.faults)
			defer l.SetFaults(ctlogtest.Faults{})
			a := auditOf(t, st, l, log)
			if diff := cmp.Diff(tt.want, wrongs(a)); diff != "" {
				t.Errorf("wrong (-want +got):\n%s%v", diff, a.faults)
			}
			if n := a.counts[checkProved].Checked; n != l.Size() {
				t.Errorf("%d of %d entries were proved", n, l.Size())
			}
			if n := a.counts[checkExtra].Checked; n != 60 {
				t.Errorf("extra_data of %d entries was compared, want that of all 60 marks", n)
			}
			if _, ok := tt.want[checkLeaf]; ok && (len(a.bad) != 1 || a.bad[0].Index != 10 || a.bad[0].Stored == nil || len(a.bad[0].Served) != 2) {
				t.Errorf("the evidence is of %+v", a.bad)
			}
		})
	}
}

// roundTripper answers requests.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// base64Of is how get-entries writes bytes.
func base64Of(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }

// TestAuditOtherExtraData guards that what no signature covers is compared too.
func TestAuditOtherExtraData(t *testing.T) {
	st := testStore(t)
	l := marksLog(ctlogtest.Options{Name: "audited"})
	log := scanner.Log{Name: "audited", URL: "http://audited.test", Type: scanner.RFC6962, Key: l.PublicKey(), Marks: true}
	keep(t, st, l, log)
	stored, err := st.EntriesBetween(t.Context(), log, 0, l.Size())
	if err != nil {
		t.Fatal(err)
	}
	changer := roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := l.Client().Do(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, "get-entries") {
			return resp, err
		}
		body, err := io.ReadAll(resp.Body)
		extra := base64Of(stored[4].WholeExtraData())
		resp.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(body, extra, base64Of([]byte("another")))))
		return resp, err
	})
	scan, err := scanner.New(scanner.Config{Log: log, HTTP: &http.Client{Transport: changer}, UserAgent: "markwatch-test (test@example.test)", MaxRate: 10000, Once: true})
	if err != nil {
		t.Fatal(err)
	}
	p := &program{config: &Config{Contact: "test@example.test"}}
	a, err := p.newAudit(t.Context(), st, log)
	if err != nil {
		t.Fatal(err)
	}
	if a.ask, err = scan.Auditor(); err != nil {
		t.Fatal(err)
	}
	if err := a.run(t.Context(), []uint64{3, 4, 5}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]uint64{checkExtra: 1}, wrongs(a)); diff != "" || *a.faults[0].Index != 4 {
		t.Errorf("wrong (-want +got):\n%s%v", diff, a.faults)
	}
}

// TestAuditUnserved guards that a log which serves nothing is not asked for ever.
func TestAuditUnserved(t *testing.T) {
	var a audit
	for range auditPatient {
		if a.aborted != nil {
			t.Fatal("it is given up too soon")
		}
		if err := a.notServed(t.Context(), []uint64{1, 2, 5}, errors.New("gone")); err != nil {
			t.Fatal(err)
		}
	}
	if n := a.counts[checkRead]; a.aborted == nil || n.Checked != 9 || n.Wrong != 9 || len(a.faults) != 3 {
		t.Errorf("given up: %v; %+v; %v", a.aborted, n, a.faults)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.notServed(ctx, []uint64{1}, errors.New("gone")); !errors.Is(err, context.Canceled) {
		t.Errorf("an audit that is interrupted goes on: %v", err)
	}
}

// TestSample guards that entries are picked fairly, once each, and again by the same seed.
func TestSample(t *testing.T) {
	if diff := cmp.Diff([]uint64{0, 1, 2, 3, 4}, sampleOf(5, 9, 1)); diff != "" {
		t.Errorf("all of them (-want +got):\n%s", diff)
	}
	seen := make([]int, 20)
	for seed := range uint64(2000) {
		picked := sampleOf(20, 5, seed)
		if len(picked) != 5 || len(slices.Compact(slices.Clone(picked))) != 5 || !slices.IsSorted(picked) || picked[4] >= 20 {
			t.Fatalf("picked %v", picked)
		}
		for _, i := range picked {
			seen[i]++
		}
	}
	for i, n := range seen {
		if n < 400 || n > 600 {
			t.Errorf("entry %d was picked %d times of 2000, want about 500", i, n)
		}
	}
	if diff := cmp.Diff(sampleOf(1<<40, 100, 7), sampleOf(1<<40, 100, 7)); diff != "" {
		t.Errorf("the same seed picks others:\n%s", diff)
	}
	want := [][]uint64{{1, 2, 30}, {100}, {250, 255}, {256}}
	if diff := cmp.Diff(want, auditRanges([]uint64{1, 2, 30, 100, 250, 255, 256})); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
}

// TestRecordRoots guards that a change of what a log accepts is an alarm that
// is told once and lasts no time.
func TestRecordRoots(t *testing.T) {
	st := testStore(t)
	a, b := marktest.NewCA("Anvil").Root(), marktest.NewCA("Brook").Root()
	first := ctlogtest.New(ctlogtest.Options{Name: "rooted", Roots: [][]byte{a}})
	shown := &shownLog{log: first}
	server := httptest.NewServer(shown)
	defer server.Close()
	p := &program{streams: streams{nil, io.Discard, io.Discard}, config: &Config{Contact: "test@example.test"}}
	p.newLogger = func(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
	log := scanner.Log{Name: "rooted", URL: server.URL, Type: scanner.RFC6962, Key: first.PublicKey()}
	w, err := p.newWatcher(st, []member{{log: log, wanted: true}}, true)
	if err != nil {
		t.Fatal(err)
	}
	w.roster = w.newRoster()
	began := time.Now().Add(-time.Minute)
	record := func() {
		t.Helper()
		if err := w.recordRoots(t.Context(), log); err != nil {
			t.Fatal(err)
		}
	}
	record()
	record()
	if alarms, err := st.Alarms(t.Context(), began); err != nil || len(alarms) != 0 {
		t.Fatalf("alarms before anything changed: %v, %v", alarms, err)
	}
	if wait := w.rootsOf(t.Context(), log); wait <= 0 || wait > rootsEvery {
		t.Errorf("looked at just now, and again in %v", wait)
	}
	shown.show(ctlogtest.New(ctlogtest.Options{Name: "rooted", Roots: [][]byte{b}}))
	record()
	record()
	alarms, err := st.Alarms(t.Context(), began)
	if err != nil || len(alarms) != 1 {
		t.Fatalf("alarms: %v, %v", alarms, err)
	}
	alarm := alarms[0]
	if alarm.Kind != "roots" || alarm.Subject != "rooted" || !alarm.Cleared.Equal(alarm.Since) {
		t.Errorf("the alarm is %+v", alarm)
	}
	for _, want := range []string{"1 came", "1 went", "Anvil", "Brook"} {
		if !strings.Contains(alarm.Text, want) {
			t.Errorf("the alarm does not say %q: %s", want, alarm.Text)
		}
	}
}
