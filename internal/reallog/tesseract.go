package reallog

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/transparency-dev/tessera"
	tposix "github.com/transparency-dev/tessera/storage/posix"
	"github.com/transparency-dev/tesseract"
	"github.com/transparency-dev/tesseract/storage"
	"github.com/transparency-dev/tesseract/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

// How TesseraCT is run.
const (
	tesseraOrigin   = "tesseract.test/log" // it wants neither scheme nor address
	tesseraPublish  = 200 * time.Millisecond
	tesseraBatch    = 256
	tesseraBatchAge = 50 * time.Millisecond
	maxChain        = 1 << 20
)

// StartTesseraCT runs TesseraCT in this process, on files, which this process
// serves as any server of files would. ctx must outlive the log.
func StartTesseraCT(ctx context.Context, opts TiledOptions) (*Tiled, error) {
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
	t := &Tiled{Origin: tesseraOrigin, Key: spki, Client: http.DefaultClient, dir: filepath.Join(opts.Dir, "log")}
	if err := t.startTessera(ctx, opts); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// startTessera brings up the log and both its servers.
func (t *Tiled) startTessera(ctx context.Context, opts TiledOptions) error {
	roots := filepath.Join(opts.Dir, "roots.pem")
	if err := writePEM(roots, opts.Roots); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	t.onClose(cancel)
	store := func(ctx context.Context, signer note.Signer) (*storage.CTStorage, error) {
		return t.tesseraStorage(ctx, signer, opts.Keep)
	}
	submissions, err := tesseract.NewLogHandler(ctx, t.Origin, opts.Key,
		tesseract.ChainValidationConfig{RootsPEMFile: roots, ExtKeyUsages: "Any"}, // BIMI's is none that it has a name for
		store, time.Minute, false, "", tesseract.LogHandlerOpts{MaxCertChainBytes: maxChain, DedupRL: -1})
	if err != nil {
		return fmt.Errorf("starting TesseraCT: %w", err)
	}
	if t.Submit, err = t.listen(submissions); err != nil {
		return err
	}
	t.URL, err = t.listen(http.FileServer(http.Dir(t.dir)))
	return err
}

// tesseraStorage is what TesseraCT keeps the log in.
func (t *Tiled) tesseraStorage(ctx context.Context, signer note.Signer, keep time.Duration) (*storage.CTStorage, error) {
	driver, err := tposix.New(ctx, tposix.Config{Path: t.dir})
	if err != nil {
		return nil, fmt.Errorf("opening the log's folder: %w", err)
	}
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
		WithCheckpointSigner(signer).WithCTLayout().
		WithCheckpointInterval(tesseraPublish).WithBatching(tesseraBatch, tesseraBatchAge).WithGarbageCollectionInterval(keep))
	if err != nil {
		return nil, fmt.Errorf("starting Tessera: %w", err)
	}
	t.onClose(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = shutdown(ctx) // what isn't in the tree by then was not waited for
	})
	issuers, err := posix.NewIssuerStorage(ctx, t.dir)
	if err != nil {
		return nil, fmt.Errorf("making the folder of issuers: %w", err)
	}
	return storage.NewCTStorage(ctx, &storage.CTStorageOptions{
		Appender: appender, Reader: reader, IssuerStorage: issuers, AwaiterPollInterval: tesseraBatchAge, EnablePubAwaiter: true,
	})
}

// listen serves on any port of this host until Close, and returns the URL.
func (t *Tiled) listen(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listening for the log: %w", err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l) // until Close
	}()
	t.onClose(func() {
		_ = s.Close()
		<-done
	})
	return "http://" + l.Addr().String(), nil
}
