package faults

import (
	"encoding/json"
	"slices"

	"markwatch/scanner"
)

// jsonEntry is an entry of get-entries (RFC 6962, section 4.6).
type jsonEntry struct {
	LeafInput []byte `json:"leaf_input"`
	ExtraData []byte `json:"extra_data"`
}

// onEntries is an alteration of an answer with entries, of either protocol. It
// leaves alone what it can't read, such as a data tile that is gzip.
func onEntries(f func(entries [][]byte) [][]byte) func(l *Log, body []byte) []byte {
	return func(l *Log, body []byte) []byte {
		if l.Type == scanner.Static {
			return onTile(body, f)
		}
		var got struct {
			Entries []json.RawMessage `json:"entries"`
		}
		if json.Unmarshal(body, &got) != nil || len(got.Entries) < 4 {
			return body
		}
		raw := make([][]byte, len(got.Entries))
		for i, e := range got.Entries {
			raw[i] = e
		}
		raw = f(raw)
		got.Entries = make([]json.RawMessage, len(raw))
		for i, e := range raw {
			got.Entries[i] = e
		}
		out, err := json.Marshal(got)
		if err != nil {
			return body
		}
		return out
	}
}

// onTile does the same with the entries of a data tile.
func onTile(body []byte, f func(entries [][]byte) [][]byte) []byte {
	var raw [][]byte
	for rest := body; len(rest) > 0; {
		_, after, err := scanner.ReadTileLeaf(rest)
		if err != nil {
			return body
		}
		raw, rest = append(raw, rest[:len(rest)-len(after)]), after
	}
	if len(raw) < 3 {
		return body
	}
	return slices.Concat(f(raw)...)
}

// Alterations of the entries of one answer, of which there are three or more.

func swapped(e [][]byte) [][]byte { e[0], e[1] = e[1], e[0]; return e }

func doubled(e [][]byte) [][]byte { e[1] = e[0]; return e }

func lacking(e [][]byte) [][]byte { return slices.Delete(e, 1, 2) }

func oneMore(e [][]byte) [][]byte { return append(e, e[len(e)-1]) }

func noEntries([][]byte) [][]byte { return [][]byte{} }

// damaged turns a bit of an entry: of an answer in base64 its leaf_input, of a
// tile a byte of its certificate.
func damaged(l *Log, body []byte) []byte {
	if l.Type == scanner.Static {
		return onTile(body, func(e [][]byte) [][]byte {
			e[1] = slices.Clone(e[1])
			e[1][100] ^= 1
			return e
		})
	}
	return onJSON(body, func(e []jsonEntry) { e[1].LeafInput[len(e[1].LeafInput)/2] ^= 1 })
}

// onJSON alters decoded entries.
func onJSON(body []byte, f func([]jsonEntry)) []byte {
	var got struct {
		Entries []jsonEntry `json:"entries"`
	}
	if json.Unmarshal(body, &got) != nil || len(got.Entries) < 4 {
		return body
	}
	f(got.Entries)
	out, err := json.Marshal(got)
	if err != nil {
		return body
	}
	return out
}

// tampered turns a bit of the precertificates, which no leaf hash covers: of
// get-entries in extra_data, of a data tile where it follows the entry.
func tampered(l *Log, body []byte) []byte {
	if l.Type != scanner.Static {
		return onJSON(body, func(entries []jsonEntry) {
			for _, e := range entries {
				if isPrecert(e.LeafInput) {
					precertBit(e.ExtraData)
				}
			}
		})
	}
	return onTile(body, func(entries [][]byte) [][]byte {
		for i, raw := range entries {
			leaf, _, err := scanner.ReadTileLeaf(raw)
			if err == nil && leaf.Precert {
				entries[i] = slices.Clone(raw)
				precertBit(entries[i][len(leaf.Entry):])
			}
		}
		return entries
	})
}

// isPrecert says whether a leaf is of a precertificate (RFC 6962, section 3.4).
func isPrecert(leaf []byte) bool { return len(leaf) > 12 && leaf[10] == 0 && leaf[11] == 1 }

// precertBit turns the last bit of the precertificate that b begins with, after
// its length: a bit of the issuer's signature.
func precertBit(b []byte) {
	if len(b) < 3 {
		return
	}
	if n := int(b[0])<<16 | int(b[1])<<8 | int(b[2]); n > 0 && n <= len(b)-3 {
		b[2+n] ^= 1
	}
}

// turned turns a bit of the first hash of a proof, or of a hash tile.
func turned(l *Log, body []byte) []byte {
	if l.Type == scanner.Static {
		body = slices.Clone(body)
		if len(body) > 0 {
			for i := 0; i < len(body); i += 32 {
				body[i] ^= 1
			}
		}
		return body
	}
	var p struct {
		Consistency [][]byte `json:"consistency"`
	}
	if json.Unmarshal(body, &p) != nil || len(p.Consistency) == 0 {
		return body
	}
	p.Consistency[0][0] ^= 1
	out, err := json.Marshal(p)
	if err != nil {
		return body
	}
	return out
}
