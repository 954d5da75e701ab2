package scanner

import (
	"context"
	"errors"
	"iter"
	"time"
)

// quietTime is how long a log may be without news before a batch is yielded
// only to say that it is still there.
const quietTime = 10 * time.Minute

// Scanner reads one log.
type Scanner struct{ cfg Config }

// New checks the configuration, and that the position is whole and of this
// log; it makes no request.
func New(cfg Config) (*Scanner, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Scanner{cfg}, nil
}

// Batches yields proved batches in order until ctx ends, Once is reached, or
// the log is caught lying; a *ForkError, *SignatureError or (with Once)
// *UnreachableError is the last thing it yields. The end of ctx yields
// nothing. The caller has stored a batch when it asks for the next one.
//
// A batch without entries brings news of tree heads, or, after ten quiet
// minutes, only the time at which one last verified.
//
// Each call starts at the configured position, with its own requests.
func (s *Scanner) Batches(ctx context.Context) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		r, err := newRun(s.cfg)
		if err == nil {
			err = r.run(ctx, func(b Batch) bool { return yield(b, nil) })
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, errStopped) {
			yield(Batch{}, err)
		}
	}
}

// errStopped says that the caller wants no more.
var errStopped = errors.New("consumer stopped")

// run is one scan of a log. It belongs to the goroutine that iterates.
type run struct {
	cfg    Config
	client *client
	capper *capper
	src    source
	heads  *heads
	manner manner // how hard to try

	done    treeRange // of all entries delivered
	proved  TreeHead  // head of the last batch
	polled  time.Time // when a tree head was last asked for
	yielded time.Time // when a batch was last delivered
}

// newRun starts at the configured position.
func newRun(cfg Config) (*run, error) {
	done, err := newTreeRange(cfg.Position.Next, cfg.Position.Range)
	if err != nil {
		return nil, err
	}
	c := newClient(cfg)
	learned := func(n int) { cfg.Observe(CapLearned{cfg.Log.Name, n}) }
	r := &run{cfg: cfg, client: c, done: done, proved: cfg.Position.Head, yielded: time.Now()}
	most := min(max(cfg.Position.Cap, 0), probeSize)
	if cfg.Log.Type == Static {
		most = tileWidth
	}
	r.capper = &capper{learned: learned, cap: most, best: most}
	if cfg.Log.Type == Static {
		r.src = newStaticLog(c)
	} else {
		r.src = &rfc6962Log{c, r.capper}
	}
	if cfg.Once {
		r.manner.tries = onceTries
	}
	r.heads = newHeads(cfg, r.src, r.manner)
	return r, nil
}

// run follows the log: tree head, entries up to it, wait.
func (r *run) run(ctx context.Context, yield func(Batch) bool) error {
	for {
		r.polled = time.Now()
		if err := r.heads.poll(ctx, r.manner, r.done); err != nil {
			return err
		}
		for r.done.r.End() < r.heads.held.Size {
			if err := r.read(ctx, yield); err != nil {
				return err
			}
		}
		if len(r.heads.news) > 0 || time.Since(r.yielded) >= quietTime {
			if !r.deliver(Batch{Start: r.done.r.End(), End: r.done.r.End()}, yield) {
				return errStopped
			}
		}
		if r.cfg.Once {
			return nil
		}
		if err := sleep(ctx, r.cfg.PollInterval-time.Since(r.polled)); err != nil {
			return err
		}
	}
}

// read delivers the entries up to the tree head that is held now, in batches.
func (r *run) read(ctx context.Context, yield func(Batch) bool) error {
	target := r.heads.held.Size
	p := &pipeline{r.src, r.capper, r.cfg.Parallel, r.manner, r.cfg.Filter, target}
	b, err := r.newBatch()
	if err != nil {
		return err
	}
	for c, err := range p.chunks(ctx, r.done.r.End(), target) {
		if err != nil {
			return err
		}
		for whole := true; whole; {
			whole, err = b.take(c)
			if err != nil {
				return err
			}
			if !whole && b.tree.r.End() < target && time.Since(b.began) < maxBatchTime {
				break
			}
			if err := r.finish(ctx, b, yield); err != nil {
				return err
			}
			if b, err = r.newBatch(); err != nil {
				return err
			}
			whole = whole && c.start < c.end
		}
	}
	return nil
}

// finish proves a batch and delivers it.
func (r *run) finish(ctx context.Context, b *batch, yield func(Batch) bool) error {
	if !r.cfg.Once && time.Since(r.polled) >= r.cfg.PollInterval {
		if err := r.pollBetween(ctx); err != nil {
			return err
		}
	}
	proof, err := r.prove(ctx, b)
	if err != nil {
		return err
	}
	r.done = b.tree
	b.odd = append(b.odd, r.heads.absent.late(b.entries, r.cfg.Log.mmd())...)
	r.heads.absent.prune(b.tree.r.End())
	for _, e := range oddities(r.cfg.Log.Name, b.start, b.tree.r.End(), b.odd) {
		r.cfg.Observe(e)
	}
	out := Batch{Start: b.start, End: b.tree.r.End(), Entries: b.entries, Proof: proof}
	if r.cfg.Log.Marks {
		out.LeafHashes = b.hashes
	}
	if !r.deliver(out, yield) {
		return errStopped
	}
	return ctx.Err()
}

// pollBetween looks at the tree head while there is still much to read. That
// it can't be had is no reason to stop reading.
func (r *run) pollBetween(ctx context.Context) error {
	r.polled = time.Now()
	err := r.heads.poll(ctx, manner{tries: headProofTries}, r.done)
	var unreachable *UnreachableError
	if errors.As(err, &unreachable) {
		return nil
	}
	return err
}

// deliver fills in what every batch has and yields it.
func (r *run) deliver(b Batch, yield func(Batch) bool) bool {
	h := r.heads
	b.Log, b.Head, b.Heads = r.cfg.Log, h.held, h.news
	b.Position = Position{
		Next: b.End, Range: r.done.hashes(), Head: h.held, Verified: h.verified,
		Rate: r.client.limiter.rate(), Cap: r.capper.known(),
	}
	h.news, r.proved, r.yielded = nil, h.held, time.Now()
	return yield(b)
}
