package ctlogtest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/segmentio/asm/base64"
	"golang.org/x/crypto/cryptobyte"
)

// Parts of static-ct-api.
const (
	tileWidth    = 256
	tileHeight   = 8
	maxTileLevel = 5
)

// errAbsent is what a log says of a file that isn't there.
var errAbsent = httpError{http.StatusNotFound, "no such file"}

// Origin returns the origin line of the log's checkpoints.
func (l *Log) Origin() string {
	if l.opts.Origin != "" {
		return l.opts.Origin
	}
	return "log.test/" + strings.Join(strings.Fields(strings.ReplaceAll(l.opts.Name, "+", " ")), "-")
}

// route returns the path below which a request's endpoint is served: the log
// may be mounted under any path.
func (l *Log) route(p string) string {
	if l.opts.Static {
		for _, part := range []string{"/tile/", "/issuer/"} {
			if i := strings.LastIndex(p, part); i >= 0 {
				return p[i:]
			}
		}
		if path.Base(p) == "checkpoint" {
			return "/checkpoint"
		}
	}
	return "/ct/v1/" + path.Base(p)
}

// getCheckpoint answers with the tree head as a note: the log's signature line
// stands among others that nobody knows.
func (l *Log) getCheckpoint(_ *http.Request, in *injector) ([]byte, error) {
	h := l.shown(in)
	root := base64.StdEncoding.EncodeToString(h.root[:])
	note := fmt.Sprintf("%s\n%d\n%s\n\n", l.Origin(), h.size, root)
	unknown := sha256.Sum256([]byte(note))
	grease := "— grease.test/" + hex.EncodeToString(unknown[:4]) + " " + base64.StdEncoding.EncodeToString(unknown[:27]) + "\n"
	witness := "— " + l.Origin() + " " + base64.StdEncoding.EncodeToString(append(unknown[8:], make([]byte, 44)...)) + "\n"
	id := sha256.Sum256(slices.Concat([]byte(l.Origin()), []byte{'\n', 5}, l.id[:]))
	sig := append(binary.BigEndian.AppendUint64(id[:4:4], h.ms), h.sig...)
	ours := "— " + l.Origin() + " " + base64.StdEncoding.EncodeToString(sig) + "\n"
	return []byte(note + grease + ours + witness), nil
}

// getTile answers with hashes.
func (l *Log) getTile(r *http.Request, in *injector) ([]byte, error) {
	level, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/tile/"), "/")
	at, err := strconv.Atoi(level)
	if err != nil || at < 0 || at > maxTileLevel || strconv.Itoa(at) != level {
		return nil, badRequest("tile level %q", level)
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	start, width, err := l.tile(at, rest, in)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, width*sha256.Size)
	for _, h := range l.tree.levels[at*tileHeight][start : start+uint64(width)] {
		out = append(out, h[:]...)
	}
	if in.hit("WrongProof", true, in.f.WrongProof) {
		for i := 0; i < len(out); i += sha256.Size { // whichever of them is used
			out[i] ^= 1
		}
	}
	return out, nil
}

// getDataTile answers with entries.
func (l *Log) getDataTile(r *http.Request, in *injector) ([]byte, error) {
	l.mu.RLock()
	start, width, err := l.tile(0, strings.TrimPrefix(r.URL.Path, "/tile/data/"), in)
	if err != nil {
		l.mu.RUnlock()
		return nil, err
	}
	end := in.shorten(start, start+uint64(width))
	entries := l.entries.entries[start:end:end]
	l.mu.RUnlock()
	entries, size := in.alterEntries(start, entries), 0
	for _, e := range entries {
		size += base64.StdEncoding.DecodedLen(len(e.leaf)) + len(e.tail)
	}
	out := make([]byte, 0, size)
	for _, e := range entries {
		at := len(out)
		out = out[:at+base64.StdEncoding.DecodedLen(len(e.leaf))]
		n, err := base64.StdEncoding.Decode(out[at:], e.leaf)
		if err != nil {
			return nil, err
		}
		leaf := out[at : at+n] // its version and type are not in the tile
		out = append(out[:at+copy(leaf, leaf[min(2, n):])], e.tail...)
	}
	return out, nil
}

// tile reads the number and width of a tile, and says where in its level it
// begins. A partial tile is there for each tree that was signed. The log is
// locked.
func (l *Log) tile(level int, file string, in *injector) (start uint64, width int, err error) {
	number, partial, isPartial := strings.Cut(file, ".p/")
	n, err := tileNumber(number)
	if err != nil {
		return 0, 0, err
	}
	width = tileWidth
	if isPartial {
		if width, err = strconv.Atoi(partial); err != nil || width < 1 || width >= tileWidth || strconv.Itoa(width) != partial {
			return 0, 0, badRequest("tile width %q", partial)
		}
		implied := false
		for size := range l.sizes {
			size >>= tileHeight * level
			implied = implied || size/tileWidth == n && size%tileWidth == uint64(width)
		}
		if !implied {
			return 0, 0, errAbsent
		}
		if in.hit("PartialGone", l.current().size>>(tileHeight*level) >= (n+1)*tileWidth, in.f.PartialGone) {
			return 0, 0, httpError{http.StatusGone, "only the full tile is left"}
		}
	}
	start = n * tileWidth
	if start+uint64(width) > l.current().size>>(tileHeight*level) {
		return 0, 0, errAbsent
	}
	return start, width, nil
}

// tileNumber reads x001/x234/067.
func tileNumber(s string) (n uint64, err error) {
	parts := strings.Split(s, "/")
	for i, part := range parts {
		digits, x := strings.CutPrefix(part, "x")
		d, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || len(digits) != 3 || x != (i < len(parts)-1) || len(parts) > 5 || i == 0 && len(parts) > 1 && d == 0 {
			return 0, badRequest("tile number %q", s)
		}
		n = n*1000 + d
	}
	return n, nil
}

// getIssuer answers with a certificate.
func (l *Log) getIssuer(r *http.Request, in *injector) ([]byte, error) {
	print, err := hex.DecodeString(path.Base(r.URL.Path))
	if err != nil || len(print) != sha256.Size {
		return nil, badRequest("%v", err)
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	cert, ok := l.issuers[Hash(print)]
	switch {
	case !ok || in.hit("NoIssuer", true, in.f.NoIssuer):
		return nil, errAbsent
	case in.hit("WrongIssuer", true, in.f.WrongIssuer):
		return append(bytes.Clone(cert), 0), nil
	}
	return cert, nil
}

// tail is what follows an entry in a data tile: for a precertificate itself, and
// the fingerprints of the chain, which it keeps. The log is locked.
func (l *Log) tail(leafInput, extra []byte) (out []byte) {
	in := cryptobyte.String(extra)
	var pre, list, cert cryptobyte.String
	if len(leafInput) > 11 && leafInput[11] == precertEntry && in.ReadUint24LengthPrefixed(&pre) {
		out = opaque24(out, pre)
	}
	var prints []byte
	for in.ReadUint24LengthPrefixed(&list); list.ReadUint24LengthPrefixed(&cert); {
		print := sha256.Sum256(cert)
		prints = append(prints, print[:]...)
		if _, ok := l.issuers[print]; !ok {
			l.issuers[print] = bytes.Clone(cert)
		}
	}
	return append(binary.BigEndian.AppendUint16(out, uint16(len(prints))), prints...)
}

// leafIndex is the extension by which an SCT says where its entry will be.
func leafIndex(i uint64) []byte {
	return []byte{0, 0, 5, byte(i >> 32), byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
}

// zip compresses a body.
func zip(body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body) // into memory
	_ = w.Close()
	return b.Bytes()
}
