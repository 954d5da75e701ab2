package ctlogtest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"maps"
	"sync"
	"time"
)

// Hash is a SHA-256 value.
type Hash = [sha256.Size]byte

// defaultMaxGetEntries is what CTFE serves by default.
const defaultMaxGetEntries = 1000

// Options say what a log is.
type Options struct {
	Name string           // part of the default seed
	Seed string           // the ECDSA P-256 key is derived from it; empty: Name
	Key  crypto.Signer    // instead of a derived key; two logs with one key make a real fork
	Now  func() time.Time // nil: time.Now

	MaxGetEntries int      // most entries in a get-entries response; 0: 1000
	AlignRanges   bool     // cut longer ranges at a multiple of MaxGetEntries, as CTFE does
	Roots         [][]byte // what get-roots says
	// Static makes the log speak static-ct-api as well, beside RFC 6962: leaves
	// and SCTs have a leaf_index, and checkpoint, tiles and issuers are served.
	// A leaf of AddRaw should then be a MerkleTreeLeaf, and its extra_data a chain.
	Static bool
	Origin string // of checkpoints; empty: made of Name
	Gzip   bool   // of static-ct-api: bodies are gzip and say so, whether or not it was asked for

	// AutoPublish integrates what was submitted whenever a tree head is asked
	// for; otherwise only Publish does.
	AutoPublish bool
}

// Log is one log. Its methods may be called concurrently.
type Log struct {
	opts   Options
	signer crypto.Signer
	key    []byte // DER SubjectPublicKeyInfo
	id     Hash

	mu      sync.RWMutex
	tree    tree            // all entries, integrated or not
	entries store           // their encoded form
	known   map[Hash]known  // submissions by the hash of their certificate
	byLeaf  map[Hash]uint64 // leaf hashes of the first indexed entries
	indexed uint64          // how many byLeaf holds
	issuers map[Hash][]byte // of static-ct-api, by fingerprint
	sizes   map[uint64]bool // of which a tree head was signed
	heads   []head          // all that were signed in the ordinary course; the last is current

	faults faultState
	counts counters
}

// known is what a submission was answered before.
type known struct {
	sct   []byte
	index uint64
}

// head is a signed tree head.
type head struct {
	size uint64
	root Hash
	ms   uint64
	sig  []byte // DigitallySigned
}

// New makes an empty log and signs the tree head of no entries. It panics if
// the options can't be used: its callers are tests and the demonstration.
func New(opts Options) *Log {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.MaxGetEntries <= 0 {
		opts.MaxGetEntries = defaultMaxGetEntries
	}
	if opts.Seed == "" {
		opts.Seed = opts.Name
	}
	l := &Log{opts: opts, signer: opts.Key, known: map[Hash]known{}, byLeaf: map[Hash]uint64{}}
	l.issuers, l.sizes = map[Hash][]byte{}, map[uint64]bool{}
	if l.signer == nil {
		l.signer = deriveKey(opts.Seed)
	}
	spki, err := x509.MarshalPKIXPublicKey(l.signer.Public())
	if err != nil {
		panic(fmt.Sprintf("ctlogtest: encoding key of log %s: %v", opts.Name, err))
	}
	l.key, l.id = spki, sha256.Sum256(spki)
	l.Publish()
	return l
}

// deriveKey makes a P-256 key of a seed: for tests, nothing else.
func deriveKey(seed string) *ecdsa.PrivateKey {
	for i := byte(0); ; i++ {
		d := sha256.Sum256(append([]byte("ctlogtest key "+seed), i))
		if k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:]); err == nil {
			return k
		}
	}
}

// PublicKey returns the log's key as DER SubjectPublicKeyInfo.
func (l *Log) PublicKey() []byte { return bytes.Clone(l.key) }

// LogID returns the SHA-256 of PublicKey.
func (l *Log) LogID() Hash { return l.id }

// Name returns the name the log was made with.
func (l *Log) Name() string { return l.opts.Name }

// Static says whether the log speaks static-ct-api as well.
func (l *Log) Static() bool { return l.opts.Static }

// Size returns the size of the published tree.
func (l *Log) Size() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.current().size
}

// Pending returns how many submissions the published tree lacks.
func (l *Log) Pending() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.tree.size() - l.current().size
}

// Root returns the root of the first size entries, published or not.
func (l *Log) Root(size uint64) Hash {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.tree.root(size)
}

// Timestamp returns when the published tree head was signed.
func (l *Log) Timestamp() time.Time {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return time.UnixMilli(int64(l.current().ms)).UTC()
}

// AddChain submits a certificate with its chain and returns the serialized
// SCT, and the index the entry will have. A certificate that was submitted
// before gets the answer it got then.
func (l *Log) AddChain(chain ...[]byte) (sct []byte, index uint64) {
	return l.submit(signedEntry{cert: chain[0]}, certChain(chain[1:]))
}

// AddPreChain submits a precertificate: tbs is its TBSCertificate without
// poison, issuerKeyHash the SHA-256 of its issuer's key, chain what follows the
// precertificate.
func (l *Log) AddPreChain(precert, tbs []byte, issuerKeyHash [32]byte, chain ...[]byte) (sct []byte, index uint64) {
	extra := append(opaque24(nil, precert), certChain(chain)...)
	return l.submit(signedEntry{cert: tbs, issuer: issuerKeyHash, pre: true, id: sha256.Sum256(precert)}, extra)
}

// submit makes leaf and SCT of an entry.
func (l *Log) submit(e signedEntry, extra []byte) ([]byte, uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := e.identity()
	if k, ok := l.known[id]; ok {
		return bytes.Clone(k.sct), k.index
	}
	ms := l.nowMS()
	if l.opts.Static {
		e.extensions = leafIndex(l.tree.size())
	}
	sct := l.sct(e, ms)
	index := l.add(e.leafInput(ms), extra)
	l.known[id] = known{sct, index}
	return bytes.Clone(sct), index
}

// AddRaw adds an entry of any bytes, also such as no log should have.
func (l *Log) AddRaw(leafInput, extraData []byte) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.add(leafInput, extraData)
}

// add appends to tree and entries.
func (l *Log) add(leafInput, extra []byte) uint64 {
	var tail []byte
	if l.opts.Static {
		tail = l.tail(leafInput, extra)
	}
	l.entries.add(leafInput, extra, tail)
	return l.tree.add(leafHash(leafInput))
}

// Publish integrates all submissions and signs a tree head now.
func (l *Log) Publish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.publish(l.nowMS())
}

// PublishAt is Publish with a timestamp of the caller's choice.
func (l *Log) PublishAt(t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.publish(uint64(t.UnixMilli()))
}

// publish signs all there is.
func (l *Log) publish(ms uint64) {
	n := l.tree.size()
	l.heads = append(l.heads, l.signHead(n, l.tree.root(n), ms))
}

// Fork returns another log with the same key and the first at entries, its
// tree head published: what is added to either from there on makes a fork.
func (l *Log) Fork(at uint64) *Log {
	opts := l.opts
	opts.Key = l.signer
	f := New(opts)
	l.mu.RLock()
	defer l.mu.RUnlock()
	maps.Copy(f.issuers, l.issuers)
	for i := range at {
		f.entries.copyOf(&l.entries, i)
		f.tree.add(l.tree.leaf(i))
	}
	f.Publish()
	return f
}

// current is the published tree head.
func (l *Log) current() head { return l.heads[len(l.heads)-1] }

// nowMS is the log's clock.
func (l *Log) nowMS() uint64 { return uint64(l.opts.Now().UnixMilli()) }
