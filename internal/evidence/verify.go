package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"markwatch/scanner"
)

// Check is one thing that was looked at.
type Check struct {
	Piece   string // the file that it is about
	Claim   string // what holds, or should
	Problem string // what is wrong; "" if it holds
	Note    string // what the reader should know, though nothing is wrong
}

// Result is what checking a pack found.
type Result struct {
	About    string    // the case, in a line
	AsOf     time.Time // the pack's date
	Program  string    // what made it
	Manifest string    // SHA-256 of manifest.json: the value to compare with what was handed over
	Checks   []Check
}

// Problems are the checks that don't hold.
func (r *Result) Problems() []Check {
	return slices.DeleteFunc(slices.Clone(r.Checks), func(c Check) bool { return c.Problem == "" })
}

// Verify checks a pack: each piece by its hash, and then what the pieces prove
// of each other. known are logs whose keys are known otherwise; a pack's key
// that isn't one of theirs is noted. An error means that the file is no pack
// that can be read.
func Verify(r io.ReaderAt, size int64, known []scanner.Log) (*Result, error) {
	u, err := unzip(r, size)
	if err != nil {
		return nil, err
	}
	v := &verifier{unzipped: u, known: known, strangers: map[string]bool{}, out: &Result{}}
	m, err := v.manifest()
	if err != nil {
		return nil, err
	}
	v.seal()
	v.hashes(m)
	for _, i := range m.Issuances {
		v.issuance(i)
	}
	if len(m.Issuances) == 0 {
		v.check(manifestName, "it names what the pack is about", errors.New("it names no issuance"))
	}
	return v.out, nil
}

// verifier checks one pack.
type verifier struct {
	*unzipped
	known     []scanner.Log
	strangers map[string]bool // ids of logs whose keys are noted to be unknown
	out       *Result
}

// check notes whether a claim about a piece holds, and returns that.
func (v *verifier) check(piece, claim string, err error) bool {
	c := Check{Piece: piece, Claim: claim}
	if err != nil {
		c.Problem = err.Error()
	}
	v.out.Checks = append(v.out.Checks, c)
	return err == nil
}

// note tells the reader something that is no fault.
func (v *verifier) note(piece, claim, note string) {
	v.out.Checks = append(v.out.Checks, Check{Piece: piece, Claim: claim, Note: note})
}

// manifest reads the manifest.
func (v *verifier) manifest() (*manifest, error) {
	text, ok := v.data[manifestName]
	if err := v.broken[manifestName]; err != nil {
		return nil, fmt.Errorf("%s can't be read: %w", manifestName, err)
	}
	if !ok {
		return nil, fmt.Errorf("it has no %s: it is no evidence pack", manifestName)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s can't be read: %w", manifestName, err)
	}
	if m.Format != packFormat {
		return nil, fmt.Errorf("%s is of no evidence pack: its format is %q", manifestName, m.Format)
	}
	if m.Version != packVersion {
		return nil, fmt.Errorf("the pack is of version %d, and this markwatch knows version %d: a newer one may read it", m.Version, packVersion)
	}
	entries := 0
	for _, i := range m.Issuances {
		entries += len(i.Entries)
	}
	if len(m.Pieces) > maxPieces || entries > maxPieces {
		return nil, fmt.Errorf("%s names %d pieces and %d log entries: no pack has more than %d", manifestName, len(m.Pieces), entries, maxPieces)
	}
	v.out.AsOf, v.out.Program, v.out.Manifest = m.AsOf, m.Program, hexOf(sha256.Sum256(text))
	v.out.About = "a certificate that was logged"
	if m.Hit != nil {
		v.out.About = "hit " + m.Hit.ID
	}
	if len(m.Issuances) > 0 {
		v.out.About += ": " + m.Issuances[0].Organisation + " (" + strings.Join(m.Issuances[0].Domains, ", ") + ")"
	}
	return &m, nil
}

// hashes checks every piece by its hash: none missing, none besides.
func (v *verifier) hashes(m *manifest) {
	const claim = "its SHA-256 is the manifest's"
	named := map[string]string{}
	for _, p := range m.Pieces {
		if _, twice := named[p.Name]; twice {
			v.check(manifestName, "it names each piece once", fmt.Errorf("it names %q twice", p.Name))
		}
		named[p.Name] = p.SHA256
		data, err := v.piece(p.Name)
		if sum := hexOf(sha256.Sum256(data)); err == nil && sum != p.SHA256 {
			err = fmt.Errorf("it is not the file that was packed: its SHA-256 is %s, the manifest says %s", sum, p.SHA256)
		}
		v.check(p.Name, claim, err)
	}
	for _, name := range slices.Sorted(maps.Keys(v.data)) {
		if _, ok := named[name]; !ok && name != manifestName && name != sumsName {
			v.check(name, claim, errors.New("the manifest doesn't name it: it was added"))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.broken)) {
		if _, ok := named[name]; !ok {
			v.check(name, claim, v.broken[name])
		}
	}
	v.sums(named)
}

// seal checks the manifest by SHA256SUMS, first of all: what else is checked
// rests on the manifest's words.
func (v *verifier) seal() {
	text, err := v.piece(sumsName)
	if err != nil {
		return // sums says so
	}
	const claim = "its SHA-256 is the one of " + sumsName
	others := true // whether SHA256SUMS is right of all else
	var said string
	for line := range strings.Lines(string(text)) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if name == manifestName {
			said = sum
		} else if hexOf(sha256.Sum256(v.data[name])) != sum {
			others = false
		}
	}
	switch {
	case said == v.out.Manifest:
		v.check(manifestName, claim, nil)
	case others && said != "":
		v.check(manifestName, claim, fmt.Errorf("it is not the manifest that was packed: its SHA-256 is %s, %s says %s", v.out.Manifest, sumsName, said))
	}
}

// sums checks SHA256SUMS against the manifest.
func (v *verifier) sums(named map[string]string) {
	text, err := v.piece(sumsName)
	if err != nil {
		v.check(sumsName, "it names each piece", err)
		return
	}
	named = maps.Clone(named)
	named[manifestName] = v.out.Manifest
	var want strings.Builder
	for _, name := range slices.Sorted(maps.Keys(named)) {
		fmt.Fprintf(&want, "%s  %s\n", named[name], name)
	}
	if string(text) != want.String() {
		err = errors.New("it and the manifest say different things")
	}
	v.check(sumsName, "it names each piece with its hash", err)
}

// piece is a file of the pack.
func (v *verifier) piece(name string) ([]byte, error) {
	if err := v.broken[name]; err != nil {
		return nil, fmt.Errorf("it can't be read: %w", err)
	}
	data, ok := v.data[name]
	if !ok {
		return nil, errors.New("it is missing")
	}
	return data, nil
}

// need is a piece for further checks, nil where it is missing; pieces has said so then.
func (v *verifier) need(name string) []byte {
	data, err := v.piece(name)
	if err != nil {
		v.check(name, "it is there", err)
	}
	return data
}

// same says where two pieces that must be equal are not.
func same(got, want []byte, what string) error {
	if bytes.Equal(got, want) {
		return nil
	}
	return fmt.Errorf("it is not %s", what)
}
