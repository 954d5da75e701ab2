package scanner

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/transparency-dev/merkle/proof"
)

// maxSearch is in how many leaves a leaf is looked for by its hash.
const maxSearch = 1 << 20

// staticLog is the source for logs of static-ct-api: files that never change,
// but for the checkpoint. A proof is put together from hash tiles, and is as
// little to be trusted as one that a log sends.
type staticLog struct {
	*client
	tiles   tileCache
	issuers issuers
}

// newStaticLog makes a source that has seen nothing yet.
func newStaticLog(c *client) *staticLog {
	return &staticLog{client: c, issuers: issuers{turn: make(chan struct{}, 1)}}
}

// head asks for the checkpoint.
func (s *staticLog) head(ctx context.Context, m manner) (TreeHead, error) {
	return s.treeHead(ctx, "checkpoint", m, func(body []byte) (TreeHead, error) {
		note, err := new(unpacker).unpack(body, maxHeadBytes)
		if err != nil {
			return TreeHead{}, fmt.Errorf("reading checkpoint: %w", err)
		}
		return parseCheckpoint(s.cfg.Log, note)
	})
}

// consistency makes the proof of RFC 6962, section 2.1.2, from hash tiles. b
// must be the size of a tree head: no other tree has its partial tiles.
func (s *staticLog) consistency(ctx context.Context, a, b uint64, m manner) ([]Hash, error) {
	n, err := proof.Consistency(a, b)
	if err != nil {
		return nil, fmt.Errorf("consistency of %d with %d: %w", a, b, err)
	}
	return s.prove(ctx, n, b, m)
}

// prove fetches the nodes of a proof in the tree of this size. A tile is
// fetched once, also where no cache may be asked.
func (s *staticLog) prove(ctx context.Context, n proof.Nodes, size uint64, m manner) ([]Hash, error) {
	cache := &s.tiles
	if m.fresh {
		cache = new(tileCache)
		defer s.tiles.clear() // it may hold what was garbled
	}
	nodes := make([][]byte, len(n.IDs))
	for i, id := range n.IDs {
		h, err := s.node(ctx, cache, id, size, m)
		if err != nil {
			return nil, err
		}
		nodes[i] = h[:]
	}
	p, err := n.Rehash(nodes, hashChildren)
	if err != nil {
		return nil, fmt.Errorf("putting a proof together: %w", err)
	}
	return toHashes(p)
}

// entries asks for the data tile that has entry c.end.
func (s *staticLog) entries(ctx context.Context, c *chunk, end, size uint64, m manner, w *workspace) error {
	n := c.end / tileWidth
	t := tileRequest{"tile/data", "", n, tileID{n: n}.width(size), maxEntriesBytes}
	err := s.askTile(ctx, t, m, &w.body, func(body []byte, width int) error {
		tile, err := w.unpacker.unpack(body, maxEntriesBytes)
		if err != nil {
			return fmt.Errorf("reading data tile: %w", err)
		}
		return w.tiles.decode(tile, n*tileWidth, width, end, c)
	})
	if err != nil {
		return err
	}
	if m.fresh {
		c.bodies = append(c.bodies, sha256.Sum256(w.body))
	}
	return s.complete(ctx, c, w.tiles.chains, m)
}

// complete gives the entries that passed the filter their extra_data.
func (s *staticLog) complete(ctx context.Context, c *chunk, tails []tailLeaf, m manner) error {
	room := maxTileChains
	for _, t := range tails {
		e := &c.entries[t.at]
		chain, missing, err := s.chain(ctx, t.chain, &room, m)
		if err != nil {
			return err
		}
		if missing != nil {
			c.odd = append(c.odd, oddEntry{e.Index, EntryIssuer, missing})
		}
		e.ExtraData = t.extraData(chain)
	}
	return nil
}

// inclusion makes the audit path of RFC 6962, section 2.1.1, from hash tiles.
// Without its index a leaf is looked for from the end.
func (s *staticLog) inclusion(ctx context.Context, leaf Hash, index *uint64, size uint64, m manner) (uint64, []Hash, error) {
	if size > maxTiledEntries {
		return 0, nil, fmt.Errorf("no log of this kind has %d entries", size)
	}
	at, err := uint64(0), error(nil)
	if index != nil {
		at = *index
	} else if at, err = s.search(ctx, leaf, size, m); err != nil {
		return 0, nil, err
	}
	n, err := proof.Inclusion(at, size)
	if err != nil {
		return 0, nil, fmt.Errorf("inclusion of entry %d in %d: %w", at, size, err)
	}
	path, err := s.prove(ctx, n, size, m)
	return at, path, err
}

// search finds the index of a leaf hash among the last of so many.
func (s *staticLog) search(ctx context.Context, leaf Hash, size uint64, m manner) (uint64, error) {
	for left := uint64(maxSearch); size > 0 && left > 0; left -= tileWidth {
		id := tileID{n: (size - 1) / tileWidth}
		hashes, err := s.hashTile(ctx, &s.tiles, id, id.width(size), m)
		if err != nil {
			return 0, err
		}
		for i, h := range hashes[:id.width(size)] {
			if h == leaf {
				return id.n*tileWidth + uint64(i), nil
			}
		}
		size = id.n * tileWidth
	}
	if size > 0 {
		return 0, fmt.Errorf("the leaf is none of the last %d; ask for it by its index", maxSearch)
	}
	return 0, errNoSuchLeaf
}

// errNoSuchLeaf says that a tree doesn't have a leaf.
var errNoSuchLeaf = errors.New("the log has no such leaf in that tree")
