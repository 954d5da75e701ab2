package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"markwatch/parse"
	"markwatch/parse/lint"
	"markwatch/scanner"
)

// Batch is what one commit writes: a proved batch of a scan, read.
type Batch struct {
	Scan      scanner.Batch
	Marks     []Mark
	Malformed []Malformed
}

// Mark is one log entry that is a mark certificate.
type Mark struct {
	Raw   scanner.Entry
	Entry *parse.Entry
}

// Malformed is one log entry that claims to be a mark certificate and can't be read.
type Malformed struct {
	Raw scanner.Entry
	Err *parse.MalformedError
}

// Commit writes the batch and, when all of it is written, the log's position.
// Cut off anywhere it may be repeated: the keys are the same, so nothing is doubled.
func (s *Store) Commit(ctx context.Context, b Batch) error {
	log := b.Scan.Log
	if err := s.writeBatch(ctx, b); err != nil {
		return fmt.Errorf("storing %s to %d: %w", log.Name, b.Scan.End, err)
	}
	if err := s.savePosition(ctx, log, b.Scan.Position, StateFollowing, ""); err != nil {
		return fmt.Errorf("storing the position of %s at %d: %w", log.Name, b.Scan.End, err)
	}
	return nil
}

// writeBatch writes all of a batch but the log's position. Tables of which none
// refers to another are written side by side: a write waits for the disk.
func (s *Store) writeBatch(ctx context.Context, b Batch) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.writeMarks(ctx, b.Scan.Log, b.Marks) })
	group.Go(func() error { return s.writeLog(ctx, b) })
	return group.Wait()
}

// writeMarks writes what mark certificates say. What a row of another table
// refers to is written before it.
func (s *Store) writeMarks(ctx context.Context, log scanner.Log, marks []Mark) error {
	rows := newMarkRows()
	for _, m := range marks {
		rows.add(s, log, m)
	}
	group, first := errgroup.WithContext(ctx)
	group.Go(func() error { return s.writeCAs(first, rows.cas) })
	group.Go(func() error { return insert(first, s, "logos", rows.logos) })
	group.Go(func() error { return insert(first, s, "findings", rows.findings) })
	if err := group.Wait(); err != nil {
		return err
	}
	if err := insert(ctx, s, "log_entries", rows.entries); err != nil {
		return err
	}
	return insert(ctx, s, "mark_certificates", rows.certificates)
}

func (s *Store) writeCAs(ctx context.Context, cas []*caRow) error {
	err := insert(ctx, s, "ca_certificates", cas)
	if err != nil {
		for _, r := range cas {
			s.chains.forget(sha256.Sum256(r.DER))
		}
	}
	return err
}

// markRows are the rows of one batch. A pair that the batch holds whole, as it
// mostly does, is one row of mark_certificates from the start.
type markRows struct {
	certificates []*certificateRow
	entries      []*entryRow
	findings     []*findingRow
	logos        []*logoRow
	cas          []*caRow

	byTBS     map[[32]byte]*certificateRow
	seenLogo  map[[32]byte]bool
	byFinding map[findingKey]*findingRow
}

func newMarkRows() *markRows {
	return &markRows{byTBS: map[[32]byte]*certificateRow{}, seenLogo: map[[32]byte]bool{}, byFinding: map[findingKey]*findingRow{}}
}

func (r *markRows) add(s *Store, log scanner.Log, m Mark) {
	mark := m.Entry.Mark
	if row := r.byTBS[mark.TBSSHA256]; row != nil {
		row.join(log, m.Entry)
	} else {
		row := newCertificateRow(log, m.Entry)
		r.byTBS[mark.TBSSHA256] = row
		r.certificates = append(r.certificates, row)
	}
	chain := make([]string, len(m.Entry.Chain))
	for i, der := range m.Entry.Chain {
		sum := sha256.Sum256(der)
		chain[i] = hexOf(sum)
		if s.chains.add(sum) {
			r.cas = append(r.cas, &caRow{chain[i], der})
		}
	}
	r.entries = append(r.entries, newEntryRow(log, m.Raw, m.Entry, chain))
	r.addFindings(mark)
	if l := mark.Logo; l != nil && l.SVG != nil && !r.seenLogo[l.SVGSHA256] {
		r.seenLogo[l.SVGSHA256] = true
		r.logos = append(r.logos, &logoRow{SVGSHA256: hexOf(l.SVGSHA256), Bytes: uint32(len(l.SVG)), Title: l.Title, SVG: l.SVG, Extended: new(big.Int)})
	}
}

