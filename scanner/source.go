package scanner

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
)

// Most bytes of responses. An entry and its chain can be 16 MiB each, twice
// for a precertificate (RFC 6962, section 3.1); no sound answer is larger than
// one such.
const (
	maxHeadBytes    = 64 << 10
	maxProofBytes   = 64 << 10
	maxEntriesBytes = 64 << 20
	maxProofNodes   = 64
)

// source is a log as its protocol shows it. Its methods try again as their
// manner says, return the error of ctx when that ends, and may be called
// concurrently. Nothing they return is checked but for the signature of heads.
type source interface {
	// head returns the tree head that the log shows now; its signature has
	// verified. A *SignatureError is final.
	head(ctx context.Context, m manner) (TreeHead, error)
	// consistency returns what the log gives for a proof that the tree of size
	// a is a prefix of that of size b, 0 < a < b. b is the size of a tree head.
	consistency(ctx context.Context, a, b uint64, m manner) ([]Hash, error)
	// entries appends to c the entries from c.end on, up to end at most: one
	// or more of them. size is that of a tree head that covers end. w belongs
	// to the caller's goroutine.
	entries(ctx context.Context, c *chunk, end, size uint64, m manner, w *workspace) error
	// inclusion returns what the log gives for the audit path of a leaf in the
	// tree of this size, that of a tree head. index may be nil: the log finds
	// it, or it is looked for.
	inclusion(ctx context.Context, leaf Hash, index *uint64, size uint64, m manner) (uint64, []Hash, error)
}

// workspace is what a goroutine that fetches entries uses again and again.
type workspace struct {
	body     []byte
	decoder  decoder // of get-entries
	unpacker unpacker
	tiles    tileDecoder
}

// newWorkspace makes one that delivers what passes the filter.
func newWorkspace(filter func(leafInput []byte) bool) *workspace {
	return &workspace{decoder: decoder{filter: filter}, tiles: tileDecoder{filter: filter}}
}

// rfc6962Log is the source for logs of RFC 6962.
type rfc6962Log struct {
	*client
	capper *capper
}

// head asks get-sth (section 4.3).
func (s *rfc6962Log) head(ctx context.Context, m manner) (TreeHead, error) {
	return s.treeHead(ctx, "get-sth", m, func(body []byte) (TreeHead, error) { return parseSTH(s.cfg.Log.ID(), body) })
}

// consistency asks get-sth-consistency (section 4.4).
func (s *rfc6962Log) consistency(ctx context.Context, a, b uint64, m manner) ([]Hash, error) {
	var proof []Hash
	next := func(error) request {
		return request{
			endpoint: "get-sth-consistency", query: fmt.Sprintf("?first=%d&second=%d", a, b), limit: maxProofBytes, fresh: m.fresh,
		}
	}
	err := s.ask(ctx, m, new([]byte), next, func(body []byte) (err error) {
		proof, err = parseConsistency(body)
		return err
	})
	return proof, err
}

// parseConsistency reads a get-sth-consistency response.
func parseConsistency(body []byte) ([]Hash, error) {
	var r struct {
		Consistency [][]byte `json:"consistency"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, &formatError{fmt.Errorf("reading consistency proof: %w", err)}
	}
	if len(r.Consistency) > maxProofNodes+1 {
		return nil, &formatError{fmt.Errorf("consistency proof has %d nodes", len(r.Consistency))}
	}
	proof, err := toHashes(r.Consistency)
	if err != nil {
		return nil, &formatError{fmt.Errorf("consistency proof: %w", err)}
	}
	return proof, nil
}

// entries asks get-entries (section 4.6).
func (s *rfc6962Log) entries(ctx context.Context, c *chunk, end, _ uint64, m manner, w *workspace) error {
	var from, to uint64
	next := func(last error) request {
		if errors.Is(last, errOversized) {
			s.capper.oversized(int(to - from))
		}
		from, to = c.end, s.capper.plan(c.end, end)
		return request{
			endpoint: "get-entries", query: fmt.Sprintf("?start=%d&end=%d", from, to-1), limit: maxEntriesBytes, fresh: m.fresh,
		}
	}
	err := s.ask(ctx, m, &w.body, next, func(body []byte) error {
		got, err := w.decoder.decode(body, int(to-from), c)
		if err == nil {
			s.capper.answered(from, int(to-from), got, len(body), from > c.start)
		}
		return err
	})
	if err == nil && m.fresh {
		c.bodies = append(c.bodies, sha256.Sum256(w.body))
	}
	return err
}
