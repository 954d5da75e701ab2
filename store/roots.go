package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/scanner"
)

// AcceptedRoot is a root that a log accepts, or accepted for a time.
type AcceptedRoot struct {
	SHA256    string // hexadecimal
	Subject   string // "" where the certificate can't be read
	FirstSeen time.Time
	LastSeen  time.Time
	Removed   time.Time // when it was first missing; zero while it is accepted
}

// RootsChange is what a log accepts now, against what was recorded before.
type RootsChange struct {
	First   bool // nothing was recorded before
	Known   time.Time
	Kept    []AcceptedRoot
	Added   []AcceptedRoot
	Removed []AcceptedRoot

	ders map[string][]byte // of those added
}

// acceptedRootRow is a row of accepted_roots.
type acceptedRootRow struct {
	LogID     string    `ch:"log_id"`
	SHA256    string    `ch:"sha256"`
	FirstSeen time.Time `ch:"first_seen"`
	Version   uint64    `ch:"version"`
	Log       string    `ch:"log"`
	Subject   string    `ch:"subject"`
	LastSeen  time.Time `ch:"last_seen"`
	Removed   time.Time `ch:"removed_at"`
}

// AcceptedRoots are the roots that a log was seen to accept, those that it no
// longer does among them, by subject.
func (s *Store) AcceptedRoots(ctx context.Context, log scanner.Log) ([]AcceptedRoot, error) {
	rows, err := s.conn.Query(ctx, `SELECT sha256, subject, first_seen, last_seen, removed_at FROM accepted_roots FINAL
		WHERE log_id = {id:String} ORDER BY subject, sha256, first_seen`, clickhouse.Named("id", logID(log)))
	if err != nil {
		return nil, fmt.Errorf("reading the accepted roots of %s: %w", log.Name, err)
	}
	defer rows.Close()
	var out []AcceptedRoot
	for rows.Next() {
		var r AcceptedRoot
		if err := rows.Scan(&r.SHA256, &r.Subject, &r.FirstSeen, &r.LastSeen, &r.Removed); err != nil {
			return nil, fmt.Errorf("reading the accepted roots of %s: %w", log.Name, err)
		}
		if r.Removed.Unix() == 0 {
			r.Removed = time.Time{}
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// CompareRoots holds what a log says it accepts, in DER, against what is
// recorded. It writes nothing.
func (s *Store) CompareRoots(ctx context.Context, log scanner.Log, ders [][]byte, at time.Time) (*RootsChange, error) {
	recorded, err := s.AcceptedRoots(ctx, log)
	if err != nil {
		return nil, err
	}
	c := &RootsChange{First: len(recorded) == 0, ders: map[string][]byte{}}
	before := map[string]AcceptedRoot{}
	for _, r := range recorded {
		if c.Known = laterOf(c.Known, r.LastSeen); r.Removed.IsZero() {
			before[r.SHA256] = r
		}
	}
	seen := map[string]bool{}
	for _, der := range ders {
		id := hexOf(sha256.Sum256(der))
		if seen[id] {
			continue
		}
		seen[id] = true
		if r, ok := before[id]; ok {
			r.LastSeen = at
			c.Kept = append(c.Kept, r)
			delete(before, id)
			continue
		}
		c.Added, c.ders[id] = append(c.Added, AcceptedRoot{SHA256: id, Subject: SubjectOf(der), FirstSeen: at, LastSeen: at}), der
	}
	for _, r := range before {
		r.Removed = at
		c.Removed = append(c.Removed, r)
	}
	for _, roots := range [][]AcceptedRoot{c.Added, c.Removed} {
		slices.SortFunc(roots, func(a, b AcceptedRoot) int {
			return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.SHA256, b.SHA256))
		})
	}
	return c, nil
}

// laterOf is the later of two times.
func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// SaveRoots records what CompareRoots found: the bytes of new roots first.
func (s *Store) SaveRoots(ctx context.Context, log scanner.Log, c *RootsChange) error {
	var cas []*caRow
	for _, id := range slices.Sorted(maps.Keys(c.ders)) {
		cas = append(cas, &caRow{id, c.ders[id]})
	}
	if err := insert(ctx, s, "ca_certificates", cas); err != nil {
		return fmt.Errorf("recording the accepted roots of %s: %w", log.Name, err)
	}
	version := uint64(time.Now().UnixNano())
	var rows []*acceptedRootRow
	for _, r := range slices.Concat(c.Kept, c.Added, c.Removed) {
		rows = append(rows, &acceptedRootRow{logID(log), r.SHA256, storable(r.FirstSeen), version, log.Name, r.Subject, storable(r.LastSeen), storable(r.Removed)})
	}
	if err := insert(ctx, s, "accepted_roots", rows); err != nil {
		return fmt.Errorf("recording the accepted roots of %s: %w", log.Name, err)
	}
	return nil
}

// maxSubject bounds what is kept of a root's subject, in bytes.
const maxSubject = 300

// SubjectOf names a root by its subject, as accepted_roots does: without what
// steers a terminal, and not endless; "" where the certificate can't be read.
func SubjectOf(der []byte) string {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return ""
	}
	name := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(cert.Subject.String(), "?"))
	if len(name) > maxSubject {
		name = strings.ToValidUTF8(name[:maxSubject], "") + "…"
	}
	return name
}

// CACertificate is the DER of a CA certificate by its SHA-256 in hexadecimal;
// nil where the store doesn't have it.
func (s *Store) CACertificate(ctx context.Context, fingerprint string) ([]byte, error) {
	rows, err := s.conn.Query(ctx, "SELECT der FROM ca_certificates FINAL WHERE sha256 = {sha256:String}", clickhouse.Named("sha256", fingerprint))
	if err != nil {
		return nil, fmt.Errorf("reading the CA certificate %s: %w", fingerprint, err)
	}
	defer rows.Close()
	var der []byte
	if rows.Next() {
		if err := rows.Scan(&der); err != nil {
			return nil, fmt.Errorf("reading the CA certificate %s: %w", fingerprint, err)
		}
	}
	return der, rows.Err()
}
