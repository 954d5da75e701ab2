package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/compact"

	"markwatch/internal/ctlogtest"
)

// TestIssuancesParse guards that what is minted is what it claims to be: signed,
// each with a name and serial number of its own, its entry the certificate less its SCTs.
func TestIssuancesParse(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := x509.ParseCertificate(w.chain[0])
	if err != nil {
		t.Fatal(err)
	}
	serials := map[string]bool{}
	for _, n := range []uint64{0, 1, 123_456_789} {
		i, err := w.tls(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, der := range [][]byte{i.precertificate, i.certificate} {
			cert, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			if err := cert.CheckSignatureFrom(issuer); err != nil {
				t.Errorf("issuance %d: %v", n, err)
			}
			host := hostName(n)
			if diff := cmp.Diff([]string{host, "www." + host, "api." + host}, cert.DNSNames); diff != "" {
				t.Errorf("issuance %d: names (-want +got):\n%s", n, diff)
			}
			serials[cert.SerialNumber.String()] = true
		}
		if len(i.tbs) >= len(i.precertificate) {
			t.Errorf("issuance %d: the entry has %d bytes, its precertificate %d", n, len(i.tbs), len(i.precertificate))
		}
	}
	if len(serials) != 3 {
		t.Errorf("three issuances have %d serial numbers", len(serials))
	}
}

// TestBareReader guards that the bare reader reads all of a log, and that it
// notices when what it has read isn't what the log signed.
func TestBareReader(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	for _, static := range []bool{false, true} {
		for _, entries := range []uint64{1, 256, 1300} {
			l, err := memoryLog(w, entries, static)
			if err != nil {
				t.Fatal(err)
			}
			if err := readBare(t.Context(), l.url, static); err != nil {
				t.Errorf("%s of %d entries: %v", l.protocol(), entries, err)
			}
			if l.served.Load() < 2 {
				t.Errorf("%s of %d entries: %d requests were counted", l.protocol(), entries, l.served.Load())
			}
			l.close()
		}
		log := ctlogtest.New(ctlogtest.Options{Name: "liar", Static: static})
		i, err := w.tls(1)
		if err != nil {
			t.Fatal(err)
		}
		log.AddRaw(rawEntry(i, 1, static))
		log.Publish()
		log.SetFaults(ctlogtest.Faults{CorruptEntry: 1})
		l := &ctLog{static: static}
		if err := l.serve(log.Handler()); err != nil {
			t.Fatal(err)
		}
		if err := readBare(t.Context(), l.url, static); err == nil || !strings.Contains(err.Error(), "root") {
			t.Errorf("%s with a turned bit: %v, want that the root is another", l.protocol(), err)
		}
		l.close()
	}
}

// TestCumulative guards that pprof's table is read by its column of what is under a function.
func TestCumulative(t *testing.T) {
	got := cumulative([]byte(`File: markwatch
Showing nodes accounting for 0.73s, 24.01% of 3.04s total
      flat  flat%   sum%        cum   cum%
         0     0%     0%      1.93s 30.59%  main.featuresOf
     0.02s  1.00%  2.00%       90ms  8.55%  main.(*watcher).readBatch.func1 (inline)
`))
	want := map[string]time.Duration{"main.featuresOf": 1930 * time.Millisecond, "main.(*watcher).readBatch.func1": 90 * time.Millisecond}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBrandsRepeat guards that five issuances of marks are of two brands.
func TestBrandsRepeat(t *testing.T) {
	const entries = 100_000
	brands, issuances := map[uint64]bool{}, 0
	for n := range uint64(entries) {
		if isPair(n, entries) {
			brands[brandOf(n)] = true
			issuances++
		}
	}
	if issuances != 100 || len(brands) != 40 {
		t.Errorf("%d issuances are of %d brands, want 100 of 40", issuances, len(brands))
	}
}

// TestShareOfMarks guards that 0.2 % of the entries are marks, in pairs.
func TestShareOfMarks(t *testing.T) {
	marks := 0
	for n := uint64(0); n < 100_000; n += 2 {
		if isPair(n, 100_000) {
			marks += 2
		}
	}
	if marks != 200 {
		t.Errorf("%d of 100,000 entries are marks, want 200", marks)
	}
}

// TestVerifiedPosition guards how certspotter's state is read.
func TestVerifiedPosition(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	if got := verifiedPosition(file); got != 0 {
		t.Errorf("without a state: %d", got)
	}
	if err := os.WriteFile(file, []byte(`{"download_position":{"nodes":[],"size":9},"verified_position":{"nodes":[],"size":7}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := verifiedPosition(file); got != 7 {
		t.Errorf("verified position %d, want 7", got)
	}
}

// TestField guards how memory is read.
func TestField(t *testing.T) {
	status := []byte("Name:\tpeers\nVmHWM:\t  2048 kB\nRssAnon:\t    1024 kB\n")
	if got := field(status, "RssAnon"); got != 1<<20 {
		t.Errorf("RssAnon is %d", got)
	}
	if got := field(status, "VmHWM"); got != 2<<20 {
		t.Errorf("VmHWM is %d", got)
	}
	if got := field(status, "VmSwap"); got != 0 {
		t.Errorf("what isn't there is %d", got)
	}
}

// TestRates guards what is computed of the runs.
func TestRates(t *testing.T) {
	m := measured{entries: 1000 + startEntries, start: time.Second, runs: []usage{
		{cpu: 3 * time.Second, anonymous: 5}, {cpu: 2 * time.Second, anonymous: 4},
	}}
	if got := m.rateAfterStart(); got != 1000 {
		t.Errorf("%.0f entries per CPU second after the start, want 1000", got)
	}
	if got := m.rate(); got != 628 {
		t.Errorf("%.0f entries per CPU second, want 628", got)
	}
	if got := m.anonymous(); got != 5 {
		t.Errorf("%d bytes at most, want 5", got)
	}
}

// FuzzBare guards that no answer of a log makes the bare reader panic, and that
// it adds no more leaves than an answer has bytes.
func FuzzBare(f *testing.F) {
	f.Add([]byte(`{"entries":[{"leaf_input":"AAAA","extra_data":"AA=="}]}`))
	f.Add([]byte(`"leaf_input":"` + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, 99)) + `"extra_data":"`))
	f.Add(append(make([]byte, 10), 0, 0, 1, 7, 0, 0, 0, 0))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, add := range []func(*bare, []byte) error{(*bare).addEntries, (*bare).addTile} {
			b := &bare{hash: sha256.New(), tree: (&compact.RangeFactory{Hash: nodeHash}).NewEmptyRange(0)}
			if err := add(b, body); err == nil && b.tree.End() > uint64(len(body)) {
				t.Errorf("%d leaves of %d bytes", b.tree.End(), len(body))
			}
		}
	})
}

// TestProgramsAreMeasured guards that time and requests of a process are counted.
func TestProgramsAreMeasured(t *testing.T) {
	if os.Getenv("PEERS_BARE") != "" {
		if err := readBare(context.Background(), os.Getenv("PEERS_BARE"), false); err != nil {
			t.Fatal(err)
		}
		return
	}
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	l, err := memoryLog(w, 2000, false)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	b := bench{dir: t.TempDir()}
	u, err := b.run(t.Context(), selfReader(t), l)
	if err != nil {
		t.Fatal(err)
	}
	if u.cpu <= 0 || u.wall <= 0 || u.requests != 3 {
		t.Errorf("measured %+v, want time and three requests", u)
	}
}

// selfReader reads a log in a process of this test's program.
func selfReader(t *testing.T) reader {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return reader{name: "self", run: func(_ programs, l *ctLog, _ string) (*exec.Cmd, func() bool, error) {
		cmd := exec.Command(self, "-test.run", "^TestProgramsAreMeasured$")
		cmd.Env = append(os.Environ(), "PEERS_BARE="+l.url)
		return cmd, nil, nil
	}}
}
