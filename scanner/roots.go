package scanner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Bounds of get-roots: the largest logs accept some 600 roots.
const (
	maxRootsBytes = 32 << 20
	maxRoots      = 10_000
	maxRootBytes  = 64 << 10
)

// Roots asks a log which roots it accepts (RFC 6962, section 4.7), in DER and
// as it lists them. A static-ct-api log answers where it takes submissions: at
// Log.Origin; where that isn't known, where it is read or else at the origin of
// its checkpoint. Nothing signs the answer.
func (a *Auditor) Roots(ctx context.Context) ([][]byte, error) {
	cfg := a.run.cfg
	if cfg.Log.Type != Static {
		return askRoots(ctx, a.run.client, a.run.manner)
	}
	if cfg.Log.Origin == "" {
		roots, err := askRoots(ctx, newClient(submissionConfig(cfg)), a.run.manner)
		if !absent(err) {
			return roots, err
		}
		head, headErr := a.run.src.head(ctx, a.run.manner)
		if headErr != nil {
			return nil, headErr
		}
		origin, _, _ := strings.Cut(string(head.Raw), "\n")
		if cfg.Log.Origin = origin; cfg.Log.Validate() != nil {
			return nil, err
		}
	}
	return askRoots(ctx, newClient(submissionConfig(cfg)), a.run.manner)
}

// askRoots asks get-roots. A log that says it doesn't have that isn't asked again.
func askRoots(ctx context.Context, c *client, m manner) ([][]byte, error) {
	var roots [][]byte
	next := func(error) request { return request{endpoint: "get-roots", limit: maxRootsBytes, hopeless: absent} }
	err := c.ask(ctx, m, new([]byte), next, func(body []byte) (err error) {
		roots, err = parseRoots(body)
		return err
	})
	return roots, err
}

// submissionConfig is for asking a static-ct-api log by what it has in common
// with RFC 6962, below its submission prefix.
func submissionConfig(cfg Config) Config {
	if u, err := url.Parse(cfg.Log.URL); err == nil && cfg.Log.Origin != "" {
		cfg.Log.URL = u.Scheme + "://" + cfg.Log.Origin
	}
	cfg.Log.Type = RFC6962
	return cfg
}

// parseRoots reads a get-roots response.
func parseRoots(body []byte) ([][]byte, error) {
	var r struct {
		Certificates *[][]byte `json:"certificates"`
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, &formatError{fmt.Errorf("reading roots: %w", err)}
	}
	if r.Certificates == nil {
		return nil, &formatError{errors.New("reading roots: there are no certificates")}
	}
	if n := len(*r.Certificates); n > maxRoots {
		return nil, &formatError{fmt.Errorf("reading roots: %d of them, %d are the most", n, maxRoots)}
	}
	for i, der := range *r.Certificates {
		if len(der) == 0 || len(der) > maxRootBytes {
			return nil, &formatError{fmt.Errorf("reading roots: certificate %d has %d bytes", i, len(der))}
		}
	}
	return *r.Certificates, nil
}
