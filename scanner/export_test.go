package scanner

import (
	"context"
	"time"
)

// Decoded is what a get-entries response was read as.
type Decoded struct {
	Hashes  []Hash
	Entries []Entry
}

// NewDecode returns a function that reads get-entries responses, and keeps its
// buffers.
func NewDecode(filter func([]byte) bool) func(body []byte, most int) (Decoded, error) {
	d := &decoder{filter: filter}
	c := &chunk{}
	return func(body []byte, most int) (Decoded, error) {
		*c = chunk{hashes: c.hashes[:0], entries: c.entries[:0]}
		_, err := d.decode(body, most, c)
		return Decoded{c.hashes, c.entries}, err
	}
}

// Strict says whether a response has the usual shape.
func Strict(body []byte, most int) bool {
	d := &decoder{filter: HasMarkEKU}
	return d.strict(body, most, &chunk{}) == nil
}

// ParseSTH reads a get-sth response.
func ParseSTH(body []byte) (TreeHead, error) { return parseSTH(Hash{}, body) }

// ParseConsistency reads a get-sth-consistency response.
func ParseConsistency(body []byte) ([]Hash, error) { return parseConsistency(body) }

// ParseRetryAfter reads a Retry-After header.
func ParseRetryAfter(v, date string, now time.Time) (time.Duration, bool) {
	return parseRetryAfter(v, date, now)
}

// ConsistencyProof makes a proof from leaf hashes.
func ConsistencyProof(leaves []Hash, a uint64) []Hash { return consistencyProof(leaves, a) }

// VerifyConsistency checks a proof.
func VerifyConsistency(a, b uint64, p []Hash, ra, rb Hash) error {
	return verifyConsistency(a, b, p, ra, rb)
}

// ParseInclusion reads a get-proof-by-hash response.
func ParseInclusion(body []byte) (uint64, []Hash, error) { return parseInclusion(body) }

// NewDecodeTile returns a function that reads the entries [from, end) of data
// tiles, and keeps its buffers.
func NewDecodeTile(filter func([]byte) bool) func(tile []byte, start uint64, width int, from, end uint64) (Decoded, error) {
	d := &tileDecoder{filter: filter}
	c := &chunk{}
	return func(tile []byte, start uint64, width int, from, end uint64) (Decoded, error) {
		*c = chunk{start: from, end: from, hashes: c.hashes[:0], entries: c.entries[:0], odd: c.odd[:0]}
		err := d.decode(tile, start, width, end, c)
		return Decoded{c.hashes, c.entries}, err
	}
}

// TilePath writes the number and width of a tile.
func TilePath(n uint64, width int) string { return tilePath(n, width) }

// ParseHashTile reads a hash tile.
func ParseHashTile(body []byte, width int) ([]Hash, error) { return parseHashTile(body, width) }

// Unpack undoes gzip.
func Unpack(body []byte, most int) ([]byte, error) { return new(unpacker).unpack(body, most) }

// AskConsistency gets a proof from a log as its protocol gives it.
func AskConsistency(ctx context.Context, cfg Config, a, b uint64) ([]Hash, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	r, err := newRun(cfg)
	if err != nil {
		return nil, err
	}
	return r.src.consistency(ctx, a, b, manner{tries: 2})
}
