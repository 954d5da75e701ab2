package scanner

import (
	"bytes"
	"crypto/sha256"
	stdbase64 "encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/segmentio/asm/base64"
)

// chunk is what was read of [start, end): every leaf hash, and the entries that
// passed the filter.
type chunk struct {
	start, end uint64
	hashes     []Hash
	entries    []Entry
	odd        []oddEntry
	bodies     []Hash // SHA-256 of each response, where it was asked for
}

// oddEntry is an entry of a static-ct-api log that isn't as it must be.
type oddEntry struct {
	index  uint64
	reason EntryOddity
	err    error
}

// decoder turns get-entries responses (RFC 6962, section 4.6) into chunks. It
// is used by one goroutine at a time.
type decoder struct {
	filter func(leafInput []byte) bool
	leaf   []byte // 0x00 and the leaf_input in hand: what the leaf hash covers
}

// errShape says that a response isn't written the way logs write it; it may be
// sound all the same.
var errShape = errors.New("unusual JSON")

// The shape in which every log known writes its entries.
const (
	entriesOpen  = `{"entries":[`
	leafOpen     = `{"leaf_input":"`
	extraOpen    = `","extra_data":"`
	entryClose   = `"}`
	entriesClose = `]}`
)

// decode appends the entries of a response to c, at most `most` of them, and
// returns how many there were. After an error c is as before.
func (d *decoder) decode(body []byte, most int, c *chunk) (int, error) {
	hashes, entries, end := len(c.hashes), len(c.entries), c.end
	err := d.strict(body, most, c)
	if err != nil && !errors.Is(err, errTooMany) {
		c.hashes, c.entries, c.end = c.hashes[:hashes], c.entries[:entries], end
		err = d.tolerant(body, most, c)
	}
	if err == nil && c.end == end {
		err = errors.New("no entries")
	}
	if err != nil {
		c.hashes, c.entries, c.end = c.hashes[:hashes], c.entries[:entries], end
		return 0, &formatError{fmt.Errorf("reading entries from %d: %w", end, err)}
	}
	return int(c.end - end), nil
}

// strict reads the usual shape without looking at what need not be looked at:
// extra_data is decoded only for entries that pass the filter.
func (d *decoder) strict(body []byte, most int, c *chunk) error {
	rest, ok := bytes.CutPrefix(body, []byte(entriesOpen))
	for first := true; ok; first = false {
		if tail, end := bytes.CutPrefix(rest, []byte(entriesClose)); end {
			if len(bytes.TrimSpace(tail)) > 0 {
				break
			}
			return nil
		}
		if !first {
			if rest, ok = bytes.CutPrefix(rest, []byte{','}); !ok {
				break
			}
		}
		var leaf, extra []byte
		if leaf, rest, ok = quoted(rest, leafOpen); !ok {
			break
		}
		if extra, rest, ok = quoted(rest, extraOpen[1:]); !ok {
			break
		}
		if rest, ok = bytes.CutPrefix(rest, []byte(entryClose[1:])); !ok {
			break
		}
		if most--; most < 0 {
			return errTooMany
		}
		if err := d.add(leaf, extra, c); err != nil {
			return err
		}
	}
	return errShape
}

// errTooMany says that a log gave more than it was asked for.
var errTooMany = errors.New("more entries than were asked for")

// quoted takes open and the string after it, which has no escapes, off b. It
// leaves what follows the closing quote.
func quoted(b []byte, open string) (s, rest []byte, ok bool) {
	b, ok = bytes.CutPrefix(b, []byte(open))
	n := bytes.IndexByte(b, '"')
	if !ok || n < 0 || n > 0 && b[n-1] == '\\' {
		return nil, nil, false
	}
	return b[:n], b[n+1:], true
}

// tolerant reads any JSON that says the same, as a stream: a hostile log could
// otherwise have a small body blown up into millions of entries.
func (d *decoder) tolerant(body []byte, most int, c *chunk) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	err := eachKey(dec, func(key string) error {
		if key != "entries" {
			return dec.Decode(new(json.RawMessage))
		}
		if err := delimiter(dec, '['); err != nil {
			return err
		}
		for ; dec.More(); most-- {
			if most <= 0 {
				return errTooMany
			}
			var e struct {
				Leaf  *string `json:"leaf_input"`
				Extra string  `json:"extra_data"`
			}
			if err := dec.Decode(&e); err != nil {
				return err
			}
			if e.Leaf == nil {
				return errors.New("entry without leaf_input")
			}
			if err := d.add([]byte(*e.Leaf), []byte(e.Extra), c); err != nil {
				return err
			}
		}
		return delimiter(dec, ']')
	})
	if err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more follows the JSON")
	}
	return nil
}

// eachKey calls value at each value of a JSON object.
func eachKey(dec *json.Decoder, value func(key string) error) error {
	if err := delimiter(dec, '{'); err != nil {
		return err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if err := value(fmt.Sprint(key)); err != nil {
			return err
		}
	}
	return delimiter(dec, '}')
}

// delimiter reads one brace or bracket.
func delimiter(dec *json.Decoder, want json.Delim) error {
	got, err := dec.Token()
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%v where %v should be", got, want)
	}
	return nil
}

// add decodes, hashes and filters one entry.
func (d *decoder) add(leaf64, extra64 []byte, c *chunk) error {
	n := base64.StdEncoding.DecodedLen(len(leaf64))
	if cap(d.leaf) < 1+n {
		d.leaf = make([]byte, 1+n, 1+2*n)
	}
	d.leaf = d.leaf[:1+n]
	d.leaf[0] = 0
	n, err := decodeBase64(d.leaf[1:], leaf64)
	if err != nil {
		return fmt.Errorf("leaf_input of entry %d: %w", c.end, err)
	}
	hash := sha256.Sum256(d.leaf[:1+n])
	if leaf := d.leaf[1 : 1+n]; d.filter(leaf) {
		extra := make([]byte, base64.StdEncoding.DecodedLen(len(extra64)))
		m, err := decodeBase64(extra, extra64)
		if err != nil {
			return fmt.Errorf("extra_data of entry %d: %w", c.end, err)
		}
		c.entries = append(c.entries, Entry{c.end, bytes.Clone(leaf), extra[:m:m], hash})
	}
	c.hashes = append(c.hashes, hash)
	c.end++
	return nil
}

// decodeBase64 decodes src, which must be padded base64 of one line: decoders
// that skip line breaks give fewer bytes than src is long for.
func decodeBase64(dst, src []byte) (int, error) {
	want := len(src) / 4 * 3
	for pad := 1; pad <= 2 && len(src) >= 4 && src[len(src)-pad] == '='; pad++ {
		want--
	}
	n, err := base64.StdEncoding.Decode(dst, src)
	if err == nil && (len(src)%4 != 0 || n != want) {
		err = stdbase64.CorruptInputError(n)
	}
	return n, err
}
