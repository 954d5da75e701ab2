package ctlogtest

import (
	"crypto/sha256"

	"github.com/segmentio/asm/base64"
)

// Sizes of a store's parts.
const (
	arenaBlock   = 1 << 20 // bytes allocated at a time for encoded entries
	maxInterned  = 4096    // different extra_data of which one copy is looked for
	entryPrefix  = `{"leaf_input":"`
	entryMiddle  = `","extra_data":"`
	entrySuffix  = `"}`
	entriesStart = `{"entries":[`
	entriesEnd   = `]}`
)

// store keeps entries as the base64 that JSON wants, so that serving them is
// copying them. Chains that many entries share are kept once.
type store struct {
	entries  []encoded
	block    []byte
	interned map[Hash][]byte
}

// encoded is one entry in base64.
type encoded struct {
	leaf, extra []byte
	tail        []byte // what follows the entry in a data tile, as it is
}

// add appends an entry.
func (s *store) add(leafInput, extra, tail []byte) {
	id := sha256.Sum256(extra)
	e, ok := s.interned[id]
	if !ok {
		e = s.encode(extra)
		if s.interned == nil {
			s.interned = map[Hash][]byte{}
		}
		if len(s.interned) < maxInterned {
			s.interned[id] = e
		}
	}
	s.entries = append(s.entries, encoded{s.encode(leafInput), e, tail})
}

// copyOf appends entry i of another store.
func (s *store) copyOf(o *store, i uint64) { s.entries = append(s.entries, o.entries[i]) }

// encode writes the base64 of b into the arena.
func (s *store) encode(b []byte) []byte {
	n := base64.StdEncoding.EncodedLen(len(b))
	if n > cap(s.block)-len(s.block) {
		s.block = make([]byte, 0, max(n, arenaBlock))
	}
	at := len(s.block)
	s.block = s.block[:at+n]
	base64.StdEncoding.Encode(s.block[at:at+n], b)
	return s.block[at : at+n : at+n]
}

// getEntries writes the JSON of a get-entries response.
func getEntries(entries []encoded) []byte {
	n := len(entriesStart) + len(entriesEnd) + 1
	for _, e := range entries {
		n += len(entryPrefix) + len(e.leaf) + len(entryMiddle) + len(e.extra) + len(entrySuffix) + 1
	}
	b := append(make([]byte, 0, n), entriesStart...)
	for i, e := range entries {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, entryPrefix...), e.leaf...)
		b = append(append(b, entryMiddle...), e.extra...)
		b = append(b, entrySuffix...)
	}
	return append(append(b, entriesEnd...), '\n')
}
