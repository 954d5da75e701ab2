package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/segmentio/asm/base64"
	"github.com/transparency-dev/merkle/compact"
	"golang.org/x/crypto/cryptobyte"
)

// bare is a reader that only hashes: it downloads entries, decodes them, and
// holds the root over their leaf hashes to the tree head, whose signature it
// doesn't look at. It is the least that a reader takes which knows that it has
// been given what the log signed.
type bare struct {
	url     string
	size    uint64
	root    []byte
	tree    *compact.Range
	hash    hash.Hash
	body    bytes.Buffer
	decoded []byte
}

// maxBody is more than a log answers with.
const maxBody = 256 << 20

// runBare is the subcommand.
func runBare(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bare", flag.ExitOnError)
	url := flags.String("url", "", "the log")
	static := flags.Bool("static", false, "it speaks static-ct-api")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return readBare(ctx, *url, *static)
}

// readBare reads a whole log.
func readBare(ctx context.Context, url string, static bool) error {
	b := &bare{url: url, hash: sha256.New(), tree: (&compact.RangeFactory{Hash: nodeHash}).NewEmptyRange(0)}
	head, step, path := b.treeHead, uint64(1000), b.entriesPath
	if static {
		head, step, path = b.checkpoint, 256, b.tilePath
	}
	if err := head(ctx); err != nil {
		return err
	}
	for b.tree.End() < b.size {
		start := b.tree.End()
		if err := b.get(ctx, path(start, min(start+step, b.size))); err != nil {
			return err
		}
		var err error
		if static {
			err = b.addTile(b.body.Bytes())
		} else {
			err = b.addEntries(b.body.Bytes())
		}
		if err != nil {
			return err
		}
		if b.tree.End() == start || b.tree.End() > b.size {
			return fmt.Errorf("entries from %d: the log gave %d", start, b.tree.End()-start)
		}
	}
	root, err := b.tree.GetRootHash(nil)
	if err == nil && !bytes.Equal(root, b.root) {
		err = errors.New("the entries don't have the root of the tree head")
	}
	return err
}

// nodeHash is SHA-256(1, left, right) of RFC 6962, section 2.1.
func nodeHash(left, right []byte) []byte {
	var node [1 + 2*sha256.Size]byte
	node[0] = 1
	copy(node[1+copy(node[1:], left):], right)
	sum := sha256.Sum256(node[:])
	return sum[:]
}

// get reads a resource of the log into body.
func (b *bare) get(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b.body.Reset()
	if _, err := b.body.ReadFrom(io.LimitReader(resp.Body, maxBody)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, resp.Status)
	}
	return nil
}

// treeHead reads size and root of an RFC 6962 log.
func (b *bare) treeHead(ctx context.Context) error {
	if err := b.get(ctx, "/ct/v1/get-sth"); err != nil {
		return err
	}
	var head struct {
		Size uint64 `json:"tree_size"`
		Root []byte `json:"sha256_root_hash"`
	}
	err := json.Unmarshal(b.body.Bytes(), &head)
	b.size, b.root = head.Size, head.Root
	return err
}

// checkpoint reads them of a log of tiles.
func (b *bare) checkpoint(ctx context.Context) error {
	if err := b.get(ctx, "/checkpoint"); err != nil {
		return err
	}
	lines := strings.SplitN(b.body.String(), "\n", 4)
	if len(lines) < 4 {
		return errors.New("the checkpoint is too short")
	}
	var err error
	if b.size, err = strconv.ParseUint(lines[1], 10, 64); err != nil {
		return fmt.Errorf("reading the checkpoint: %w", err)
	}
	b.root, err = base64.StdEncoding.DecodeString(lines[2])
	return err
}

func (b *bare) entriesPath(start, end uint64) string {
	return fmt.Sprintf("/ct/v1/get-entries?start=%d&end=%d", start, end-1)
}

// tilePath is the path of the data tile of [start, end).
func (b *bare) tilePath(start, end uint64) string {
	n := start / 256
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/", n%1000) + path
	}
	if end-start < 256 {
		path += fmt.Sprintf(".p/%d", end-start)
	}
	return "/tile/data/" + path
}

// addEntries hashes the leaves of a get-entries response, each a string after its name.
func (b *bare) addEntries(body []byte) error {
	const name = `"leaf_input":"`
	for {
		at := bytes.Index(body, []byte(name))
		if at < 0 {
			return nil
		}
		body = body[at+len(name):]
		end := bytes.IndexByte(body, '"')
		if end < 0 {
			return io.ErrUnexpectedEOF
		}
		if n := base64.StdEncoding.DecodedLen(end); cap(b.decoded) < n {
			b.decoded = make([]byte, 2*n)
		}
		n, err := base64.StdEncoding.Decode(b.decoded[:cap(b.decoded)], body[:end])
		if err != nil {
			return fmt.Errorf("entry %d: %w", b.tree.End(), err)
		}
		if err := b.add(nil, b.decoded[:n]); err != nil {
			return err
		}
		body = skipString(body[end+1:])
	}
}

// skipString skips over the string that follows next, which is extra_data.
func skipString(body []byte) []byte {
	const name = `"extra_data":"`
	if at := bytes.Index(body[:min(len(body), 2*len(name))], []byte(name)); at >= 0 {
		body = body[at+len(name):]
		return body[max(0, bytes.IndexByte(body, '"')):]
	}
	return body
}

// addTile hashes the leaves of a data tile (c2sp.org/static-ct-api).
func (b *bare) addTile(tile []byte) error {
	for s := cryptobyte.String(tile); !s.Empty(); {
		var kind uint16
		var skipped cryptobyte.String
		begin := s
		ok := s.Skip(8) && s.ReadUint16(&kind) && kind <= 1 && (kind == 0 || s.Skip(32)) &&
			s.ReadUint24LengthPrefixed(&skipped) && s.ReadUint16LengthPrefixed(&skipped)
		leaf := begin[:len(begin)-len(s)]
		ok = ok && (kind == 0 || s.ReadUint24LengthPrefixed(&skipped)) && s.ReadUint16LengthPrefixed(&skipped)
		if !ok {
			return fmt.Errorf("entry %d can't be read from its tile", b.tree.End())
		}
		if err := b.add([]byte{0, 0}, leaf); err != nil {
			return err
		}
	}
	return nil
}

// add appends a leaf, which is in two parts.
func (b *bare) add(first, rest []byte) error {
	b.hash.Reset()
	b.hash.Write([]byte{0})
	b.hash.Write(first)
	b.hash.Write(rest)
	return b.tree.Append(b.hash.Sum(nil), nil)
}
