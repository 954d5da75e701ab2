package store

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/match"
	"markwatch/match/logo"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// issuanceColumns are what the matcher needs to know of an issuance.
const issuanceColumns = `tbs_sha256, organisation_key, mark_key,
	organisation, country, jurisdiction_country, jurisdiction_state, jurisdiction_locality, registration_number, lei, organization_identifier,
	domains, class, mark_type, register, number, register_url, issuer_organisation, issuer, not_before, first_logged, svg_sha256, is_test`

// Issuances are all issuances, as the matcher sees them.
func (s *Store) Issuances(ctx context.Context) ([]match.Issuance, error) {
	return s.issuances(ctx, "SELECT "+issuanceColumns+" FROM mark_certificates FINAL ORDER BY not_before, tbs_sha256")
}

// IssuancesOf are those issuances that have an entry in [start, end) of a log, of its id.
func (s *Store) IssuancesOf(ctx context.Context, log string, start, end uint64) ([]match.Issuance, error) {
	return s.issuances(ctx, "SELECT "+issuanceColumns+` FROM mark_certificates FINAL WHERE tbs_sha256 IN
		(SELECT tbs_sha256 FROM log_entries FINAL WHERE log_id = {id:String} AND leaf_index >= {start:UInt64} AND leaf_index < {end:UInt64})
		ORDER BY not_before, tbs_sha256`,
		clickhouse.Named("id", log), clickhouse.Named("start", start), clickhouse.Named("end", end))
}

func (s *Store) issuances(ctx context.Context, sql string, args ...any) ([]match.Issuance, error) {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the issuances to match: %w", err)
	}
	defer rows.Close()
	var out []match.Issuance
	for rows.Next() {
		var i match.Issuance
		var issuerName string
		var o parse.Organisation
		err := rows.Scan(&i.TBSSHA256, &i.OrganisationKey, &i.MarkKey,
			&o.Name, &o.Country, &o.JurisdictionCountry, &o.JurisdictionState, &o.JurisdictionLocality, &o.RegistrationNumber, &o.LEI, &o.OrganizationIdentifier,
			&i.Domains, &i.Class, &i.MarkType, &i.Register, &i.Number, &i.RegisterURL, &i.Issuer, &issuerName, &i.NotBefore, &i.FirstLogged, &i.Logo, &i.Test)
		if err != nil {
			return nil, fmt.Errorf("reading the issuances to match: %w", err)
		}
		if i.Issuer == "" {
			i.Issuer = issuerName
		}
		i.Party = organisation.Of(o)
		out = append(out, i)
	}
	return out, rows.Err()
}

// Step bounds a walk through a log's marks: the index behind at most marks of
// its mark certificates from start on, and no greater than end.
func (s *Store) Step(ctx context.Context, log string, start, end uint64, marks int) (uint64, error) {
	var count, last uint64
	row := s.conn.QueryRow(ctx, `SELECT count(), max(leaf_index) FROM (SELECT leaf_index FROM log_entries FINAL
		WHERE log_id = {id:String} AND leaf_index >= {start:UInt64} AND leaf_index < {end:UInt64} ORDER BY leaf_index LIMIT {marks:UInt64})`,
		clickhouse.Named("id", log), clickhouse.Named("start", start), clickhouse.Named("end", end), clickhouse.Named("marks", marks))
	if err := row.Scan(&count, &last); err != nil {
		return 0, fmt.Errorf("reading the entries to match: %w", err)
	}
	if count < uint64(marks) {
		return end, nil
	}
	return last + 1, nil
}

// Read tells how far each log is read, by its id.
func (s *Store) Read(ctx context.Context) (map[string]uint64, error) {
	rows, err := s.conn.Query(ctx, "SELECT log_id, next_index FROM positions FINAL")
	if err != nil {
		return nil, fmt.Errorf("reading how far the logs are read: %w", err)
	}
	defer rows.Close()
	read := map[string]uint64{}
	for rows.Next() {
		var id string
		var next uint64
		if err := rows.Scan(&id, &next); err != nil {
			return nil, fmt.Errorf("reading how far the logs are read: %w", err)
		}
		read[id] = next
	}
	return read, rows.Err()
}

