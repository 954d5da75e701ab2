package scanner

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
)

// tileWidth is how many hashes or entries a full tile has.
const tileWidth = 256

// Entry types of RFC 6962, section 3.1.
const (
	x509Entry    = 0
	precertEntry = 1
)

// TileLeaf is one entry of a data tile (c2sp.org/static-ct-api, Log entries).
// Its slices are parts of the tile.
type TileLeaf struct {
	Entry          []byte // TimestampedEntry (RFC 6962, section 3.4), extensions and all
	Extensions     []byte // CtExtensions, without their length
	Precert        bool   // it is a precert_entry
	Precertificate []byte // the precertificate as it was submitted
	Chain          []byte // SHA-256 of each issuer, 32 bytes each
}

// ReadTileLeaf takes the first entry off a data tile.
func ReadTileLeaf(tile []byte) (leaf TileLeaf, rest []byte, err error) {
	in := cryptobyte.String(tile)
	var kind uint16
	var cert, ext, pre, chain cryptobyte.String
	if !in.Skip(8) || !in.ReadUint16(&kind) {
		return leaf, nil, errors.New("it ends within a timestamp or type")
	}
	switch {
	case kind == precertEntry:
		leaf.Precert = true
		if !in.Skip(sha256.Size) {
			return leaf, nil, errors.New("it ends within an issuer key hash")
		}
	case kind != x509Entry:
		return leaf, nil, fmt.Errorf("entry type %d is unknown", kind)
	}
	if !in.ReadUint24LengthPrefixed(&cert) || !in.ReadUint16LengthPrefixed(&ext) {
		return leaf, nil, errors.New("it ends within a certificate or extensions")
	}
	leaf.Entry, leaf.Extensions = tile[:len(tile)-len(in)], ext
	if leaf.Precert && !in.ReadUint24LengthPrefixed(&pre) {
		return leaf, nil, errors.New("it ends within a precertificate")
	}
	if !in.ReadUint16LengthPrefixed(&chain) || len(chain)%sha256.Size != 0 {
		return leaf, nil, errors.New("it ends within the fingerprints of a chain")
	}
	leaf.Precertificate, leaf.Chain = pre, chain
	return leaf, in, nil
}

// Why a leaf_index is not what it must be.
var (
	errNoLeafIndex   = errors.New("there is no leaf_index extension")
	errBadExtensions = errors.New("the extensions are broken or double")
)

// LeafIndex reads the extension by which an SCT says where its entry is
// (static-ct-api, SCT Extension). Others are ignored.
func (l TileLeaf) LeafIndex() (uint64, error) {
	in := cryptobyte.String(l.Extensions)
	index, found := uint64(0), false
	for !in.Empty() {
		var kind uint8
		var data cryptobyte.String
		if !in.ReadUint8(&kind) || !in.ReadUint16LengthPrefixed(&data) {
			return 0, errBadExtensions
		}
		if kind != 0 {
			continue
		}
		if found || len(data) != 5 {
			return 0, errBadExtensions
		}
		found = true
		index = uint64(data[0])<<32 | uint64(binary.BigEndian.Uint32(data[1:]))
	}
	if !found {
		return 0, errNoLeafIndex
	}
	return index, nil
}

// tileDecoder turns data tiles into chunks. It is used by one goroutine at a time.
type tileDecoder struct {
	filter func(leafInput []byte) bool
	leaf   []byte     // 0x00 and the MerkleTreeLeaf in hand: what the leaf hash covers
	chains []tailLeaf // of the entries that passed the filter
}

// tailLeaf is what an entry's extra_data is made of.
type tailLeaf struct {
	at             int // in the chunk's entries
	precert        bool
	precertificate []byte
	chain          []byte
}

// decode appends to c the entries from c.end up to end of a tile of so many
// entries, the first of which has the index start. extra_data is left out; what
// it is made of is in d.chains. After an error c is as before.
func (d *tileDecoder) decode(tile []byte, start uint64, width int, end uint64, c *chunk) error {
	before := *c
	d.chains = d.chains[:0]
	rest := tile
	for i := range uint64(width) {
		leaf, after, err := ReadTileLeaf(rest)
		if err != nil {
			*c = before
			return &formatError{fmt.Errorf("reading data tile at entry %d: %w", start+i, err)}
		}
		if rest = after; start+i == c.end && c.end < end {
			d.add(leaf, c)
		}
	}
	if len(rest) > 0 {
		*c = before
		return &formatError{fmt.Errorf("reading data tile at entry %d: %d bytes follow the last of %d entries", start, len(rest), width)}
	}
	return nil
}

// add hashes and filters one entry.
func (d *tileDecoder) add(leaf TileLeaf, c *chunk) {
	// SHA-256(0, MerkleTreeLeaf), which begins with version v1 and leaf type
	// timestamped_entry, both 0.
	d.leaf = append(append(d.leaf[:0], 0, 0, 0), leaf.Entry...)
	hash := sha256.Sum256(d.leaf)
	if index, err := leaf.LeafIndex(); err != nil || index != c.end {
		if err == nil {
			err = errOtherIndex
		}
		c.odd = append(c.odd, oddEntry{c.end, EntryLeafIndex, err})
	}
	if input := d.leaf[1:]; d.filter(input) {
		d.chains = append(d.chains, tailLeaf{len(c.entries), leaf.Precert, leaf.Precertificate, leaf.Chain})
		c.entries = append(c.entries, Entry{Index: c.end, LeafInput: bytes.Clone(input), LeafHash: hash})
	}
	c.hashes = append(c.hashes, hash)
	c.end++
}

// errOtherIndex says that a leaf_index is that of another entry.
var errOtherIndex = errors.New("the leaf_index is that of another entry")

// extraData writes what get-entries gives for an entry (RFC 6962, sections 3.1
// and 4.6): its chain, for a precertificate after itself.
func (t tailLeaf) extraData(chain [][]byte) []byte {
	n := 3
	for _, c := range chain {
		n += 3 + len(c)
	}
	out := make([]byte, 0, n+3+len(t.precertificate))
	if t.precert {
		out = append(appendUint24(out, len(t.precertificate)), t.precertificate...)
	}
	out = appendUint24(out, n-3)
	for _, c := range chain {
		out = append(appendUint24(out, len(c)), c...)
	}
	return out
}

// appendUint24 writes a length in three bytes.
func appendUint24(b []byte, n int) []byte { return append(b, byte(n>>16), byte(n>>8), byte(n)) }
