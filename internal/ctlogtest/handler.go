package ctlogtest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// maxSubmission caps the body of a submission.
const maxSubmission = 4 << 20

// httpError is an answer other than 200.
type httpError struct {
	status int
	msg    string
}

// Error returns the answer's text.
func (e httpError) Error() string { return e.msg }

// badRequest is what a log says to a request it can't make sense of.
func badRequest(format string, args ...any) error {
	return httpError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// Handler serves the log at …/ct/v1/ (RFC 6962, section 4), and a static one at
// …/checkpoint, …/tile/ and …/issuer/ too, with the faults that are set.
func (l *Log) Handler() http.Handler {
	get := map[string]func(*http.Request, *injector) ([]byte, error){
		"get-sth":             l.getSTH,
		"get-sth-consistency": l.getConsistency,
		"get-entries":         l.getEntries,
		"get-proof-by-hash":   l.getProofByHash,
		"get-entry-and-proof": l.getEntryAndProof,
		"get-roots":           l.getRoots,
	}
	mux := http.NewServeMux()
	for name, f := range get {
		mux.Handle("GET /ct/v1/"+name, l.serve(name, f))
	}
	mux.Handle("POST /ct/v1/add-chain", l.serve("add-chain", l.addChain))
	mux.Handle("POST /ct/v1/add-pre-chain", l.serve("add-pre-chain", l.addPreChain))
	mux.Handle("GET /checkpoint", l.serve("checkpoint", l.getCheckpoint))
	mux.Handle("GET /tile/", l.serve("tile", l.getTile))
	mux.Handle("GET /tile/data/", l.serve("tile/data", l.getDataTile))
	mux.Handle("GET /issuer/", l.serve("issuer", l.getIssuer))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r2 := r.Clone(r.Context())
		r2.URL.Path = l.route(r.URL.Path)
		mux.ServeHTTP(w, r2)
	})
}

// serve answers one endpoint: faults first, then the log's answer, then faults
// of its delivery.
func (l *Log) serve(name string, f func(*http.Request, *injector) ([]byte, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in := l.faults.begin(name)
		status, body := in.refuse(w.Header())
		if status == 0 {
			status = http.StatusOK
			var err error
			if body, err = f(r, in); err != nil {
				status, body = http.StatusBadRequest, []byte(err.Error())
				var he httpError
				if errors.As(err, &he) {
					status = he.status
				}
			}
		}
		l.counts.add(name, status)
		kind := contentType(name)
		if status == http.StatusOK {
			w.Header().Set("Content-Type", kind)
		}
		if status == http.StatusOK && kind != jsonType && l.opts.Gzip {
			w.Header().Set("Content-Encoding", "gzip")
			body = zip(body)
		}
		in.deliver(w, r, status, body)
	})
}

// jsonType is what RFC 6962 has logs say.
const jsonType = "application/json"

// contentType is what an endpoint's body is.
func contentType(endpoint string) string {
	switch endpoint {
	case "checkpoint":
		return "text/plain; charset=utf-8"
	case "tile", "tile/data":
		return "application/octet-stream"
	case "issuer":
		return "application/pkix-cert"
	}
	return jsonType
}

// getSTH answers get-sth (section 4.3).
func (l *Log) getSTH(_ *http.Request, in *injector) ([]byte, error) {
	h := l.shown(in)
	return json.Marshal(map[string]any{
		"tree_size": h.size, "timestamp": h.ms, "sha256_root_hash": h.root[:], "tree_head_signature": h.sig,
	})
}

// shown is the tree head that a request gets.
func (l *Log) shown(in *injector) head {
	l.mu.Lock()
	if l.opts.AutoPublish && l.tree.size() > l.current().size {
		l.publish(l.nowMS())
	}
	h := in.alterHead(l, l.current())
	l.mu.Unlock()
	if in.hit("Fork", in.f.Fork != nil, 1) {
		h = in.f.Fork.published()
	}
	return h
}

// published is the current tree head.
func (l *Log) published() head {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.current()
}

