package scanner

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/transparency-dev/merkle/compact"
)

// Bounds of tiles and what is kept of them.
const (
	tileHeight    = 8        // levels of the tree in a tile
	maxTileBytes  = 64 << 10 // of a hash tile as it comes, 8 KiB of hashes
	maxCachedTile = 256      // in each of two generations
)

// tileID says which hash tile.
type tileID struct {
	level uint
	n     uint64
}

// width returns how many hashes the tile has in a tree of this size.
func (t tileID) width(size uint64) int {
	size >>= tileHeight * t.level
	return int(min(tileWidth, size-t.n*tileWidth))
}

// tilePath writes the number of a tile and, if it is partial, its width:
// "/x001/x234/067.p/5" (c2sp.org/tlog-tiles, Merkle Tree).
func tilePath(n uint64, width int) string {
	path := fmt.Sprintf("/%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		path = fmt.Sprintf("/x%03d%s", n%1000, path)
	}
	if width < tileWidth {
		path += ".p/" + strconv.Itoa(width)
	}
	return path
}

// tileRequest says which tile is asked for, hashes or data.
type tileRequest struct {
	endpoint, level string // "tile" and "/0", or "tile/data" and ""
	n               uint64
	width           int // how much of it the tree has
	limit           int // most bytes
}

// askTile asks for a tile. A partial one may be gone because the full one is
// there: then that is asked for. use is told how many entries the answer must
// have.
func (s *staticLog) askTile(ctx context.Context, t tileRequest, m manner, buf *[]byte, use func(body []byte, width int) error) error {
	asked := t.width
	next := func(last error) request {
		if asked < tileWidth && absent(last) {
			asked = tileWidth
		} else {
			asked = t.width
		}
		return request{
			endpoint: t.endpoint, query: t.level + tilePath(t.n, asked), limit: t.limit,
			fresh: m.fresh, optional: asked < tileWidth,
		}
	}
	return s.ask(ctx, m, buf, next, func(body []byte) error { return use(body, asked) })
}

// absent says whether a log answered that it doesn't have something. Stores of
// objects say 403 where they don't want to tell.
func absent(err error) bool {
	var status *statusError
	return errors.As(err, &status) &&
		(status.status == http.StatusNotFound || status.status == http.StatusGone || status.status == http.StatusForbidden)
}

// hashTile returns at least the first width hashes of a tile.
func (s *staticLog) hashTile(ctx context.Context, cache *tileCache, id tileID, width int, m manner) ([]Hash, error) {
	if hashes := cache.get(id); len(hashes) >= width {
		return hashes, nil
	}
	var hashes []Hash
	t := tileRequest{"tile", "/" + strconv.FormatUint(uint64(id.level), 10), id.n, width, maxTileBytes}
	err := s.askTile(ctx, t, m, new([]byte), func(body []byte, width int) (err error) {
		hashes, err = parseHashTile(body, width)
		return err
	})
	if err == nil {
		cache.put(id, hashes)
	}
	return hashes, err
}

// parseHashTile reads a tile of so many hashes. Such a tile may begin as gzip
// does by chance, so its length decides.
func parseHashTile(body []byte, width int) ([]Hash, error) {
	want := width * sha256.Size
	if len(body) != want {
		plain, err := new(unpacker).unpack(body, want)
		if err != nil {
			return nil, fmt.Errorf("reading hash tile: %w", err)
		}
		body = plain
	}
	if len(body) != want {
		return nil, &formatError{fmt.Errorf("hash tile has %d bytes, want %d", len(body), want)}
	}
	hashes := make([]Hash, width)
	for i := range hashes {
		hashes[i] = Hash(body[i*sha256.Size:])
	}
	return hashes, nil
}

// node returns the root of a perfect subtree of the tree of this size.
func (s *staticLog) node(ctx context.Context, cache *tileCache, id compact.NodeID, size uint64, m manner) (Hash, error) {
	up := id.Level % tileHeight // levels above the tile's hashes
	first := id.Index << up
	t := tileID{id.Level / tileHeight, first / tileWidth}
	hashes, err := s.hashTile(ctx, cache, t, t.width(size), m)
	if err != nil {
		return Hash{}, err
	}
	at := int(first % tileWidth)
	return subtreeRoot(hashes[at : at+1<<up]), nil
}

// subtreeRoot is the root over hashes, the number of which is a power of two.
func subtreeRoot(hashes []Hash) Hash {
	var row [tileWidth]Hash
	for n := copy(row[:], hashes); n > 1; n /= 2 {
		for i := range n / 2 {
			row[i] = Hash(hashChildren(row[2*i][:], row[2*i+1][:]))
		}
	}
	return row[0]
}

// tileCache keeps hash tiles in two generations, the older of which goes when
// the younger is full. It is safe for concurrent use.
type tileCache struct {
	mu       sync.Mutex
	now, old map[tileID][]Hash
}

// get returns a tile as it was last seen, or nil.
func (c *tileCache) get(id tileID) []Hash {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h, ok := c.now[id]; ok {
		return h
	}
	return c.old[id]
}

// put keeps a tile in place of what was kept of it.
func (c *tileCache) put(id tileID, hashes []Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == nil || len(c.now) >= maxCachedTile {
		c.now, c.old = make(map[tileID][]Hash, maxCachedTile), c.now
	}
	c.now[id] = hashes
}

// clear forgets all tiles.
func (c *tileCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.old = nil, nil
}

// unpacker undoes gzip, which logs of this kind may use without being asked.
// What it returns is valid until it is used again.
type unpacker struct {
	zip *gzip.Reader
	buf []byte
}

// unpack returns the body, inflated where it is gzip, with at most so many bytes.
func (u *unpacker) unpack(body []byte, most int) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	var err error
	if u.zip == nil {
		u.zip, err = gzip.NewReader(bytes.NewReader(body))
	} else {
		err = u.zip.Reset(bytes.NewReader(body))
	}
	if err != nil {
		return nil, &formatError{fmt.Errorf("undoing gzip: %w", err)}
	}
	u.buf = u.buf[:0]
	for {
		u.buf = grow(u.buf, most+1)
		n, err := u.zip.Read(u.buf[len(u.buf):cap(u.buf)])
		u.buf = u.buf[:len(u.buf)+n]
		switch {
		case len(u.buf) > most:
			return nil, errOversized
		case err == io.EOF:
			return u.buf, nil
		case err != nil:
			return nil, &formatError{fmt.Errorf("undoing gzip: %w", err)}
		}
	}
}
