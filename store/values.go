package store

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"markwatch/parse"
	"markwatch/scanner"
)

func hexOf(sum [32]byte) string { return hex.EncodeToString(sum[:]) }

// optionalHex is hexOf, "" for the hash of nothing.
func optionalHex(sum [32]byte) string {
	if sum == [32]byte{} {
		return ""
	}
	return hexOf(sum)
}

// logID is a log's id as RFC 6962 APIs write it: base64.
func logID(log scanner.Log) string {
	id := log.ID()
	return base64.StdEncoding.EncodeToString(id[:])
}

// storable brings a time, which a log or a certificate may set to anything,
// into the range that both ClickHouse's DateTime64 (from 1900) and the driver's
// nanoseconds in 64 bits (to April 2262) hold.
func storable(t time.Time) time.Time {
	earliest := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	latest := time.Date(2261, 12, 31, 23, 59, 59, 0, time.UTC)
	switch {
	case t.IsZero():
		return time.Unix(0, 0).UTC()
	case t.Before(earliest):
		return earliest
	case t.After(latest):
		return latest
	}
	return t.UTC()
}

// never is the time of what isn't logged: later than all that is storable, and
// early enough for the driver.
func never() time.Time { return time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// leafTimestamp reads the timestamp of a MerkleTreeLeaf (RFC 6962, section
// 3.4), which stands before what may be malformed; zero where not even it is there.
func leafTimestamp(leaf []byte) time.Time {
	if len(leaf) < 10 {
		return time.Time{}
	}
	return time.UnixMilli(int64(min(binary.BigEndian.Uint64(leaf[2:10]), 1<<53))).UTC()
}

func attribute(name parse.Name, attribute string) string {
	for _, a := range name {
		if a.Name == attribute {
			return a.Value
		}
	}
	return ""
}

func access(m *parse.MarkCertificate, method string) []string {
	var urls []string
	for _, a := range m.AIA {
		if a.Method == method {
			urls = append(urls, a.Location)
		}
	}
	return urls
}

func sctLogIDs(m *parse.MarkCertificate) []string {
	var ids []string
	for _, sct := range m.SCTs {
		ids = append(ids, base64.StdEncoding.EncodeToString(sct.LogID[:]))
	}
	return ids
}

// appendNew appends those texts that are neither empty nor in the list. A
// certificate may hold twenty thousand.
func appendNew(list []string, texts ...string) []string {
	if len(list)+len(texts) <= 16 {
		for _, s := range texts {
			if s != "" && !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		return list
	}
	seen := map[string]bool{"": true}
	for _, s := range list {
		seen[s] = true
	}
	for _, s := range texts {
		if !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return list
}

// reproducible tells whether the extra_data of an entry (RFC 6962, section
// 4.6) is exactly what its precertificate and chain make, so that it need not
// be kept beside them.
func reproducible(e *parse.Entry, extra []byte) bool {
	rest := cryptobyte.String(extra)
	next := func(want []byte) bool {
		var got cryptobyte.String
		return rest.ReadUint24LengthPrefixed(&got) && bytes.Equal(got, want)
	}
	if e.Type == parse.PrecertEntry && !next(e.Mark.DER) {
		return false
	}
	var chain cryptobyte.String
	if !rest.ReadUint24LengthPrefixed(&chain) || !rest.Empty() {
		return false
	}
	rest = chain
	for _, der := range e.Chain {
		if !next(der) {
			return false
		}
	}
	return rest.Empty()
}
