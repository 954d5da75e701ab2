// Package reallog runs Certificate Transparency logs that others wrote: CTFE
// (RFC 6962) over Trillian, in one process and in memory, without a database;
// TesseraCT (c2sp.org/static-ct-api), in one process on files; Sunlight with
// Skylight (the same), as processes of their own.
// It is a module of its own so that its dependencies stay out of markwatch.
package reallog

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/certificate-transparency-go/trillian/ctfe"
	"github.com/google/certificate-transparency-go/trillian/ctfe/configpb"
	"github.com/google/trillian/crypto/keys"
	"github.com/google/trillian/crypto/keys/der"
	"github.com/google/trillian/crypto/keyspb"
	"github.com/google/trillian/monitoring"
	"google.golang.org/protobuf/types/known/anypb"
	"k8s.io/klog/v2"
)

// prefix is the log's path on its server.
const prefix = "log"

// Options say what a log is.
type Options struct {
	Key   *ecdsa.PrivateKey // P-256; nil: a new one. Two logs with one key make a real fork
	Addr  string            // address to listen on; empty: any port of this host
	Roots [][]byte          // DER of the roots that it accepts; any key usage is
	Every time.Duration     // between two integrations; 0: 20 ms
}

// Server is a running log.
type Server struct {
	URL string // base URL, without /ct/v1
	Key []byte // DER SubjectPublicKeyInfo

	http   *http.Server
	cancel context.CancelFunc
	tasks  sync.WaitGroup
}

// prepare sets what the logs keep for the whole process: how to read a key, and
// that they need not tell of each request.
var prepare = sync.OnceFunc(func() {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	keys.RegisterHandler(&keyspb.PrivateKey{}, der.FromProto)
})

// Start runs a log until ctx ends or Close is called.
func Start(ctx context.Context, opts Options) (*Server, error) {
	prepare()
	if opts.Key == nil {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("making the log's key: %w", err)
		}
		opts.Key = k
	}
	spki, err := x509.MarshalPKIXPublicKey(opts.Key.Public())
	if err != nil {
		return nil, fmt.Errorf("encoding the log's key: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Server{Key: spki, cancel: cancel}
	if err := s.start(ctx, opts); err != nil {
		s.Close()
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = s.http.Close() })
	return s, nil
}

// start brings up storage, sequencer, front end and listener.
func (s *Server) start(ctx context.Context, opts Options) error {
	t, err := startTrillian(ctx, &s.tasks, opts.Every)
	if err != nil {
		return err
	}
	handlers, err := frontEnd(ctx, t, opts)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	for path, h := range handlers {
		mux.Handle(path, h)
	}
	addr := opts.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listening for the log: %w", err)
	}
	s.URL = "http://" + l.Addr().String() + "/" + prefix
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	s.tasks.Go(func() { _ = s.http.Serve(l) })
	return nil
}

// frontEnd sets CTFE up in front of a Trillian log.
func frontEnd(ctx context.Context, t *trillianLog, opts Options) (ctfe.PathHandlers, error) {
	dir, err := os.MkdirTemp("", "reallog")
	if err != nil {
		return nil, fmt.Errorf("making a folder for roots: %w", err)
	}
	defer os.RemoveAll(dir)
	roots := filepath.Join(dir, "roots.pem")
	if err := writePEM(roots, opts.Roots); err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(opts.Key)
	if err != nil {
		return nil, fmt.Errorf("encoding the log's key: %w", err)
	}
	key, err := anypb.New(&keyspb.PrivateKey{Der: der})
	if err != nil {
		return nil, fmt.Errorf("wrapping the log's key: %w", err)
	}
	valid, err := ctfe.ValidateLogConfig(&configpb.LogConfig{
		LogId: t.id, Prefix: prefix, RootsPemFile: []string{roots}, PrivateKey: key,
		ExtKeyUsages: []string{"Any"}, // BIMI's is none that CTFE has a name for
	})
	if err != nil {
		return nil, fmt.Errorf("configuring CTFE: %w", err)
	}
	inst, err := ctfe.SetUpInstance(ctx, ctfe.InstanceOptions{
		Validated: valid, Client: t.client, Deadline: time.Minute,
		MetricFactory: monitoring.InertMetricFactory{}, RequestLog: new(ctfe.DefaultRequestLog),
	})
	if err != nil {
		return nil, fmt.Errorf("starting CTFE: %w", err)
	}
	return inst.Handlers, nil
}

// writePEM writes certificates to a file.
func writePEM(path string, certs [][]byte) error {
	var b bytes.Buffer
	for _, c := range certs {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c}); err != nil {
			return fmt.Errorf("encoding roots: %w", err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("writing roots: %w", err)
	}
	return nil
}

// Close stops the log and waits until it has.
func (s *Server) Close() {
	s.cancel()
	if s.http != nil {
		_ = s.http.Close()
	}
	s.tasks.Wait()
}

// SCT is the log's answer to a submission.
type SCT struct {
	Timestamp  uint64 `json:"timestamp"`
	Extensions []byte `json:"extensions"`
	Signature  []byte `json:"signature"`
}

// AddChain submits a certificate and its chain.
func (s *Server) AddChain(ctx context.Context, chain ...[]byte) (SCT, error) {
	return submit(ctx, http.DefaultClient, s.URL, "add-chain", chain)
}

// AddPreChain submits a precertificate and its chain.
func (s *Server) AddPreChain(ctx context.Context, chain ...[]byte) (SCT, error) {
	return submit(ctx, http.DefaultClient, s.URL, "add-pre-chain", chain)
}

// submit sends a chain to a log.
func submit(ctx context.Context, c *http.Client, base, endpoint string, chain [][]byte) (SCT, error) {
	body, err := json.Marshal(map[string]any{"chain": chain})
	if err != nil {
		return SCT{}, fmt.Errorf("encoding chain: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/ct/v1/"+endpoint, bytes.NewReader(body))
	if err != nil {
		return SCT{}, fmt.Errorf("%s: %w", endpoint, err)
	}
	req.Header.Set("Content-Type", "application/json")
	var sct SCT
	return sct, do(c, req, &sct)
}

// Get asks an endpoint and decodes its JSON into v.
func (s *Server) Get(ctx context.Context, endpoint string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/ct/v1/"+endpoint, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", endpoint, err)
	}
	return do(http.DefaultClient, req, v)
}

// do makes a request and decodes the JSON of its response.
func do(c *http.Client, req *http.Request, v any) error {
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", req.URL.Path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", req.URL.Path, resp.Status, body)
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%s: %w", req.URL.Path, err)
	}
	return nil
}

// Size returns the size of the tree that the log shows.
func (s *Server) Size(ctx context.Context) (uint64, error) {
	var sth struct {
		Size uint64 `json:"tree_size"`
	}
	err := s.Get(ctx, "get-sth", &sth)
	return sth.Size, err
}

// Wait returns when the log shows a tree of size entries or more.
func (s *Server) Wait(ctx context.Context, size uint64) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := s.Size(ctx)
		if err != nil || n >= size {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %d entries, %d are there: %w", size, n, ctx.Err())
		}
	}
}