// findingKey is the key of findings.
type findingKey struct {
	tbs  [32]byte
	rule string
}

// addFindings adds the findings of one entry: those of one rule are one row,
// with their details in order. Of entries of one issuance the table keeps the
// greater of each value, and so does a batch, so that it tells nothing which of
// them a batch held together.
func (r *markRows) addFindings(m *parse.MarkCertificate) {
	byRule := map[string][]string{}
	rows := map[string]*findingRow{}
	for _, f := range m.Findings {
		row := rows[f.Rule]
		if row == nil {
			row = &findingRow{TBSSHA256: hexOf(m.TBSSHA256), Rule: f.Rule, RulesVersion: lint.Version}
			rows[f.Rule] = row
		}
		row.Severity, row.Citation = max(row.Severity, f.Severity), max(row.Citation, f.Citation)
		byRule[f.Rule] = append(byRule[f.Rule], f.Detail)
	}
	for _, rule := range slices.Sorted(maps.Keys(rows)) {
		details := byRule[rule]
		slices.Sort(details)
		rows[rule].Detail = strings.Join(slices.Compact(details), "; ")
		r.joinFinding(findingKey{m.TBSSHA256, rule}, rows[rule])
	}
}

// joinFinding does what the aggregate functions of findings do.
func (r *markRows) joinFinding(key findingKey, row *findingRow) {
	old := r.byFinding[key]
	if old == nil {
		r.byFinding[key] = row
		r.findings = append(r.findings, row)
		return
	}
	old.Severity, old.Detail, old.Citation = max(old.Severity, row.Severity), max(old.Detail, row.Detail), max(old.Citation, row.Citation)
}

// writeLog writes what the batch says of the log itself.
func (s *Store) writeLog(ctx context.Context, b Batch) error {
	log := b.Scan.Log
	malformed := make([]*malformedRow, len(b.Malformed))
	for i, m := range b.Malformed {
		malformed[i] = newMalformedRow(log, m)
	}
	if err := insert(ctx, s, "malformed_entries", malformed); err != nil {
		return err
	}
	hashes := make([]*leafHashRow, len(b.Scan.LeafHashes))
	id := logID(log)
	for i, h := range b.Scan.LeafHashes {
		hashes[i] = &leafHashRow{id, b.Scan.Start + uint64(i), string(h[:])}
	}
	if err := insert(ctx, s, "leaf_hashes", hashes); err != nil {
		return err
	}
	if err := s.writeLogKey(ctx, log); err != nil {
		return err
	}
	heads := make([]*headRow, len(b.Scan.Heads))
	for i, h := range b.Scan.Heads {
		heads[i] = newHeadRow(log, h)
	}
	return insert(ctx, s, "tree_heads", heads)
}

// writeLogKey writes where a log is and its key, once for each process: without
// the key its tree heads prove nothing to others.
func (s *Store) writeLogKey(ctx context.Context, log scanner.Log) error {
	row := newLogRow(log)
	if !s.logs.add(row.fingerprint()) {
		return nil
	}
	err := insert(ctx, s, "logs", []*logRow{row})
	if err != nil {
		s.logs.forget(row.fingerprint())
	}
	return err
}

// maxFingerprints bounds what is remembered of chains; real logs know a few hundred CAs.
const maxFingerprints = 100_000

// fingerprints remembers what this process has written, so that the same issuing
// CA isn't sent with every certificate, nor a log's key with every batch.
type fingerprints struct {
	mu   sync.Mutex
	seen map[[32]byte]bool
}

// add tells whether sum is new.
func (f *fingerprints) add(sum [32]byte) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen[sum] {
		return false
	}
	if f.seen == nil || len(f.seen) >= maxFingerprints {
		f.seen = map[[32]byte]bool{}
	}
	f.seen[sum] = true
	return true
}

// forget takes back what could not be written.
func (f *fingerprints) forget(sum [32]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.seen, sum)
}
