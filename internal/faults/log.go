package faults

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/scanner"
)

// Log is a sound log, of whatever make, that the suite reads through its proxy.
type Log struct {
	Name   string            // in the table: rfc6962, tiles, ctfe, tesseract
	Type   scanner.Type      // which protocol it speaks
	URL    string            // base URL or monitoring prefix
	Submit string            // base URL of add-chain; empty: URL
	Origin string            // of checkpoints
	Key    *ecdsa.PrivateKey // the log's own: the proxy lies with it

	heads []scanner.TreeHead // that it showed while it grew, the smallest first
}

// How the logs of the suite grow.
const (
	steps        = 50 // tree heads
	stepTLS      = 10 // TLS certificates in each, besides a pair of a mark
	stepEntries  = stepTLS + 2
	growPatience = time.Minute // for entries to be merged
	maxAnswer    = 64 << 20    // bytes of a log's answer
)

// NewKey makes a log's key.
func NewKey() (*ecdsa.PrivateKey, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a log's key: %w", err)
	}
	return k, nil
}

// InProcess serves a log from memory until ctx ends.
func InProcess(ctx context.Context, name string, kind scanner.Type) (*Log, error) {
	key, err := NewKey()
	if err != nil {
		return nil, err
	}
	const origin = "faults.test/log"
	opts := ctlogtest.Options{Name: name, Key: key, AutoPublish: true, MaxGetEntries: 256}
	l := &Log{Name: name, Type: kind, Key: key}
	if kind == scanner.Static {
		opts.Static, opts.Origin, l.Origin = true, origin, origin
	}
	l.URL, err = serve(ctx, ctlogtest.New(opts).Handler())
	return l, err
}

// serve answers at any port of this host until ctx ends, and returns the URL.
func serve(ctx context.Context, h http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listening: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(listener) }() // until it is closed
	return "http://" + listener.Addr().String(), nil
}

// scanned is the log as the scanner names it.
func (l *Log) scanned() (scanner.Log, error) {
	spki, err := x509.MarshalPKIXPublicKey(l.Key.Public())
	if err != nil {
		return scanner.Log{}, fmt.Errorf("encoding the key of %s: %w", l.Name, err)
	}
	return scanner.Log{Name: l.Name, URL: l.URL, Type: l.Type, Origin: l.Origin, Key: spki, Marks: true}, nil
}

// Grow fills the log step by step with the certificates of a CA that it
// accepts, and keeps the tree head of each step.
func (l *Log) Grow(ctx context.Context, ca *marktest.CA) error {
	ctx, cancel := context.WithTimeout(ctx, steps*growPatience)
	defer cancel()
	for step := range steps {
		if err := l.submitStep(ctx, ca, step); err != nil {
			return fmt.Errorf("growing %s: %w", l.Name, err)
		}
		head, err := l.waitFor(ctx, uint64((step+1)*stepEntries))
		if err != nil {
			return fmt.Errorf("growing %s: %w", l.Name, err)
		}
		l.heads = append(l.heads, head)
	}
	return nil
}

// submitStep submits a mark's precertificate and certificate, and TLS
// certificates, side by side: some logs answer when the entry is merged.
func (l *Log) submitStep(ctx context.Context, ca *marktest.CA, step int) error {
	g, ctx := errgroup.WithContext(ctx)
	name := fmt.Sprintf("Invented %d", step)
	mark := ca.Issue(marktest.Registered(name+" Ltd", fmt.Sprintf("mark%d.example", step), uint64(10_000+step)))
	g.Go(func() error {
		return l.submit(ctx, "add-pre-chain", append([][]byte{mark.Precertificate}, mark.Chain...))
	})
	g.Go(func() error { return l.submit(ctx, "add-chain", append([][]byte{mark.Certificate}, mark.Chain...)) })
	for n := step * stepTLS; n < (step+1)*stepTLS; n++ {
		g.Go(func() error {
			tls := ca.IssueTLS(fmt.Sprintf("shop%d.example", n), n)
			return l.submit(ctx, "add-chain", append([][]byte{tls.Certificate}, tls.Chain...))
		})
	}
	return g.Wait()
}

// submit sends a chain.
func (l *Log) submit(ctx context.Context, endpoint string, chain [][]byte) error {
	body, err := json.Marshal(map[string]any{"chain": chain})
	if err != nil {
		return fmt.Errorf("encoding a chain: %w", err)
	}
	base := l.Submit
	if base == "" {
		base = l.URL
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/ct/v1/"+endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", endpoint, err)
	}
	req.Header.Set("Content-Type", "application/json")
	a, err := ask(req)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("it answered %d: %.200s", a.status, a.body)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", endpoint, err)
	}
	return nil
}

// waitFor returns the log's tree head when it has so many entries.
func (l *Log) waitFor(ctx context.Context, size uint64) (scanner.TreeHead, error) {
	log, err := l.scanned()
	if err != nil {
		return scanner.TreeHead{}, err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		a, err := l.get(ctx, l.headPath())
		if err != nil {
			return scanner.TreeHead{}, err
		}
		if h, err := scanner.ParseTreeHead(log, a.body); a.status == http.StatusOK && err == nil && h.Size >= size {
			return h, scanner.VerifyTreeHead(log, h)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return scanner.TreeHead{}, fmt.Errorf("waiting for %d entries: %w", size, ctx.Err())
		}
	}
}

// headPath is where the tree head is.
func (l *Log) headPath() string {
	if l.Type == scanner.Static {
		return "/checkpoint"
	}
	return "/ct/v1/get-sth"
}

// answer is what a log said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get asks the log for a path with its query.
func (l *Log) get(ctx context.Context, path string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.URL+path, nil)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", path, err)
	}
	req.Header.Set("User-Agent", "faults (ops@faults.test)")
	return ask(req)
}

// ask makes a request and reads the answer.
func ask(req *http.Request) (answer, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("reading %s: %w", req.URL.Path, err)
	}
	return answer{resp.StatusCode, resp.Header, body}, nil
}
