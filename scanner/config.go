package scanner

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"time"
)

// Defaults of a Config.
const (
	DefaultMaxRate      = 10.0             // requests per second
	DefaultParallel     = 4                // requests at a time
	DefaultBatchEntries = 131072           // entries between two proofs
	DefaultMarkPoll     = 30 * time.Second // between two tree heads of a mark log
	DefaultPoll         = 5 * time.Minute  // between two tree heads of any other log
	maxBatchBytes       = 16 << 20         // matched entries of one batch
	maxParallel         = 64
)

// Entry is one leaf of a log that passed the filter. Its slices are its own.
type Entry struct {
	Index     uint64
	LeafInput []byte // MerkleTreeLeaf (RFC 6962, section 3.4)
	ExtraData []byte // chain; for a precertificate itself and its chain (section 4.6); not covered by the tree
	LeafHash  Hash   // SHA-256(0, LeafInput)
}

// Batch is [Start, End) of one log, proved: the root recomputed over [0, End)
// is of one tree with Head, whose signature verified.
type Batch struct {
	Log        Log
	Start, End uint64     // equal when only tree heads are news
	Entries    []Entry    // those that pass the filter, in index order
	LeafHashes []Hash     // of all of [Start, End) when Log.Marks; else nil
	Head       TreeHead   // the largest verified head; it covers End
	Heads      []TreeHead // verified heads first seen since the batch before, smaller and older ones too
	Proof      []Hash     // consistency proof from End to Head.Size; empty when they are equal
	Position   Position   // to be saved last
}

// Config says what to scan and how.
type Config struct {
	Log      Log
	Position Position // where to go on; the zero value starts at the first entry
	// Leaves yields the stored leaf hashes of [start, end) of a mark log, by
	// which smaller tree heads are checked without the log's help. Nil, or an
	// error from it, means that get-sth-consistency is asked.
	Leaves func(ctx context.Context, start, end uint64) iter.Seq2[Hash, error]

	HTTP      *http.Client // nil: a client with its own timeouts
	UserAgent string       // must hold a contact: an e-mail address or a URL
	MaxRate   float64      // requests per second that are never exceeded; 0: DefaultMaxRate
	Pace      *Pace        // shared with what else asks the log; nil: with nothing
	Parallel  int          // requests at a time; 0: DefaultParallel
	Bandwidth int64        // bytes per second of response bodies; 0: no limit

	// Filter says by its leaf_input whether an entry is to be delivered; nil:
	// HasMarkEKU. It is called concurrently and must not keep its argument.
	Filter       func(leafInput []byte) bool
	PollInterval time.Duration // between two tree heads; 0: DefaultMarkPoll or DefaultPoll
	// BatchEntries is about how many entries a batch covers while there are
	// many to read; 0: DefaultBatchEntries. A batch ends sooner when its
	// matching entries reach 16 MiB.
	BatchEntries int
	// Once stops the scan at the tree head that is current at its start, and
	// gives up with an UnreachableError after a few tries.
	Once    bool
	Observe func(Event)      // is told what happens; called concurrently; nil: nobody is
	Now     func() time.Time // the clock that tree heads are held against; nil: time.Now
}

// markEKU is the value of the object identifier 1.3.6.1.5.5.7.3.31,
// id-kp-BrandIndicatorforMessageIdentification, in DER.
const markEKU = "\x2b\x06\x01\x05\x05\x07\x03\x1f"

// HasMarkEKU says whether a leaf_input holds the extended key usage of mark
// certificates. It looks for the identifier's eight value bytes anywhere: it
// never misses one, and lets through the rare certificate that has these bytes
// elsewhere.
func HasMarkEKU(leafInput []byte) bool {
	return bytes.Contains(leafInput, []byte(markEKU))
}

// validate says what can't be used, and how to mend it.
func (c Config) validate() error {
	if err := c.Log.Validate(); err != nil {
		return err
	}
	switch {
	case !strings.Contains(c.UserAgent, "@") && !strings.Contains(c.UserAgent, "://"):
		return fmt.Errorf("user agent %q has no contact: add an e-mail address or a URL", c.UserAgent)
	case !(c.MaxRate >= 0), c.Bandwidth < 0, c.BatchEntries < 0, c.PollInterval < 0:
		return fmt.Errorf("log %s: rate, bandwidth, batch entries and poll interval can't be negative", c.Log.Name)
	case c.Parallel < 0 || c.Parallel > maxParallel:
		return fmt.Errorf("log %s: %d parallel requests, want 1 to %d", c.Log.Name, c.Parallel, maxParallel)
	}
	return c.Position.validate(c.Log)
}

// withDefaults checks the configuration and fills in what was left open.
func (c Config) withDefaults() (Config, error) {
	if err := c.validate(); err != nil {
		return c, err
	}
	c.Log.Type = orDefault(c.Log.Type, RFC6962)
	c.MaxRate = orDefault(c.MaxRate, DefaultMaxRate)
	c.Parallel = orDefault(c.Parallel, DefaultParallel)
	c.BatchEntries = orDefault(c.BatchEntries, DefaultBatchEntries)
	poll := DefaultPoll
	if c.Log.Marks {
		poll = DefaultMarkPoll
	}
	c.PollInterval = orDefault(c.PollInterval, poll)
	if c.HTTP == nil {
		c.HTTP = newHTTPClient()
	}
	if c.Filter == nil {
		c.Filter = HasMarkEKU
	}
	if c.Observe == nil {
		c.Observe = func(Event) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}

// orDefault returns v, or def if v is the zero value.
func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