// SVG is one stored logo.
type SVG struct {
	SHA256 string
	SVG    []byte
}

// Undescribed are some of the logos whose features are missing or of another
// version, at most limit, by their hashes; of is which to look at, nil all.
func (s *Store) Undescribed(ctx context.Context, of []string, limit int) ([]SVG, error) {
	rows, err := s.conn.Query(ctx, `SELECT svg_sha256, svg FROM logos FINAL
		WHERE features_version != {version:UInt32} AND ({all:Bool} OR svg_sha256 IN {of:Array(String)}) ORDER BY svg_sha256 LIMIT {limit:UInt64}`,
		clickhouse.Named("version", match.FeaturesVersion), clickhouse.Named("all", of == nil), clickhouse.Named("of", of), clickhouse.Named("limit", limit))
	if err != nil {
		return nil, fmt.Errorf("reading the logos to describe: %w", err)
	}
	defer rows.Close()
	var out []SVG
	for rows.Next() {
		var l SVG
		if err := rows.Scan(&l.SHA256, &l.SVG); err != nil {
			return nil, fmt.Errorf("reading the logos to describe: %w", err)
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// SVG reads one logo; nil if there is none of this hash.
func (s *Store) SVG(ctx context.Context, sha256 string) ([]byte, error) {
	rows, err := s.conn.Query(ctx, "SELECT svg FROM logos FINAL WHERE svg_sha256 = {sha256:String}", clickhouse.Named("sha256", sha256))
	if err != nil {
		return nil, fmt.Errorf("reading a logo: %w", err)
	}
	defer rows.Close()
	var svg []byte
	if rows.Next() {
		if err := rows.Scan(&svg); err != nil {
			return nil, fmt.Errorf("reading a logo: %w", err)
		}
	}
	return svg, rows.Err()
}

// Features are what was computed of a logo.
type Features struct {
	SHA256     string
	Hashes     logo.Hashes
	Descriptor *logo.Descriptor // nil where there is a problem
	Text       bool
	Undrawn    []string
	Problem    string // why it can't be compared
}

// SaveFeatures writes features of stored logos: their rows anew, of a greater
// version. Similar pairs must be saved before, so that they aren't missed where
// markwatch ends in between.
func (s *Store) SaveFeatures(ctx context.Context, all []Features) error {
	byHash := map[string]*Features{}
	hashes := make([]string, len(all))
	for i := range all {
		byHash[all[i].SHA256], hashes[i] = &all[i], all[i].SHA256
	}
	rows, err := s.conn.Query(ctx, "SELECT svg_sha256, bytes, title, svg FROM logos FINAL WHERE svg_sha256 IN {of:Array(String)}", clickhouse.Named("of", hashes))
	if err != nil {
		return fmt.Errorf("reading logos: %w", err)
	}
	defer rows.Close()
	var out []*logoRow
	for rows.Next() {
		r := &logoRow{FeaturesVersion: match.FeaturesVersion}
		if err := rows.Scan(&r.SVGSHA256, &r.Bytes, &r.Title, &r.SVG); err != nil {
			return fmt.Errorf("reading logos: %w", err)
		}
		if err := r.set(byHash[r.SVGSHA256]); err != nil {
			return err
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading logos: %w", err)
	}
	return insert(ctx, s, "logos", out)
}

func (r *logoRow) set(f *Features) error {
	r.Average, r.Difference, r.Perception = f.Hashes.Average, f.Hashes.Difference, f.Hashes.Perception
	r.Extended = new(big.Int)
	for _, word := range f.Hashes.Extended {
		r.Extended.Or(r.Extended.Lsh(r.Extended, 64), new(big.Int).SetUint64(word))
	}
	r.HasText, r.Undrawn, r.Problem = f.Text, f.Undrawn, f.Problem
	if f.Descriptor != nil {
		descriptor, err := f.Descriptor.MarshalBinary()
		if err != nil {
			return fmt.Errorf("storing the descriptor of logo %s: %w", f.SHA256, err)
		}
		r.Descriptor = descriptor
	}
	return nil
}

// Logos are the described logos, or those of them with these hashes; without a
// descriptor where they can't be compared.
func (s *Store) Logos(ctx context.Context, of []string) ([]match.Logo, error) {
	rows, err := s.conn.Query(ctx, `SELECT svg_sha256, descriptor FROM logos FINAL
		WHERE features_version = {version:UInt32} AND ({all:Bool} OR svg_sha256 IN {of:Array(String)}) ORDER BY svg_sha256`,
		clickhouse.Named("version", match.FeaturesVersion), clickhouse.Named("all", of == nil), clickhouse.Named("of", of))
	if err != nil {
		return nil, fmt.Errorf("reading the descriptors of logos: %w", err)
	}
	defer rows.Close()
	var out []match.Logo
	for rows.Next() {
		var l match.Logo
		var descriptor []byte
		if err := rows.Scan(&l.SHA256, &descriptor); err != nil {
			return nil, fmt.Errorf("reading the descriptors of logos: %w", err)
		}
		if len(descriptor) > 0 {
			l.Descriptor = new(logo.Descriptor)
			if err := l.Descriptor.UnmarshalBinary(descriptor); err != nil {
				return nil, fmt.Errorf("reading the descriptor of logo %s: %w", l.SHA256, err)
			}
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// similarRow is a row of similar_logos.
type similarRow struct {
	First           string  `ch:"first"`
	Second          string  `ch:"second"`
	FeaturesVersion uint32  `ch:"features_version"`
	Score           float64 `ch:"score"`
	Verdict         string  `ch:"verdict"`
	Distance        uint8   `ch:"distance"`
	Reason          string  `ch:"reason"`
	Reverse         string  `ch:"reverse_reason"`
}

// SaveSimilar writes pairs of logos that resemble each other.
func (s *Store) SaveSimilar(ctx context.Context, pairs []match.SimilarLogos) error {
	rows := make([]*similarRow, len(pairs))
	for i, p := range pairs {
		rows[i] = &similarRow{p.First, p.Second, match.FeaturesVersion, p.Score, p.Verdict, uint8(p.Distance), p.Reason, p.Reverse}
	}
	return insert(ctx, s, "similar_logos", rows)
}

// Similar are the pairs of logos that resemble each other.
func (s *Store) Similar(ctx context.Context) ([]match.SimilarLogos, error) {
	rows, err := s.conn.Query(ctx, `SELECT first, second, score, verdict, distance, reason, reverse_reason FROM similar_logos FINAL
		WHERE features_version = {version:UInt32} ORDER BY first, second`, clickhouse.Named("version", match.FeaturesVersion))
	if err != nil {
		return nil, fmt.Errorf("reading the similar logos: %w", err)
	}
	defer rows.Close()
	var out []match.SimilarLogos
	for rows.Next() {
		var p match.SimilarLogos
		var distance uint8
		if err := rows.Scan(&p.First, &p.Second, &p.Score, &p.Verdict, &distance, &p.Reason, &p.Reverse); err != nil {
			return nil, fmt.Errorf("reading the similar logos: %w", err)
		}
		p.Distance = int(distance)
		out = append(out, p)
	}
	return out, rows.Err()
}

// hitRow is a row of hits.
type hitRow struct {
	ID                   string    `ch:"id"`
	Version              uint64    `ch:"version"`
	Rule                 string    `ch:"rule"`
	Severity             string    `ch:"severity"`
	List                 string    `ch:"list"`
	WatchItem            string    `ch:"watch_item"`
	TBSSHA256            string    `ch:"tbs_sha256"`
	Organisation         string    `ch:"organisation"`
	OrganisationKey      string    `ch:"organisation_key"`
	Domains              []string  `ch:"domains"`
	OtherTBSSHA256       string    `ch:"other_tbs_sha256"`
	OtherOrganisation    string    `ch:"other_organisation"`
	OtherOrganisationKey string    `ch:"other_organisation_key"`
	OtherDomains         []string  `ch:"other_domains"`
	Score                float64   `ch:"score"`
	Reason               string    `ch:"reason"`
	Evidence             string    `ch:"evidence"`
	RulesVersion         uint32    `ch:"rules_version"`
	FirstSeen            time.Time `ch:"first_seen"`
	FoundAt              time.Time `ch:"found_at"`
	Withdrawn            bool      `ch:"withdrawn"`
	MarkKey              string    `ch:"mark_key"`
	LogoSHA256           string    `ch:"logo_sha256"`
	NotBefore            time.Time `ch:"not_before"`
}

// SaveHits writes what became of the hits. Of those that are withdrawn the last
// version stays, marked.
func (s *Store) SaveHits(ctx context.Context, c match.Changes) error {
	ids := slices.Clone(c.Withdrawn)
	for _, h := range c.Hits {
		ids = append(ids, h.ID)
	}
	old := map[string]*hitRow{}
	for some := range slices.Chunk(ids, 1000) { // a parameter has to fit a request's head
		stored, err := s.hitRows(ctx, "id IN {ids:Array(String)}", clickhouse.Named("ids", some))
		if err != nil {
			return err
		}
		for _, r := range stored {
			old[r.ID] = r
		}
	}
	now := time.Now().UTC()
	var rows []*hitRow
	for _, h := range c.Hits {
		r := &hitRow{
			ID: h.ID, Version: 1, Rule: string(h.Rule), Severity: string(h.Severity), List: h.List, WatchItem: h.Item, TBSSHA256: h.TBSSHA256,
			Organisation: h.Organisation, OrganisationKey: h.OrganisationKey, Domains: h.Domains,
			OtherTBSSHA256: h.OtherTBSSHA256, OtherOrganisation: h.OtherOrganisation, OtherOrganisationKey: h.OtherOrganisationKey, OtherDomains: h.OtherDomains,
			Score: h.Score, Reason: h.Reason, Evidence: h.Evidence.String(), RulesVersion: match.Version, FirstSeen: storable(h.FirstSeen), FoundAt: now,
			MarkKey: h.MarkKey, LogoSHA256: h.LogoSHA256, NotBefore: storable(h.NotBefore),
		}
		if o := old[h.ID]; o != nil {
			r.Version, r.FoundAt = o.Version+1, o.FoundAt
		}
		rows = append(rows, r)
	}
	for _, id := range c.Withdrawn {
		if o := old[id]; o != nil {
			o.Version, o.Withdrawn = o.Version+1, true
			rows = append(rows, o)
		}
	}
	return insert(ctx, s, "hits", rows)
}

// Hits are the hits that are not withdrawn.
func (s *Store) Hits(ctx context.Context) ([]match.Hit, error) {
	rows, err := s.hitRows(ctx, "NOT withdrawn")
	if err != nil {
		return nil, err
	}
	hits := make([]match.Hit, len(rows))
	for i, r := range rows {
		if hits[i], err = r.hit(); err != nil {
			return nil, err
		}
	}
	return hits, nil
}

// HitsAgainst are the ids of the hits in force that are against the same watch
// item or organisation as this one.
func (s *Store) HitsAgainst(ctx context.Context, id string) ([]string, error) {
	return s.texts(ctx, "reading the hits against the same", "SELECT id FROM hits FINAL WHERE NOT withdrawn AND against IN (SELECT against FROM hits WHERE id = {id:String})", clickhouse.Named("id", id))
}

// HitIDs are the ids of all hits in force.
func (s *Store) HitIDs(ctx context.Context) ([]string, error) {
	return s.texts(ctx, "reading the ids of the hits", "SELECT id FROM hits FINAL WHERE NOT withdrawn")
}

// texts reads a result of one column; doing is for its error.
func (s *Store) texts(ctx context.Context, doing, sql string, args ...any) ([]string, error) {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

func (s *Store) hitRows(ctx context.Context, where string, args ...any) ([]*hitRow, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM hits FINAL WHERE "+where+" ORDER BY id", args...)
	if err != nil {
		return nil, fmt.Errorf("reading the hits: %w", err)
	}
	defer rows.Close()
	var out []*hitRow
	for rows.Next() {
		r := &hitRow{}
		if err := rows.ScanStruct(r); err != nil {
			return nil, fmt.Errorf("reading the hits: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
