package scanner

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// SignedBytes are what a log signs of a tree head (RFC 6962, section 3.5): the
// bytes 0 and 1, the timestamp in milliseconds and the size, eight bytes each,
// and the root.
func SignedBytes(h TreeHead) []byte { return signedTreeHead(h) }

// VerifyInclusion checks an audit path (RFC 6962, section 2.1.1): that leaf is
// entry index of the tree of this size and root.
func VerifyInclusion(index, size uint64, leaf Hash, path []Hash, root Hash) error {
	return inHex(proof.VerifyInclusion(rfc6962.DefaultHasher, index, size, leaf[:], fromHashes(path), root[:]))
}

// Inclusion asks the log once for the audit path of a leaf in its tree of this
// size, that of a tree head. The proof is the log's and yet to be checked, with
// VerifyInclusion. It is for logs whose leaf hashes nobody kept. A static-ct-api
// log can't be asked by hash: the leaf is looked for among the last million,
// which takes a request for each 256.
func (s *Scanner) Inclusion(ctx context.Context, leaf Hash, size uint64) (index uint64, path []Hash, err error) {
	return s.inclusion(ctx, leaf, nil, size)
}

// InclusionAt is Inclusion of a leaf whose index is known: few requests to any
// log.
func (s *Scanner) InclusionAt(ctx context.Context, leaf Hash, index, size uint64) (path []Hash, err error) {
	at, path, err := s.inclusion(ctx, leaf, &index, size)
	if err == nil && at != index {
		err = fmt.Errorf("log %s: the leaf is its entry %d, not %d", s.cfg.Log.Name, at, index)
	}
	return path, err
}

// inclusion asks in the log's protocol.
func (s *Scanner) inclusion(ctx context.Context, leaf Hash, index *uint64, size uint64) (uint64, []Hash, error) {
	r, err := newRun(s.cfg)
	if err != nil {
		return 0, nil, err
	}
	return r.src.inclusion(ctx, leaf, index, size, manner{tries: 1})
}

// inclusion asks get-proof-by-hash (section 4.5), which finds the index itself.
func (s *rfc6962Log) inclusion(ctx context.Context, leaf Hash, _ *uint64, size uint64, m manner) (index uint64, path []Hash, err error) {
	query := "?hash=" + url.QueryEscape(base64.StdEncoding.EncodeToString(leaf[:])) + fmt.Sprintf("&tree_size=%d", size)
	next := func(error) request {
		return request{endpoint: "get-proof-by-hash", query: query, limit: maxProofBytes}
	}
	err = s.ask(ctx, m, new([]byte), next, func(body []byte) (err error) {
		index, path, err = parseInclusion(body)
		return err
	})
	return index, path, err
}

// parseInclusion reads a get-proof-by-hash response.
func parseInclusion(body []byte) (uint64, []Hash, error) {
	var r struct {
		Index *uint64  `json:"leaf_index"`
		Path  [][]byte `json:"audit_path"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return 0, nil, &formatError{fmt.Errorf("reading inclusion proof: %w", err)}
	}
	if r.Index == nil || len(r.Path) > maxProofNodes {
		return 0, nil, &formatError{fmt.Errorf("inclusion proof has no leaf_index, or too many nodes: %d", len(r.Path))}
	}
	path, err := toHashes(r.Path)
	if err != nil {
		return 0, nil, &formatError{fmt.Errorf("inclusion proof: %w", err)}
	}
	return *r.Index, path, nil
}
