package evidence

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"slices"

	"markwatch/scanner"
)

// span is the leaves [begin, end) of a tree.
type span struct{ begin, end uint64 }

// AuditPath makes the audit path of leaf index in the tree of the first size
// leaves (RFC 6962, section 2.1.1), and the root of that tree. It reads each
// leaf hash once, in order, and keeps no more than some hundred hashes.
func AuditPath(index, size uint64, leaves iter.Seq2[scanner.Hash, error]) (path []scanner.Hash, root scanner.Hash, err error) {
	if index >= size {
		return nil, root, fmt.Errorf("a tree of %d entries has no entry %d", size, index)
	}
	spans := siblings(index, size)
	order := make([]int, len(spans)) // of the spans, from left to right: they and the leaf are the whole tree
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if spans[a].begin < spans[b].begin {
			return -1
		}
		return 1
	})
	path = make([]scanner.Hash, len(spans))
	var leaf scanner.Hash
	var tree subtree
	var at uint64
	for hash, err := range leaves {
		if err != nil {
			return nil, root, err
		}
		if at == size {
			return nil, root, errors.New("there are more leaf hashes than the tree has entries")
		}
		if at == index {
			leaf = hash
		} else {
			tree.add(hash)
		}
		at++
		if len(order) > 0 && at == spans[order[0]].end {
			path[order[0]], tree, order = tree.root(), subtree{}, order[1:]
		}
	}
	if at != size {
		return nil, root, fmt.Errorf("there are %d leaf hashes for a tree of %d entries", at, size)
	}
	return path, rootFrom(leaf, index, size, path), nil
}

// siblings are the spans whose roots are the audit path of a leaf, in its order:
// the lowest first.
func siblings(index, size uint64) []span {
	var out []span
	tree := span{0, size}
	for tree.end-tree.begin > 1 {
		middle := tree.begin + split(tree.end-tree.begin)
		if index < middle {
			out = append(out, span{middle, tree.end})
			tree.end = middle
		} else {
			out = append(out, span{tree.begin, middle})
			tree.begin = middle
		}
	}
	slices.Reverse(out)
	return out
}

// split is the largest power of two below n, which is above 1.
func split(n uint64) uint64 { return 1 << (bits.Len64(n-1) - 1) }

// rootFrom folds an audit path into the root.
func rootFrom(leaf scanner.Hash, index, size uint64, path []scanner.Hash) scanner.Hash {
	hash := leaf
	for i, s := range siblings(index, size) {
		if s.begin > index {
			hash = nodeHash(hash, path[i])
		} else {
			hash = nodeHash(path[i], hash)
		}
	}
	return hash
}

// subtree is the Merkle tree of the leaves added to it, as the roots of its
// perfect subtrees from left to right.
type subtree struct {
	roots []scanner.Hash
	count uint64
}

// add appends a leaf hash.
func (t *subtree) add(hash scanner.Hash) {
	for n := t.count; n&1 == 1; n >>= 1 {
		last := len(t.roots) - 1
		hash, t.roots = nodeHash(t.roots[last], hash), t.roots[:last]
	}
	t.roots = append(t.roots, hash)
	t.count++
}

// root is the root of what was added: something, always.
func (t *subtree) root() scanner.Hash {
	root := t.roots[len(t.roots)-1]
	for _, left := range slices.Backward(t.roots[:len(t.roots)-1]) {
		root = nodeHash(left, root)
	}
	return root
}

// nodeHash is SHA-256(1, left, right) of RFC 6962, section 2.1.
func nodeHash(left, right scanner.Hash) scanner.Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// leafHash is SHA-256(0, leaf) of RFC 6962, section 2.1.
func leafHash(leaf []byte) scanner.Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(leaf)
	return scanner.Hash(h.Sum(nil))
}
