package scanner

import (
	"context"
	"iter"
	"net/http"
)

// Scanner reads one log.
type Scanner struct {
	cfg Config
}

// New checks the configuration; it makes no request.
func New(cfg Config) (*Scanner, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Scanner{cfg: cfg}, nil
}

// Batches yields proved batches in order until ctx ends, Once is reached, or
// the log is caught lying. The caller has stored a batch when it asks for the
// next one.
func (s *Scanner) Batches(ctx context.Context) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		yield(Batch{}, ctx.Err())
	}
}

func newHTTPClient() *http.Client { return &http.Client{} }
