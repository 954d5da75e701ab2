package scanner

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Bounds of chains, which the tree doesn't cover: a log could have us fetch for
// ever, or fill the memory with a few bytes.
const (
	maxIssuerBytes = 1 << 20 // of a certificate
	maxChainLength = 32      // issuers of an entry that are fetched
	maxTileChains  = 1<<24 - 1
	maxIssuerCache = 32 << 20
	issuerTries    = 4                // at an issuer that the log says it doesn't have, or gives wrong
	absentTime     = 10 * time.Minute // for which it isn't asked for again
)

// issuers keeps certificates by their fingerprint. One is fetched at a time: who
// holds the turn has the rest.
type issuers struct {
	turn  chan struct{} // has room for one
	known map[Hash]issuer
	bytes int
}

// issuer is what a log answered for a fingerprint.
type issuer struct {
	cert []byte // nil: the log doesn't have it
	at   time.Time
}

// chain fetches the certificates of fingerprints, as far as they fit into room.
// missing says why one is left out.
func (s *staticLog) chain(ctx context.Context, fingerprints []byte, room *int, m manner) (chain [][]byte, missing, err error) {
	for i := 0; i+sha256.Size <= len(fingerprints); i += sha256.Size {
		if i/sha256.Size >= maxChainLength {
			return chain, fmt.Errorf("its chain has %d issuers, %d are the most", len(fingerprints)/sha256.Size, maxChainLength), nil
		}
		print := Hash(fingerprints[i:])
		cert, err := s.issuer(ctx, print, m)
		switch {
		case err != nil:
			return nil, nil, err
		case cert == nil:
			missing = fmt.Errorf("the log doesn't give the issuer with SHA-256 %x", print)
			continue
		case 3+len(cert) > *room:
			return chain, errLongChains, nil
		}
		*room -= 3 + len(cert)
		chain = append(chain, cert)
	}
	return chain, missing, nil
}

// errLongChains says that a tile would grow beyond bounds.
var errLongChains = errors.New("the chains of its tile are larger than any sound ones")

// issuer returns a certificate, or nil if the log doesn't have it.
func (s *staticLog) issuer(ctx context.Context, print Hash, m manner) ([]byte, error) {
	c := &s.issuers
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if i, ok := c.known[print]; ok && (i.cert != nil || time.Since(i.at) < absentTime) {
		return i.cert, nil
	}
	cert, err := s.fetchIssuer(ctx, print, m)
	if err != nil {
		return nil, err
	}
	if c.known == nil || c.bytes > maxIssuerCache {
		c.known, c.bytes = map[Hash]issuer{}, 0
	}
	c.known[print], c.bytes = issuer{cert, time.Now()}, c.bytes+len(cert)+len(print)
	return cert, nil
}

// fetchIssuer asks for a certificate, until it is there or the log has said
// often enough that it isn't: then it returns nil.
func (s *staticLog) fetchIssuer(ctx context.Context, print Hash, m manner) (cert []byte, err error) {
	refused := 0
	next := func(last error) request {
		return request{
			endpoint: "issuer", query: "/" + hex.EncodeToString(print[:]), limit: maxIssuerBytes, fresh: m.fresh || last != nil,
			hopeless: func(err error) bool {
				if isRefusal(err) {
					refused++
				}
				return refused >= issuerTries
			},
		}
	}
	err = s.ask(ctx, m, new([]byte), next, func(body []byte) error {
		plain, err := new(unpacker).unpack(body, maxIssuerBytes)
		if err != nil {
			return err
		}
		if got := sha256.Sum256(plain); got != print {
			return &formatError{fmt.Errorf("issuer %x: got a certificate with SHA-256 %x", print, got)}
		}
		cert = bytes.Clone(plain)
		return nil
	})
	if refused >= issuerTries && isRefusal(err) {
		return nil, nil
	}
	return cert, err
}

// isRefusal says whether a log doesn't have an issuer, or has something else in
// its place.
func isRefusal(err error) bool {
	var wrong *formatError
	return absent(err) || errors.As(err, &wrong) || errors.Is(err, errOversized)
}
