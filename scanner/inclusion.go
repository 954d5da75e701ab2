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

// ParseTreeHead reads what a log sent for a tree head (TreeHead.Raw); its
// signature is yet to be checked, with VerifyTreeHead.
func ParseTreeHead(l Log, raw []byte) (TreeHead, error) { return parseSTH(l.ID(), raw) }

// SignedBytes are what a log signs of a tree head (RFC 6962, section 3.5): the
// bytes 0 and 1, the timestamp in milliseconds and the size, eight bytes each,
// and the root.
func SignedBytes(h TreeHead) []byte { return signedTreeHead(h) }

// VerifyInclusion checks an audit path (RFC 6962, section 2.1.1): that leaf is
// entry index of the tree of this size and root.
func VerifyInclusion(index, size uint64, leaf Hash, path []Hash, root Hash) error {
	return proof.VerifyInclusion(rfc6962.DefaultHasher, index, size, leaf[:], fromHashes(path), root[:])
}

// Inclusion asks the log once for the audit path of a leaf in its tree of this
// size (get-proof-by-hash, section 4.5). The proof is the log's and yet to be
// checked, with VerifyInclusion. It is for logs whose leaf hashes nobody kept.
func (s *Scanner) Inclusion(ctx context.Context, leaf Hash, size uint64) (index uint64, path []Hash, err error) {
	r, err := newRun(s.cfg)
	if err != nil {
		return 0, nil, err
	}
	query := "?hash=" + url.QueryEscape(base64.StdEncoding.EncodeToString(leaf[:])) + fmt.Sprintf("&tree_size=%d", size)
	next := func(error) request {
		return request{endpoint: "get-proof-by-hash", query: query, limit: maxProofBytes}
	}
	err = r.client.ask(ctx, manner{tries: 1}, new([]byte), next, func(body []byte) (err error) {
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