// getConsistency answers get-sth-consistency (section 4.4).
func (l *Log) getConsistency(r *http.Request, in *injector) ([]byte, error) {
	first, err := number(r, "first")
	if err != nil {
		return nil, err
	}
	second, err := number(r, "second")
	if err != nil {
		return nil, err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if first > second || second > l.current().size {
		return nil, badRequest("no proof from %d to %d in a tree of %d", first, second, l.current().size)
	}
	p, err := l.tree.consistency(first, second)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	in.alterProof(p)
	return json.Marshal(map[string]any{"consistency": notNil(p)})
}

// getEntries answers get-entries (section 4.6).
func (l *Log) getEntries(r *http.Request, in *injector) ([]byte, error) {
	start, err := number(r, "start")
	if err != nil {
		return nil, err
	}
	last, err := number(r, "end")
	if err != nil {
		return nil, err
	}
	l.mu.RLock()
	size := l.current().size
	if start > last || start >= size {
		l.mu.RUnlock()
		return nil, badRequest("no entries from %d to %d in a tree of %d", start, last, size)
	}
	end := in.shorten(start, min(l.cut(start, last+1), size))
	entries := l.entries.entries[start:end:end]
	l.mu.RUnlock()
	return getEntries(in.alterEntries(start, entries)), nil
}

// cut shortens [start, end) to what is served at once. As CTFE does, it aligns
// ranges of the most entries too, not only longer ones.
func (l *Log) cut(start, end uint64) uint64 {
	most := uint64(l.opts.MaxGetEntries)
	if end-start < most {
		return end
	}
	end = start + most
	if l.opts.AlignRanges {
		end -= end % most
	}
	return end
}

// getProofByHash answers get-proof-by-hash (section 4.5).
func (l *Log) getProofByHash(r *http.Request, _ *injector) ([]byte, error) {
	size, err := number(r, "tree_size")
	if err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(r.URL.Query().Get("hash"))
	if err != nil || len(raw) != len(Hash{}) {
		return nil, badRequest("hash is not base64 of 32 bytes")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; l.indexed < l.tree.size(); l.indexed++ {
		if h := l.tree.leaf(l.indexed); !l.has(h) {
			l.byLeaf[h] = l.indexed
		}
	}
	index, ok := l.byLeaf[Hash(raw)]
	if !ok || size > l.current().size || index >= size {
		return nil, httpError{http.StatusNotFound, "no such leaf in that tree"}
	}
	p, err := l.tree.inclusion(index, size)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	return json.Marshal(map[string]any{"leaf_index": index, "audit_path": notNil(p)})
}

// has says whether a leaf hash is indexed.
func (l *Log) has(h Hash) bool { _, ok := l.byLeaf[h]; return ok }

// getEntryAndProof answers get-entry-and-proof (section 4.8).
func (l *Log) getEntryAndProof(r *http.Request, _ *injector) ([]byte, error) {
	index, err := number(r, "leaf_index")
	if err != nil {
		return nil, err
	}
	size, err := number(r, "tree_size")
	if err != nil {
		return nil, err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if size > l.current().size || index >= size {
		return nil, badRequest("no leaf %d in a tree of %d, which has %d", index, size, l.current().size)
	}
	p, err := l.tree.inclusion(index, size)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	e := l.entries.entries[index]
	return json.Marshal(map[string]any{
		"leaf_input": string(e.leaf), "extra_data": string(e.extra), "audit_path": notNil(p),
	})
}

// getRoots answers get-roots (section 4.7).
func (l *Log) getRoots(*http.Request, *injector) ([]byte, error) {
	return json.Marshal(map[string]any{"certificates": notNil(l.opts.Roots)})
}

// addChain answers add-chain (section 4.1).
func (l *Log) addChain(r *http.Request, _ *injector) ([]byte, error) {
	chain, err := readChain(r)
	if err != nil {
		return nil, err
	}
	sct, _ := l.AddChain(chain...)
	return sctJSON(sct)
}

// addPreChain answers add-pre-chain (section 4.2).
func (l *Log) addPreChain(r *http.Request, _ *injector) ([]byte, error) {
	chain, err := readChain(r)
	if err != nil {
		return nil, err
	}
	if len(chain) < 2 {
		return nil, badRequest("precertificate comes without its issuer")
	}
	tbs, err := withoutPoison(chain[0])
	if err != nil {
		return nil, badRequest("%v", err)
	}
	issuer, err := keyHash(chain[1])
	if err != nil {
		return nil, badRequest("issuer: %v", err)
	}
	sct, _ := l.AddPreChain(chain[0], tbs, issuer, chain[1:]...)
	return sctJSON(sct)
}

// readChain reads a submission.
func readChain(r *http.Request) ([][]byte, error) {
	var req struct {
		Chain [][]byte `json:"chain"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxSubmission)).Decode(&req); err != nil {
		return nil, badRequest("reading chain: %v", err)
	}
	if len(req.Chain) == 0 {
		return nil, badRequest("chain is empty")
	}
	if _, err := split(req.Chain[0]); err != nil {
		return nil, badRequest("%v", err)
	}
	return req.Chain, nil
}

// sctJSON is the answer to a submission.
func sctJSON(sct []byte) ([]byte, error) {
	extensions := 43 + int(binary.BigEndian.Uint16(sct[41:]))
	return json.Marshal(map[string]any{
		"sct_version": sct[0], "id": sct[1:33], "timestamp": binary.BigEndian.Uint64(sct[33:]),
		"extensions": sct[43:extensions], "signature": sct[extensions:],
	})
}

// number reads a parameter of the query.
func number(r *http.Request, name string) (uint64, error) {
	n, err := strconv.ParseUint(r.URL.Query().Get(name), 10, 63)
	if err != nil {
		return 0, badRequest("%s: %v", name, err)
	}
	return n, nil
}

// notNil makes JSON say [] rather than null.
func notNil(p [][]byte) [][]byte {
	if p == nil {
		return [][]byte{}
	}
	return p
}
