package scanner

import "time"

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
