package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"markwatch/internal/ctlogtest"
)

// ctLog is a log while it is served.
type ctLog struct {
	url     string
	key     string // base64 of the public key in DER
	static  bool   // static-ct-api, else RFC 6962
	entries uint64
	served  *atomic.Uint64 // requests so far
	close   func()
}

// id is the log's id.
func (l *ctLog) id() ([32]byte, error) {
	der, err := base64.StdEncoding.DecodeString(l.key)
	return sha256.Sum256(der), err
}

// protocol names the log's protocol, as markwatch's configuration does.
func (l *ctLog) protocol() string {
	if l.static {
		return "static-ct-api"
	}
	return "rfc6962"
}

// serve counts requests to a handler on a port of this host.
func (l *ctLog) serve(h http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening for a log: %w", err)
	}
	l.served = new(atomic.Uint64)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.served.Add(1)
		h.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(listener) }() // it ends when the log is closed
	l.url, l.close = "http://"+listener.Addr().String(), func() { _ = server.Close() }
	return nil
}

// markEvery is the reciprocal of the share of marks, which come in pairs.
const markEvery = 500

// isPair says whether a pair of marks begins at entry n, which is even then.
func isPair(n, entries uint64) bool { return n%(2*markEvery) == markEvery && n+1 < entries }

// poolSize is how many different TLS issuances a log from memory has; their
// timestamps make every leaf another one.
const poolSize = 500

// memoryLog serves a log from this process's memory.
func memoryLog(w *world, entries uint64, static bool) (*ctLog, error) {
	log := ctlogtest.New(ctlogtest.Options{Name: "peers", Static: static})
	var pool []issuance
	for n := range uint64(min(poolSize, entries)) {
		i, err := w.tls(n)
		if err != nil {
			return nil, err
		}
		pool = append(pool, i)
	}
	for n := uint64(0); n < entries; n++ {
		if isPair(n, entries) {
			m := w.mark(n)
			sct, _ := log.AddPreChain(m.precertificate, m.tbs, m.keyHash, m.chain...)
			m = w.mark(n, sct)
			log.AddChain(append([][]byte{m.certificate}, m.chain...)...)
			n++
			continue
		}
		log.AddRaw(rawEntry(pool[n/2%uint64(len(pool))], n, static))
	}
	log.Publish()
	l := &ctLog{key: base64.StdEncoding.EncodeToString(log.PublicKey()), static: static, entries: entries}
	return l, l.serve(log.Handler())
}

// rawEntry is leaf_input and extra_data (RFC 6962, sections 3.4 and 4.6) of entry
// n: a precertificate where n is even, a certificate where it is odd.
func rawEntry(i issuance, n uint64, static bool) (leaf, extra []byte) {
	leaf = binary.BigEndian.AppendUint64([]byte{0, 0}, 1_790_000_000_000+n)
	if n%2 == 0 {
		leaf = append(append(leaf, 0, 1), i.keyHash[:]...)
		leaf = opaque24(leaf, i.tbs)
		extra = opaque24(nil, i.precertificate)
	} else {
		leaf = opaque24(append(leaf, 0, 0), i.certificate)
	}
	var list []byte
	for _, cert := range i.chain {
		list = opaque24(list, cert)
	}
	extra = opaque24(extra, list)
	if !static {
		return append(leaf, 0, 0), extra
	}
	index := binary.BigEndian.AppendUint64(nil, n) // leaf_index, of 40 bits
	return append(append(leaf, 0, 8, 0, 0, 5), index[3:]...), extra
}

// opaque24 appends v after its length in three bytes.
func opaque24(b, v []byte) []byte {
	return append(append(b, byte(len(v)>>16), byte(len(v)>>8), byte(len(v))), v...)
}

// realLog starts CTFE over Trillian in memory, as a process, and submits to it.
func realLog(ctx context.Context, program, dir string, w *world, entries uint64) (*ctLog, error) {
	var roots bytes.Buffer
	for _, root := range [][]byte{w.chain[1], w.marks.Root()} {
		if err := pem.Encode(&roots, &pem.Block{Type: "CERTIFICATE", Bytes: root}); err != nil {
			return nil, err
		}
	}
	file := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(file, roots.Bytes(), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, "-listen", "127.0.0.1:0", "-roots", file)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting CTFE: %w", err)
	}
	l, err := fillRealLog(ctx, out, w, entries)
	end := func() {
		if l != nil && l.close != nil {
			l.close()
		}
		_ = cmd.Process.Signal(os.Interrupt) // it has done its part
		_ = cmd.Wait()
	}
	if err != nil {
		end()
		return nil, err
	}
	served := *l
	served.close = end
	return &served, nil
}

