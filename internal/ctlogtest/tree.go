package ctlogtest

import (
	"crypto/sha256"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
)

// tree keeps the hash of every perfect subtree, so that proofs of any size are
// read, not computed: 64 bytes a leaf in all.
type tree struct {
	levels [][]Hash // levels[k][i] is the root of leaves [i<<k, (i+1)<<k)
}

// leafHash is SHA-256(0, leaf) of RFC 6962, section 2.1.
func leafHash(leaf []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(leaf)
	return Hash(h.Sum(nil))
}

// nodeHash is SHA-256(1, left, right).
func nodeHash(left, right []byte) []byte {
	b := make([]byte, 1, 1+2*sha256.Size)
	b[0] = 1
	h := sha256.Sum256(append(append(b, left...), right...))
	return h[:]
}

// size returns the number of leaves.
func (t *tree) size() uint64 {
	if len(t.levels) == 0 {
		return 0
	}
	return uint64(len(t.levels[0]))
}

// leaf returns the hash of leaf i.
func (t *tree) leaf(i uint64) Hash { return t.levels[0][i] }

// add appends a leaf hash, completes subtrees, and returns the leaf's index.
func (t *tree) add(h Hash) uint64 {
	for k := 0; ; k++ {
		if k == len(t.levels) {
			t.levels = append(t.levels, nil)
		}
		t.levels[k] = append(t.levels[k], h)
		n := len(t.levels[k])
		if n%2 == 1 {
			return t.size() - 1
		}
		h = Hash(nodeHash(t.levels[k][n-2][:], t.levels[k][n-1][:]))
	}
}

// root returns the root of the first size leaves.
func (t *tree) root(size uint64) Hash {
	hs := t.nodes(compact.RangeNodes(0, size, nil))
	if len(hs) == 0 {
		return sha256.Sum256(nil)
	}
	root := hs[len(hs)-1]
	for i := len(hs) - 2; i >= 0; i-- {
		root = nodeHash(hs[i], root)
	}
	return Hash(root)
}

// inclusion returns the audit path of a leaf (section 2.1.1).
func (t *tree) inclusion(index, size uint64) ([][]byte, error) {
	n, err := proof.Inclusion(index, size)
	if err != nil {
		return nil, err
	}
	return n.Rehash(t.nodes(n.IDs), nodeHash)
}

// consistency returns the consistency proof of two sizes (section 2.1.2).
func (t *tree) consistency(first, second uint64) ([][]byte, error) {
	n, err := proof.Consistency(first, second)
	if err != nil {
		return nil, err
	}
	return n.Rehash(t.nodes(n.IDs), nodeHash)
}

// nodes reads the hashes of perfect subtrees.
func (t *tree) nodes(ids []compact.NodeID) [][]byte {
	out := make([][]byte, len(ids))
	for i, id := range ids {
		h := t.levels[id.Level][id.Index]
		out[i] = h[:]
	}
	return out
}
