package ctlogtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Parts of faulty answers.
const (
	defaultOversized = 80 << 20
	slowPieces       = 16
	webPage          = "<html><body>the log is on its lunch break</body></html>"
)

// refuse returns a status other than 200 if the request is to be refused.
func (in *injector) refuse(h http.Header) (status int, body []byte) {
	switch {
	case in.hit("Status429", true, in.f.Status429):
		status = http.StatusTooManyRequests
	case in.hit("Status5xx", true, in.f.Status5xx):
		status = http.StatusInternalServerError
		if in.f.Status != 0 {
			status = in.f.Status
		}
	case in.hit("Status400", true, in.f.Status400):
		status = http.StatusBadRequest
	default:
		return 0, nil
	}
	if in.f.RetryAfter != "" && status != http.StatusBadRequest {
		h.Set("Retry-After", in.f.RetryAfter)
	}
	return status, []byte(http.StatusText(status))
}

// deliver writes an answer, or less, or more.
func (in *injector) deliver(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if status != http.StatusOK {
		w.WriteHeader(status)
		_, _ = w.Write(body)
		return
	}
	switch {
	case in.hit("MalformedJSON", true, in.f.MalformedJSON):
		body = []byte(webPage)
	case in.hit("TruncateJSON", true, in.f.TruncateJSON):
		body = body[:len(body)/2]
	case in.hit("Spaces", true, in.f.Spaces):
		body = reshape(body)
	case in.hit("OversizedBody", true, in.f.OversizedBody):
		n := in.f.Oversized
		if n == 0 {
			n = defaultOversized
		}
		body = append(bytes.Clone(body), bytes.Repeat([]byte(" "), n)...)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	switch {
	case in.hit("Abort", true, in.f.Abort):
		_, _ = w.Write(body[:len(body)/2])
		flush(w)
		panic(http.ErrAbortHandler)
	case in.hit("HangBody", true, in.f.HangBody):
		_, _ = w.Write(body[:len(body)/2])
		flush(w)
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case in.hit("SlowBody", true, Every(min(1, in.f.SlowBody))):
		in.drip(w, r, body)
	default:
		_, _ = w.Write(body)
	}
}

// drip writes a body in pieces with pauses.
func (in *injector) drip(w http.ResponseWriter, r *http.Request, body []byte) {
	pause := time.NewTicker(in.f.SlowBody)
	defer pause.Stop()
	for piece := range slices.Chunk(body, len(body)/slowPieces+1) {
		select {
		case <-pause.C:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(piece)
		flush(w)
	}
}

// flush sends what was written.
func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

// reshape writes the same JSON with other whitespace, order and escapes; what
// isn't JSON it compresses.
func reshape(body []byte) []byte {
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil || d.More() {
		return zip(body)
	}
	out, err := json.MarshalIndent(v, "", "\t") // sorts keys
	if err != nil {
		return body
	}
	return bytes.ReplaceAll(out, []byte("/"), []byte(`\/`))
}

// alterHead returns the tree head to show instead of h. The log is locked.
func (in *injector) alterHead(l *Log, h head) head {
	skewed := h.ms + uint64(in.f.Skew.Milliseconds())
	switch {
	case in.hit("WrongRoot", true, in.f.WrongRoot):
		h.root[0] ^= 1
		return l.signHead(h.size, h.root, h.ms)
	case in.hit("SmallerHead", true, in.f.SmallerHead):
		n := h.size - min(h.size, max(1, in.f.Smaller))
		return l.signHead(n, l.tree.root(n), l.nowMS())
	case in.hit("OldHead", len(l.heads) > 1, in.f.OldHead):
		return l.heads[len(l.heads)-2]
	case in.hit("Skew", in.f.Skew != 0, 1):
		return l.signHead(h.size, h.root, skewed)
	case in.hit("WrongSignature", true, in.f.WrongSignature):
		h.sig = bytes.Clone(h.sig)
		h.sig[len(h.sig)-1] ^= 1
	}
	return h
}

// alterProof spoils a proof.
func (in *injector) alterProof(p [][]byte) {
	if in.hit("WrongProof", len(p) > 0, in.f.WrongProof) {
		p[0] = bytes.Clone(p[0])
		p[0][0] ^= 1
	}
}

// shorten returns a smaller end than asked for.
func (in *injector) shorten(start, end uint64) uint64 {
	n := uint64(in.f.ShortReads)
	if in.hit("ShortReads", n > 0 && end-start > n, 1) {
		return start + n
	}
	return end
}

// alterEntries spoils a range of entries, which are copied first.
func (in *injector) alterEntries(start uint64, es []encoded) []encoded {
	at := in.f.CorruptIndex - start // wraps round when it lies before
	switch {
	case in.hit("EmptyEntries", true, in.f.EmptyEntries):
		return nil
	case in.hit("ExtraEntries", true, in.f.ExtraEntries):
		return append(slices.Clone(es), es[len(es)-1])
	case in.hit("CorruptEntry", at < uint64(len(es)), in.f.CorruptEntry):
		es = slices.Clone(es)
		es[at].leaf = flip(bytes.Clone(es[at].leaf))
	case in.hit("DuplicateEntry", len(es) > 1, in.f.DuplicateEntry):
		es = slices.Clone(es)
		es[1] = es[0]
	case in.hit("ReorderEntries", len(es) > 1, in.f.ReorderEntries):
		es = slices.Clone(es)
		es[0], es[1] = es[1], es[0]
	}
	return es
}

// flip turns one bit of what base64 says, in its middle.
func flip(b64 []byte) []byte {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(b64)))
	n, err := base64.StdEncoding.Decode(raw, b64)
	if err != nil || n == 0 {
		return b64
	}
	raw[n/2] ^= 1
	return []byte(base64.StdEncoding.EncodeToString(raw[:n]))
}
