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
	// a is a prefix of that of size b, 0 < a < b.
	consistency(ctx context.Context, a, b uint64, m manner) ([]Hash, error)
	// entries appends to c the entries from c.end on, up to end at most: one
	// or more of them. w belongs to the caller's goroutine.
	entries(ctx context.Context, c *chunk, end uint64, m manner, w *workspace) error
}

// workspace is what a goroutine that fetches entries uses again and again.
type workspace struct {
	body    []byte
	decoder decoder
}

// rfc6962Log is the source for logs of RFC 6962.
type rfc6962Log struct {
	*client
	capper *capper
}

// head asks get-sth (section 4.3).
func (s *rfc6962Log) head(ctx context.Context, m manner) (TreeHead, error) {
	var h TreeHead
	bad := 0
	next := func(error) request {
		return request{endpoint: "get-sth", limit: maxHeadBytes, fresh: m.fresh || bad > 0}
	}
	err := s.ask(ctx, m, new([]byte), next, func(body []byte) error {
		shown, err := parseSTH(s.cfg.Log.ID(), body)
		if err != nil {
			return &formatError{err}
		}
		if err := VerifyTreeHead(s.cfg.Log, shown); err != nil {
			bad++
			s.cfg.Observe(HeadSuspect{s.cfg.Log.Name, shown, SuspectSignature, err.Error()})
			bogus := &SignatureError{s.cfg.Log, shown, bad, err, s.cfg.Now()}
			if bad >= badSignatureMost {
				return permanent{bogus}
			}
			return bogus
		}
		h = shown
		return nil
	})
	return h, err
}

// consistency asks get-sth-consistency (section 4.4).
func (s *rfc6962Log) consistency(ctx context.Context, a, b uint64, m manner) ([]Hash, error) {
	var proof []Hash
	next := func(error) request {
		return request{"get-sth-consistency", fmt.Sprintf("?first=%d&second=%d", a, b), maxProofBytes, m.fresh}
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
func (s *rfc6962Log) entries(ctx context.Context, c *chunk, end uint64, m manner, w *workspace) error {
	var from, to uint64
	next := func(last error) request {
		if errors.Is(last, errOversized) {
			s.capper.oversized(int(to - from))
		}
		from, to = c.end, s.capper.plan(c.end, end)
		return request{"get-entries", fmt.Sprintf("?start=%d&end=%d", from, to-1), maxEntriesBytes, m.fresh}
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

// errNoTiles says what can't be read yet.
var errNoTiles = errors.New("static-ct-api logs can't be read by this version")
