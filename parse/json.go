package parse

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// isFull tells that a line is longer than the buffer, which is no fault.
func isFull(err error) bool { return errors.Is(err, bufio.ErrBufferFull) }

// rawEntry is one entry of get-entries (RFC 6962 section 4.6).
type rawEntry struct {
	LeafInput string `json:"leaf_input"`
	ExtraData string `json:"extra_data"`
}

// meter lets a bounded number of bytes through, until it is reset: no JSON value may be larger.
type meter struct {
	in   io.Reader
	left int
}

// errTooLarge is for a JSON value that isn't held in memory.
var errTooLarge = fmt.Errorf("one JSON value is larger than %d bytes", maxDocument)

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errTooLarge
	}
	n, err := m.in.Read(p[:min(len(p), m.left)])
	m.left -= n
	return n, err
}

// jsonReader reads JSON token by token, with no value larger than maxDocument.
type jsonReader struct {
	*documents
	decoder *json.Decoder
	meter   *meter
}

// json reads get-entries answers and arrays of entries, any number of them.
func (d *documents) json() error {
	if head, _ := d.in.Peek(3); string(head) == "\xef\xbb\xbf" {
		if _, err := d.in.Discard(3); err != nil {
			return fmt.Errorf("reading JSON: %w", err)
		}
	}
	m := &meter{in: d.in}
	j := &jsonReader{documents: d, decoder: json.NewDecoder(m), meter: m}
	found := false
	for {
		token, err := j.token()
		if errors.Is(err, io.EOF) {
			if !found {
				return errors.New("reading JSON: it has no entries: neither an \"entries\" array nor objects with \"leaf_input\"")
			}
			return nil
		}
		if err == nil {
			var some bool
			some, err = j.value(token)
			found = found || some
		}
		if errors.Is(err, errStop) {
			return err
		}
		if err != nil {
			return fmt.Errorf("reading JSON after entry %d: %w", d.next, unexpected(err))
		}
	}
}

// unexpected makes an end within a value what it is.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// token reads the next token.
func (j *jsonReader) token() (json.Token, error) {
	j.meter.left = maxDocument
	return j.decoder.Token()
}

// value reads a top-level value, of which the first token is read, and tells whether it is or
// holds entries.
func (j *jsonReader) value(first json.Token) (found bool, err error) {
	switch first {
	case json.Delim('['):
		return true, j.entries()
	case json.Delim('{'):
		return j.object()
	}
	return false, fmt.Errorf("%v is no log entry", first)
}

// object reads a get-entries answer, or a single entry.
func (j *jsonReader) object() (found bool, err error) {
	var single rawEntry
	for j.more() {
		key, err := j.token()
		if err != nil {
			return found, err
		}
		switch key {
		case "entries":
			token, err := j.token()
			if err != nil {
				return found, err
			}
			if token != json.Delim('[') {
				return found, errors.New("\"entries\" isn't an array")
			}
			if found, err = true, j.entries(); err != nil {
				return found, err
			}
		case "leaf_input":
			err = j.decode(&single.LeafInput)
		case "extra_data":
			err = j.decode(&single.ExtraData)
		default:
			err = j.decode(new(json.RawMessage))
		}
		if err != nil {
			return found, err
		}
	}
	if _, err := j.token(); err != nil {
		return found, err
	}
	if single.LeafInput != "" {
		return true, j.entry(single, nil)
	}
	return found, nil
}

// entries reads the elements of an array, its end included.
func (j *jsonReader) entries() error {
	for j.more() {
		var raw rawEntry
		err := j.decode(&raw)
		var wrongType *json.UnmarshalTypeError
		if err != nil && !errors.As(err, &wrongType) {
			return err
		}
		if err := j.entry(raw, err); err != nil {
			return err
		}
	}
	_, err := j.token()
	return err
}

// more tells whether the array or object goes on.
func (j *jsonReader) more() bool {
	j.meter.left = maxDocument
	return j.decoder.More()
}

// decode reads one value.
func (j *jsonReader) decode(v any) error {
	j.meter.left = maxDocument
	return j.decoder.Decode(v)
}

// entry decodes and yields one entry.
func (j *jsonReader) entry(raw rawEntry, err error) error {
	doc := Document{Source: fmt.Sprintf("entry %d", j.next)}
	if err == nil {
		doc.Entry, err = decodeEntry(raw)
	}
	doc.Err = err
	var bad *MalformedError
	switch {
	case doc.Entry != nil:
		doc.Mark = doc.Entry.Mark
	case err != nil && !errors.Is(err, ErrNotMark) && !errors.As(err, &bad):
		doc.Err = fmt.Errorf("reading %s: %w", doc.Source, err)
	}
	return j.emit(doc)
}

// decodeEntry undoes the base64 of an entry and reads it.
func decodeEntry(raw rawEntry) (*Entry, error) {
	if raw.LeafInput == "" {
		return nil, errors.New("it has no leaf_input")
	}
	leaf, err := base64.StdEncoding.DecodeString(raw.LeafInput)
	if err != nil {
		return nil, fmt.Errorf("undoing the base64 of leaf_input: %w", err)
	}
	if !Claims(leaf) {
		return nil, notMark("its leaf holds no extended key usage " + ekuMark)
	}
	extra, broken := base64.StdEncoding.DecodeString(raw.ExtraData)
	if raw.ExtraData == "" {
		extra = nil
	}
	entry, err := Leaf(leaf, extra)
	if broken != nil && entry != nil && entry.Mark != nil {
		entry.find("extra-data", "the base64 of extra_data is broken: "+broken.Error(), "RFC 6962 section 4.6")
	}
	return entry, err
}