// fillRealLog submits the entries to the log whose process says where it is.
func fillRealLog(ctx context.Context, out io.Reader, w *world, entries uint64) (*ctLog, error) {
	var base, key string
	if _, err := fmt.Fscanf(out, "url: %s\nkey: %s\n", &base, &key); err != nil {
		return nil, fmt.Errorf("starting CTFE: %w", err)
	}
	to := submitter{base + "/ct/v1/", &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: submitters}}}
	if err := to.all(ctx, w, entries); err != nil {
		return nil, err
	}
	entries, err := to.wait(ctx, entries)
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	l := &ctLog{key: key, entries: entries}
	return l, l.serve(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
}

// Of submitting.
const (
	submitters = 16 // on their way at once
	tries      = 10 // of one
)

// submitter adds chains to a log.
type submitter struct {
	base   string
	client *http.Client
}

// all submits all entries: TLS certificates with their precertificates, and marks.
func (s submitter) all(ctx context.Context, w *world, entries uint64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(submitters)
	for n := uint64(0); n < entries && ctx.Err() == nil; n += 2 {
		g.Go(func() error { return s.pair(ctx, w, n, isPair(n, entries), n+1 < entries) })
	}
	return g.Wait()
}

// pair submits the precertificate of issuance n, and its certificate too.
func (s submitter) pair(ctx context.Context, w *world, n uint64, isMark, both bool) error {
	i := w.mark(n)
	if !isMark {
		var err error
		if i, err = w.tls(n); err != nil {
			return err
		}
	}
	sct, err := s.submit(ctx, "add-pre-chain", append([][]byte{i.precertificate}, i.chain...))
	if err != nil || !both {
		return err
	}
	if isMark {
		i = w.mark(n, sct)
	}
	_, err = s.submit(ctx, "add-chain", append([][]byte{i.certificate}, i.chain...))
	return err
}

// submit sends a chain and returns the SCT (RFC 6962, section 3.3).
func (s submitter) submit(ctx context.Context, endpoint string, chain [][]byte) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"chain": chain})
	if err != nil {
		return nil, err
	}
	var sct struct {
		ID         []byte `json:"id"`
		Timestamp  uint64 `json:"timestamp"`
		Extensions []byte `json:"extensions"`
		Signature  []byte `json:"signature"`
	}
	// Trillian in memory answers with leaves that its sequencer writes to, and
	// finds now and then that it can't: the same submission again gets the answer.
	for try := 1; ; try++ {
		if err = s.ask(ctx, http.MethodPost, endpoint, bytes.NewReader(body), &sct); err == nil {
			break
		}
		if try == tries || ctx.Err() != nil {
			return nil, err
		}
	}
	out := append([]byte{0}, sct.ID...)
	out = binary.BigEndian.AppendUint64(out, sct.Timestamp)
	out = append(binary.BigEndian.AppendUint16(out, uint16(len(sct.Extensions))), sct.Extensions...)
	return append(out, sct.Signature...), nil
}

// ask makes a request and decodes the JSON of its response.
func (s submitter) ask(ctx context.Context, method, endpoint string, body io.Reader, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.base+endpoint, body)
	if err != nil {
		return err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status + ": " + strings.TrimSpace(string(text)))
	}
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", endpoint, err)
	}
	return nil
}

// settled is how many looks at a log must show the same size: a submission that
// was tried again may be there twice, for Trillian in memory doesn't look.
const settled = 20

// wait returns the size of the log when it has merged all entries and grows no more.
func (s submitter) wait(ctx context.Context, entries uint64) (uint64, error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var before uint64
	for same := 0; ; {
		var head struct {
			Size uint64 `json:"tree_size"`
		}
		if err := s.ask(ctx, http.MethodGet, "get-sth", nil, &head); err != nil {
			return 0, err
		}
		if same++; head.Size != before {
			before, same = head.Size, 0
		}
		if head.Size >= entries && same >= settled {
			return head.Size, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return 0, fmt.Errorf("waiting for %d entries, %d are merged: %w", entries, head.Size, ctx.Err())
		}
	}
}
