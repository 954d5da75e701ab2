package scanner

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"time"
)

// positionVersion is the version of Position's JSON form.
const positionVersion = 1

// Position is all that a log's scan needs to go on after a restart. The zero
// value starts at the first entry. Its JSON form is versioned and stable.
type Position struct {
	Next     uint64    // index of the next entry to deliver
	Range    []Hash    // compact range of [0, Next): roots of its perfect subtrees, largest first
	Head     TreeHead  // largest verified tree head; of equal ones the newest
	Verified time.Time // when a tree head last verified
	Rate     float64   // learned requests per second; 0 is unknown
	Cap      int       // learned most entries per response; 0 is unknown
}

// positionJSON is the stored form of a Position.
type positionJSON struct {
	Version  int       `json:"version"`
	Next     uint64    `json:"next"`
	Range    [][]byte  `json:"range"`
	Head     *TreeHead `json:"head,omitempty"`
	Verified time.Time `json:"verified,omitzero"`
	Rate     float64   `json:"rate,omitempty"`
	Cap      int       `json:"cap,omitempty"`
}

// MarshalJSON writes the position with its version.
func (p Position) MarshalJSON() ([]byte, error) {
	j := positionJSON{positionVersion, p.Next, fromHashes(p.Range), &p.Head, p.Verified, p.Rate, p.Cap}
	if p.Head.IsZero() {
		j.Head = nil
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes, and refuses other versions.
func (p *Position) UnmarshalJSON(b []byte) error {
	var j positionJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if j.Version != positionVersion {
		return fmt.Errorf("position has version %d, this program reads version %d", j.Version, positionVersion)
	}
	r, err := toHashes(j.Range)
	if err != nil {
		return fmt.Errorf("range of position: %w", err)
	}
	*p = Position{Next: j.Next, Range: r, Verified: j.Verified.UTC(), Rate: j.Rate, Cap: j.Cap}
	if j.Head != nil {
		p.Head = *j.Head
	}
	return nil
}

// validate checks that a stored position can be of this log and is whole.
func (p Position) validate(l Log) error {
	if len(p.Range) != bits.OnesCount64(p.Next) {
		return fmt.Errorf("position %d of log %s has a compact range of %d hashes, want %d",
			p.Next, l.Name, len(p.Range), bits.OnesCount64(p.Next))
	}
	if p.Head.IsZero() {
		if p.Next > 0 {
			return fmt.Errorf("position %d of log %s has no tree head", p.Next, l.Name)
		}
		return nil
	}
	if err := VerifyTreeHead(l, p.Head); err != nil {
		return fmt.Errorf("stored tree head of log %s: %w", l.Name, err)
	}
	if p.Head.Size < p.Next {
		return fmt.Errorf("position %d of log %s is beyond its tree head of %d entries", p.Next, l.Name, p.Head.Size)
	}
	if p.Head.Size == p.Next && rootOf(p.Next, p.Range) != p.Head.Root {
		return fmt.Errorf("compact range of position %d of log %s contradicts its tree head", p.Next, l.Name)
	}
	return nil
}

// fromHashes and toHashes turn hashes into the slices that JSON and the
// merkle packages want, and back.
func fromHashes(hs []Hash) [][]byte {
	out := make([][]byte, len(hs))
	for i := range hs {
		out[i] = hs[i][:]
	}
	return out
}

func toHashes(bs [][]byte) ([]Hash, error) {
	out := make([]Hash, len(bs))
	for i, b := range bs {
		h, err := toHash(b)
		if err != nil {
			return nil, fmt.Errorf("hash %d: %w", i, err)
		}
		out[i] = h
	}
	return out, nil
}
