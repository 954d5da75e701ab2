package main

import (
	"context"
	"crypto/sha256"
	"errors"

	"markwatch/parse"
	"markwatch/scanner"
)

// The checks of an audit, in the order in which they are shown.
const (
	checkRead   = "entries are served"
	checkTwice  = "two answers agree"
	checkLeaf   = "leaf is as stored"
	checkExtra  = "extra_data is as stored"
	checkProved = "leaf is in the held tree"
	checkKept   = "marks are stored"
	checkWhole  = "stored leaf has its hash"
	checkRoot   = "stored leaves make the held tree"
	checkSigned = "held tree head is signed"
	checkHead   = "new tree head is of the held tree"
)

// auditChecks are all checks.
func auditChecks() []string {
	return []string{checkRead, checkTwice, checkLeaf, checkExtra, checkProved, checkKept, checkWhole, checkRoot, checkSigned, checkHead}
}

// errHeldDamaged says that there is nothing to hold a log against.
var errHeldDamaged = errors.New("the stored tree head can't be relied on")

// signed checks that what all else is held against was signed by the log. It was
// when it was stored.
func (a *audit) signed() {
	a.checked(checkSigned)
	if err := scanner.VerifyTreeHead(a.log, a.held); err != nil {
		a.wrong(checkSigned, nil, "the stored tree head of %d entries: %v: the store is damaged, or the log's key is another than then", a.held.Size, err)
		a.aborted = errHeldDamaged
	}
}

// root recomputes the held tree's root from the stored leaf hashes, where they
// are kept. If they have another, what is stored of a leaf proves nothing against
// the log: each is then proved by the log's own audit path.
func (a *audit) root(ctx context.Context) error {
	if a.lost > 0 {
		a.checked(checkRoot)
		a.wrong(checkRoot, nil, "%d of the stored leaf hashes are lost: the store is damaged", a.lost)
	}
	if !a.leaves {
		return nil
	}
	root, _, err := scanner.RootOf(a.store.LeafHashes(ctx, a.log, 0, a.held.Size))
	if err != nil {
		return err
	}
	a.checked(checkRoot)
	if root != a.held.Root {
		a.leaves = false
		a.wrong(checkRoot, nil, "the %d stored leaf hashes have the root %x, the held tree head %x: the store is damaged", a.held.Size, root, a.held.Root)
	}
	return nil
}

// whole checks that a stored leaf has the hash that is stored with it.
func (a *audit) whole(e *audited) bool {
	a.checked(checkWhole)
	if leafHash(e.stored.LeafInput) == e.stored.LeafHash {
		return true
	}
	a.wrong(checkWhole, &e.index, "the stored leaf of %d bytes does not have the stored hash %x: the store is damaged", len(e.stored.LeafInput), e.stored.LeafHash)
	return false
}

// kept checks that what the log serves as a mark certificate is stored.
func (a *audit) kept(ctx context.Context, e *audited) error {
	if _, err := parse.Leaf(e.served[0].LeafInput, e.served[0].ExtraData); err != nil {
		return nil // what claims to be one and can't be read may be stored as another version of markwatch saw it
	}
	a.checked(checkKept)
	if e.stored != nil {
		return nil
	}
	malformed, err := a.store.IsMalformed(ctx, a.log, e.index)
	if err == nil && !malformed {
		a.wrong(checkKept, &e.index, "it is a mark certificate, and not stored: the store is damaged")
	}
	return err
}

// leafHash is the hash of RFC 6962, section 2.1.
func leafHash(leaf []byte) scanner.Hash { return sha256.Sum256(append([]byte{0}, leaf...)) }
