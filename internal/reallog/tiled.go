package reallog

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TiledOptions say what a log of tiles is.
type TiledOptions struct {
	Dir   string   // empty folder for the log
	Roots [][]byte // DER of the roots that it accepts

	// Of TesseraCT.
	Key  *ecdsa.PrivateKey // P-256; nil: a new one. Two logs with one key make a real fork
	Keep time.Duration     // how long partial tiles are kept of which there is the full one; 0: for ever

	// Of Sunlight.
	Programs string // folder into which Build has compiled SunlightPrograms
}

// Tiled is a running log of static-ct-api.
type Tiled struct {
	URL    string       // monitoring prefix
	Submit string       // submission prefix
	Origin string       // of its checkpoints
	Key    []byte       // DER SubjectPublicKeyInfo
	Client *http.Client // by which both prefixes are reached

	dir   string
	close []func() // from the last to the first
}

// onClose adds what ends the log.
func (t *Tiled) onClose(f func()) { t.close = append(t.close, f) }

// Close stops the log and waits until it has.
func (t *Tiled) Close() {
	for _, f := range slices.Backward(t.close) {
		f()
	}
	t.close = nil
}

// AddChain submits a certificate and its chain.
func (t *Tiled) AddChain(ctx context.Context, chain ...[]byte) (SCT, error) {
	return submit(ctx, t.Client, t.Submit, "add-chain", chain)
}

// AddPreChain submits a precertificate and its chain.
func (t *Tiled) AddPreChain(ctx context.Context, chain ...[]byte) (SCT, error) {
	return submit(ctx, t.Client, t.Submit, "add-pre-chain", chain)
}

// Size returns the size of the tree that the log shows.
func (t *Tiled) Size(ctx context.Context) (uint64, error) {
	note, err := t.File(ctx, "checkpoint")
	if err != nil {
		return 0, err
	}
	lines := strings.Split(string(note), "\n")
	if len(lines) < 2 {
		return 0, fmt.Errorf("checkpoint is %q", note)
	}
	return strconv.ParseUint(lines[1], 10, 64)
}

// File reads a file of the log.
func (t *Tiled) File(ctx context.Context, name string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.URL+"/"+name, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	req.Header.Set("User-Agent", "reallog (ops@markwatch.test)")
	resp, err := t.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", name, resp.Status)
	}
	return body, err
}

// Issuer reads an issuer's certificate by its fingerprint.
func (t *Tiled) Issuer(ctx context.Context, print [32]byte) ([]byte, error) {
	return t.File(ctx, "issuer/"+hex.EncodeToString(print[:]))
}
