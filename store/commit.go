package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"markwatch/parse"
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
	if err := s.writeMarks(ctx, log, b.Marks); err != nil {
		return fmt.Errorf("storing %s to %d: %w", log.Name, b.Scan.End, err)
	}
	if err := s.writeLog(ctx, b); err != nil {
		return fmt.Errorf("storing %s to %d: %w", log.Name, b.Scan.End, err)
	}
	if err := s.savePosition(ctx, log, b.Scan.Position, StateFollowing, ""); err != nil {
		return fmt.Errorf("storing the position of %s at %d: %w", log.Name, b.Scan.End, err)
	}
	return nil
}

// writeMarks writes what mark certificates say.
func (s *Store) writeMarks(ctx context.Context, log scanner.Log, marks []Mark) error {
	var (
		certificates []*certificateRow
		entries      []*entryRow
		findings     []*findingRow
		logos        []*logoRow
		cas          []*caRow
	)
	seenLogo := map[[32]byte]bool{}
	for _, m := range marks {
		certificates = append(certificates, newCertificateRow(log, m.Entry))
		chain := make([]string, len(m.Entry.Chain))
		for i, der := range m.Entry.Chain {
			sum := sha256.Sum256(der)
			chain[i] = hexOf(sum)
			if s.chains.add(sum) {
				cas = append(cas, &caRow{chain[i], string(der)})
			}
		}
		entries = append(entries, newEntryRow(log, m.Raw, m.Entry, chain))
		findings = append(findings, findingRows(m.Entry.Mark)...)
		if l := m.Entry.Mark.Logo; l != nil && l.SVG != nil && !seenLogo[l.SVGSHA256] {
			seenLogo[l.SVGSHA256] = true
			logos = append(logos, &logoRow{hexOf(l.SVGSHA256), uint32(len(l.SVG)), l.Title, string(l.SVG)})
		}
	}
	if err := insert(ctx, s, "ca_certificates", cas); err != nil {
		s.chains.forget(cas)
		return err
	}
	if err := insert(ctx, s, "logos", logos); err != nil {
		return err
	}
	if err := insert(ctx, s, "findings", findings); err != nil {
		return err
	}
	if err := insert(ctx, s, "log_entries", entries); err != nil {
		return err
	}
	return insert(ctx, s, "mark_certificates", certificates)
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
	heads := make([]*headRow, len(b.Scan.Heads))
	for i, h := range b.Scan.Heads {
		heads[i] = newHeadRow(log, h)
	}
	return insert(ctx, s, "tree_heads", heads)
}

// insert writes the rows, whose struct tags name all columns of the table, as one block.
func insert[T any](ctx context.Context, s *Store, table string, rows []*T) error {
	if len(rows) == 0 {
		return nil
	}
	batch, err := s.conn.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return fmt.Errorf("writing %s: %w", table, err)
	}
	defer batch.Close()
	for _, row := range rows {
		if err := batch.AppendStruct(row); err != nil {
			return fmt.Errorf("writing %s: %w", table, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("writing %s: %w", table, err)
	}
	return nil
}

// maxFingerprints bounds what is remembered of chains; real logs know a few hundred CAs.
const maxFingerprints = 100_000

// fingerprints remembers which CA certificates this process has written, so
// that the same issuing CA isn't sent with every certificate.
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
func (f *fingerprints) forget(rows []*caRow) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range rows {
		delete(f.seen, sha256.Sum256([]byte(r.DER)))
	}
}
