package evidence

import (
	"time"
)

// Names of the pieces that each pack has, beside those of its issuances.
const (
	manifestName = "manifest.json"
	sumsName     = "SHA256SUMS"
	howToName    = "VERIFY.md"
	reportName   = "report.pdf"
	textName     = "report.txt"
)

const (
	packFormat  = "markwatch evidence"
	packVersion = 1
)

// manifest says what a pack claims and of which pieces it is. Hashes are
// lower-case hexadecimal; times are UTC.
type manifest struct {
	Format    string             `json:"format"`
	Version   int                `json:"version"`
	Program   string             `json:"made_by"`
	AsOf      time.Time          `json:"as_of"`
	Hit       *manifestHit       `json:"hit,omitempty"`
	Issuances []manifestIssuance `json:"issuances"`
	Pieces    []manifestPiece    `json:"pieces"` // by name; all but the manifest and SHA256SUMS
}

// manifestHit is the hit that a pack is about.
type manifestHit struct {
	ID        string          `json:"id"`
	Rule      string          `json:"rule"`
	Severity  string          `json:"severity"`
	List      string          `json:"list,omitempty"`
	Watched   string          `json:"watched,omitempty"`
	Reason    string          `json:"reason"`
	Score     float64         `json:"score"`
	Evidence  string          `json:"evidence"` // as stored: JSON
	FirstSeen time.Time       `json:"first_seen"`
	FoundAt   time.Time       `json:"found_at"`
	Withdrawn bool            `json:"withdrawn,omitempty"`
	State     manifestState   `json:"state"`
	History   []manifestEvent `json:"history,omitempty"`
}

// manifestState is how the hit stands.
type manifestState struct {
	State         string    `json:"state"`
	Reason        string    `json:"reason,omitempty"`
	Assignee      string    `json:"assignee,omitempty"`
	Since         time.Time `json:"since"`
	Inherited     string    `json:"inherited,omitempty"`
	InheritedFrom string    `json:"inherited_from,omitempty"`
	Earlier       string    `json:"earlier,omitempty"`
	Changed       string    `json:"changed,omitempty"`
}

// manifestEvent is one change of a hit's triage.
type manifestEvent struct {
	At       time.Time `json:"at"`
	Author   string    `json:"author,omitempty"`
	Hit      string    `json:"hit,omitempty"` // another one of the pair, on which it was decided
	Action   string    `json:"action"`
	Pair     bool      `json:"pair,omitempty"`
	State    string    `json:"state,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Assignee string    `json:"assignee,omitempty"`
	Note     string    `json:"note,omitempty"`
}

// manifestIssuance is one certificate, with its pieces below Folder: tbs.der,
// logo.svg and logo.png where it has a logo, and the folders of its entries.
type manifestIssuance struct {
	Folder       string          `json:"folder"`
	TBSSHA256    string          `json:"tbs_sha256"`
	SVGSHA256    string          `json:"svg_sha256,omitempty"`
	Organisation string          `json:"organisation"`
	Domains      []string        `json:"domains"`
	NotBefore    time.Time       `json:"not_before"`
	NotAfter     time.Time       `json:"not_after"`
	Issuer       string          `json:"issuer"`
	Serial       string          `json:"serial"`
	Entries      []manifestEntry `json:"entries"`
}

// manifestEntry is one log entry, with its pieces below Folder.
type manifestEntry struct {
	Folder    string    `json:"folder"`
	Log       string    `json:"log"`
	URL       string    `json:"url,omitempty"`
	LogID     string    `json:"log_id"` // base64, as RFC 6962 APIs write it
	Index     uint64    `json:"leaf_index"`
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	LeafHash  string    `json:"leaf_hash"`
	Chain     int       `json:"chain"` // how many certificates: chain-1.der is the issuer's
	TreeSize  uint64    `json:"tree_size,omitempty"`
	RootHash  string    `json:"root_hash,omitempty"`
	Unproved  string    `json:"unproved,omitempty"` // why there is no proof
}

// manifestPiece is one file of the pack.
type manifestPiece struct {
	Name   string `json:"name"`
	What   string `json:"what"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// inclusionProof is inclusion_proof.json.
type inclusionProof struct {
	Index    uint64   `json:"leaf_index"`
	TreeSize uint64   `json:"tree_size"`
	LeafHash string   `json:"leaf_hash"`
	Path     []string `json:"audit_path"` // the lowest first
	RootHash string   `json:"root_hash"`
}

// manifest says what the case claims, without its pieces.
func (c *Case) manifest() *manifest {
	m := &manifest{Format: packFormat, Version: packVersion, Program: c.Program, AsOf: c.asOf()}
	if h := c.Hit; h != nil {
		m.Hit = &manifestHit{
			ID: h.ID, Rule: h.Rule, Severity: h.Severity, List: h.List, Reason: h.Reason, Score: h.Score, Evidence: h.Evidence,
			FirstSeen: h.FirstSeen.UTC(), FoundAt: h.FoundAt.UTC(), Withdrawn: h.Withdrawn,
			State: manifestState{h.State.State, h.State.Reason, h.State.Assignee, h.State.Since.UTC(), h.State.Inherited, h.State.InheritedFrom, h.State.Earlier, h.State.Changed},
		}
		if c.Watched != nil {
			m.Hit.Watched = named(c.Watched)
		}
		for _, e := range h.History {
			event := manifestEvent{At: e.At.UTC(), Author: e.Author, Action: string(e.Action), Pair: e.Pair, State: e.State, Reason: e.Reason, Assignee: e.Assignee, Note: e.Note}
			if e.HitID != h.ID {
				event.Hit = e.HitID
			}
			m.Hit.History = append(m.Hit.History, event)
		}
	}
	return m
}

// manifest says what the issuance claims.
func (i *Issuance) manifest(folder string) manifestIssuance {
	m := manifestIssuance{
		Folder: folder, TBSSHA256: i.TBSSHA256, Organisation: i.Mark.Organisation.Name, Domains: []string{},
		NotBefore: i.Mark.NotBefore.UTC(), NotAfter: i.Mark.NotAfter.UTC(), Issuer: i.Mark.Issuer.String(), Serial: i.Mark.Serial,
	}
	if i.logo() != nil {
		m.SVGSHA256 = hexOf(i.Mark.Logo.SVGSHA256)
	}
	for _, san := range i.Mark.SANs {
		m.Domains = append(m.Domains, san.Raw)
	}
	return m
}

// manifest says what the entry claims.
func (e *Entry) manifest(folder string) manifestEntry {
	m := manifestEntry{
		Folder: folder, Log: e.Log, URL: e.Source.URL, LogID: e.LogID, Index: e.Index, Type: e.Type, Timestamp: e.Parsed.Timestamp.UTC(),
		LeafHash: hexOf(e.LeafHash), Chain: len(e.Parsed.Chain), Unproved: e.Unproved,
	}
	if e.Unproved == "" {
		m.TreeSize, m.RootHash = e.Head.Size, hexOf(e.Head.Root)
	}
	return m
}
