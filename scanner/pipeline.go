package scanner

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"
)

// job is a range to fetch and where its chunk goes.
type job struct {
	start, end uint64
	probe      bool        // the log's cap is unknown: stop as soon as it isn't
	result     chan *chunk // has room for the one chunk
	ended      chan uint64 // has room for where the chunk ended
}

// pipeline fetches [start, end) in parallel and yields it in order. What is in
// flight or waits to be taken is bounded: a slow consumer slows the fetchers.
type pipeline struct {
	src      source
	capper   *capper
	parallel int
	manner   manner
	filter   func([]byte) bool
	size     uint64 // of the tree head that is read up to
}

// chunks yields the chunks of [start, end) in order, or one error.
func (p *pipeline) chunks(ctx context.Context, start, end uint64) iter.Seq2[*chunk, error] {
	return func(yield func(*chunk, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		g, ctx := errgroup.WithContext(ctx)
		defer func() {
			cancel()
			_ = g.Wait() // its error was yielded, or nobody wants it
		}()
		jobs := make(chan job)
		order := make(chan job, p.parallel)
		g.Go(func() error {
			defer close(order)
			defer close(jobs)
			return p.dispatch(ctx, start, end, order, jobs)
		})
		for range p.parallel {
			g.Go(func() error { return p.work(ctx, jobs) })
		}
		for j := range order {
			select {
			case c := <-j.result:
				if !yield(c, nil) {
					return
				}
			case <-ctx.Done():
				yield(nil, g.Wait())
				return
			}
		}
		if err := g.Wait(); err != nil {
			yield(nil, err)
		}
	}
}

// dispatch cuts the range into jobs. It puts each into order first, whose
// capacity bounds how many there are. While the log's cap is unknown it waits
// for each job, so as not to ask for much that isn't given.
func (p *pipeline) dispatch(ctx context.Context, start, end uint64, order, jobs chan<- job) error {
	for start < end {
		j := job{start, p.capper.plan(start, end), p.capper.known() == 0, make(chan *chunk, 1), make(chan uint64, 1)}
		for _, to := range []chan<- job{order, jobs} {
			select {
			case to <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		start = j.end
		if j.probe {
			select {
			case start = <-j.ended:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// work fetches one job after the other.
func (p *pipeline) work(ctx context.Context, jobs <-chan job) error {
	w := newWorkspace(p.filter)
	for j := range jobs {
		c := &chunk{start: j.start, end: j.start, hashes: make([]Hash, 0, j.end-j.start)}
		for c.end < j.end && (c.end == j.start || !j.probe || p.capper.known() == 0) {
			if err := p.src.entries(ctx, c, j.end, p.size, p.manner, w); err != nil {
				return err
			}
		}
		j.result <- c
		j.ended <- c.end
	}
	return nil
}
