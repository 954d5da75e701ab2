package scanner

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// emptyRoot is the root of a tree without leaves (RFC 6962, section 2.1).
func emptyRoot() Hash { return sha256.Sum256(nil) }

// hashChildren is the node hash of RFC 6962, section 2.1: SHA-256(1, left, right).
func hashChildren(left, right []byte) []byte {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left)
	copy(b[1+sha256.Size:], right)
	h := sha256.Sum256(b[:])
	return h[:]
}

// treeRange is the compact range of [0, size) of a tree.
type treeRange struct{ r *compact.Range }

// newTreeRange goes on from the hashes of a compact range of [0, size).
func newTreeRange(size uint64, hashes []Hash) (treeRange, error) {
	f := compact.RangeFactory{Hash: hashChildren}
	r, err := f.NewRange(0, size, fromHashes(append([]Hash(nil), hashes...)))
	if err != nil {
		return treeRange{}, fmt.Errorf("compact range of %d leaves: %w", size, err)
	}
	return treeRange{r}, nil
}

// add appends leaf hashes.
func (t treeRange) add(leaves []Hash) error {
	for i := range leaves {
		h := leaves[i]
		if err := t.r.Append(h[:], nil); err != nil {
			return fmt.Errorf("adding leaf %d to compact range: %w", t.r.End(), err)
		}
	}
	return nil
}

// hashes returns a copy of the range's hashes, largest subtree first.
func (t treeRange) hashes() []Hash {
	out := make([]Hash, 0, len(t.r.Hashes()))
	for _, b := range t.r.Hashes() {
		out = append(out, Hash(b))
	}
	return out
}

// root returns the root of the tree so far.
func (t treeRange) root() Hash { return rootOf(t.r.End(), t.hashes()) }

// rootOf folds the hashes of a compact range of [0, size) into the root.
func rootOf(size uint64, hashes []Hash) Hash {
	if size == 0 || len(hashes) == 0 {
		return emptyRoot()
	}
	root := hashes[len(hashes)-1]
	for i := len(hashes) - 2; i >= 0; i-- {
		root = Hash(hashChildren(hashes[i][:], root[:]))
	}
	return root
}

// verifyConsistency checks that the tree of size a with root ra is a prefix of
// the tree of size b with root rb.
func verifyConsistency(a, b uint64, p []Hash, ra, rb Hash) error {
	switch {
	case a == 0 && ra != emptyRoot():
		return fmt.Errorf("root of an empty tree is %x", ra)
	case a == 0:
		return nil
	}
	return inHex(proof.VerifyConsistency(rfc6962.DefaultHasher, a, b, fromHashes(p), ra[:], rb[:]))
}

// inHex says of two roots that differ what they are as people write them: the
// library's words have them as lists of numbers.
func inHex(err error) error {
	var differ proof.RootMismatchError
	if errors.As(err, &differ) {
		return fmt.Errorf("by the proof the root is %x, not %x", differ.CalculatedRoot, differ.ExpectedRoot)
	}
	return err
}

// consistencyProof makes the proof of RFC 6962, section 2.1.2, that the first
// a leaves are a prefix of them all, 0 < a < len(leaves).
func consistencyProof(leaves []Hash, a uint64) []Hash {
	n, err := proof.Consistency(a, uint64(len(leaves)))
	if err != nil {
		return nil
	}
	nodes := make([][]byte, len(n.IDs))
	for i, id := range n.IDs {
		begin, end := id.Coverage()
		t, err := newTreeRange(0, nil)
		if err != nil || t.add(leaves[begin:end]) != nil {
			return nil
		}
		root := t.root()
		nodes[i] = root[:]
	}
	p, err := n.Rehash(nodes, hashChildren)
	if err != nil {
		return nil
	}
	out, err := toHashes(p)
	if err != nil {
		return nil
	}
	return out
}
