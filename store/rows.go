package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"time"

	"markwatch/parse"
	"markwatch/scanner"
)

// certificateRow is a row of mark_certificates.
type certificateRow struct {
	TBSSHA256       string `ch:"tbs_sha256"`
	MarkKey         string `ch:"mark_key"`
	OrganisationKey string `ch:"organisation_key"`

	MarkType      string `ch:"mark_type"`
	Class         string `ch:"class"`
	ClassInferred bool   `ch:"class_inferred"`
	WordMark      string `ch:"word_mark"`
	PriorUseURL   string `ch:"prior_use_url"`

	Register         string `ch:"register"`
	Number           string `ch:"number"`
	NumberFits       bool   `ch:"number_fits"`
	NumberAsWritten  string `ch:"number_as_written"`
	TrademarkCountry string `ch:"trademark_country"`
	TrademarkOffice  string `ch:"trademark_office"`
	RegisterURL      string `ch:"register_url"`

	StatuteCountry  string `ch:"statute_country"`
	StatuteState    string `ch:"statute_state"`
	StatuteLocality string `ch:"statute_locality"`
	StatuteCitation string `ch:"statute_citation"`
	StatuteURL      string `ch:"statute_url"`

	Organisation           string   `ch:"organisation"`
	Units                  []string `ch:"organisational_units"`
	CommonName             string   `ch:"common_name"`
	Country                string   `ch:"country"`
	State                  string   `ch:"state"`
	Locality               string   `ch:"locality"`
	Streets                []string `ch:"streets"`
	PostalCode             string   `ch:"postal_code"`
	JurisdictionCountry    string   `ch:"jurisdiction_country"`
	JurisdictionState      string   `ch:"jurisdiction_state"`
	JurisdictionLocality   string   `ch:"jurisdiction_locality"`
	RegistrationNumber     string   `ch:"registration_number"`
	BusinessCategory       string   `ch:"business_category"`
	LEI                    string   `ch:"lei"`
	OrganizationIdentifier string   `ch:"organization_identifier"`
	SubjectAttributes      []string `ch:"subject_attributes"`
	SubjectValues          []string `ch:"subject_values"`

	DNSNames           []string `ch:"dns_names"`
	Domains            []string `ch:"domains"`
	DomainsUnicode     []string `ch:"domains_unicode"` // of each of Domains
	Selectors          []string `ch:"selectors"`
	RegistrableDomains []string `ch:"registrable_domains"`
	DomainsRegistrable []string `ch:"domains_registrable"` // of each of Domains

	SVGSHA256           string   `ch:"svg_sha256"`
	LogoMediaType       string   `ch:"logo_media_type"`
	LogoCompressedBytes uint32   `ch:"logo_compressed_bytes"`
	LogoHashAlgorithms  []string `ch:"logo_hash_algorithms"`
	LogoHashesMatch     bool     `ch:"logo_hashes_match"`

	Serial             string    `ch:"serial"`
	Issuer             string    `ch:"issuer"`
	IssuerOrganisation string    `ch:"issuer_organisation"`
	IssuerName         string    `ch:"issuer_name"`
	NotBefore          time.Time `ch:"not_before"`
	NotAfter           time.Time `ch:"not_after"`
	EKUs               []string  `ch:"ekus"`
	Policies           []string  `ch:"policies"`
	CRLURLs            []string  `ch:"crl_urls"`
	OCSPURLs           []string  `ch:"ocsp_urls"`
	CAIssuersURLs      []string  `ch:"ca_issuers_urls"`
	SignatureAlgorithm string    `ch:"signature_algorithm"`
	PublicKey          string    `ch:"public_key"`
	SPKISHA256         string    `ch:"spki_sha256"`
	SubjectKeyID       string    `ch:"subject_key_id"`
	AuthorityKeyID     string    `ch:"authority_key_id"`
	Pilot              bool      `ch:"pilot"`

	IsTest       bool   `ch:"is_test"`
	TestReason   string `ch:"test_reason"`
	RulesVersion uint16 `ch:"rules_version"`

	HasPrecertificate    uint8     `ch:"has_precertificate"`
	HasCertificate       uint8     `ch:"has_certificate"`
	PrecertificateSHA256 string    `ch:"precertificate_sha256"`
	CertificateSHA256    string    `ch:"certificate_sha256"`
	SCTLogIDs            []string  `ch:"sct_log_ids"`
	Logs                 []string  `ch:"logs"`
	FirstLogged          time.Time `ch:"first_logged"`
	LastLogged           time.Time `ch:"last_logged"`
	FirstPrecertificate  time.Time `ch:"first_precertificate"`
	FirstCertificate     time.Time `ch:"first_certificate"`
}

// newCertificateRow says of an issuance what one log entry says of it.
func newCertificateRow(log scanner.Log, e *parse.Entry) *certificateRow {
	m := e.Mark
	r := &certificateRow{
		TBSSHA256: hexOf(m.TBSSHA256), MarkKey: m.MarkKey(), OrganisationKey: m.Organisation.Key(),
		MarkType: m.MarkType, Class: m.Class.String(), ClassInferred: m.ClassInferred, WordMark: m.WordMark, PriorUseURL: m.PriorUseURL,
		Serial: m.Serial, Issuer: m.Issuer.String(), IssuerOrganisation: attribute(m.Issuer, "organizationName"), IssuerName: attribute(m.Issuer, "commonName"),
		NotBefore: storable(m.NotBefore), NotAfter: storable(m.NotAfter),
		EKUs: m.EKUs, Policies: m.Policies, CRLURLs: m.CRLs, OCSPURLs: access(m, "OCSP"), CAIssuersURLs: access(m, "caIssuers"),
		SignatureAlgorithm: m.SignatureAlgorithm, PublicKey: m.KeyAlgorithm, SPKISHA256: hexOf(m.SPKISHA256),
		SubjectKeyID: hex.EncodeToString(m.SubjectKeyID), AuthorityKeyID: hex.EncodeToString(m.AuthorityKeyID), Pilot: m.Pilot,
		IsTest: m.Test, TestReason: m.TestReason, RulesVersion: parse.Version,
		FirstLogged: storable(e.Timestamp), LastLogged: storable(e.Timestamp),
		FirstPrecertificate: never(), FirstCertificate: never(),
	}
	r.join(log, e)
	r.setOrganisation(m)
	r.setRights(m)
	r.setNames(m)
	r.setLogo(m)
	return r
}

// join adds what another entry of the same issuance knows, as the table's
// aggregate functions do for entries of different batches.
func (r *certificateRow) join(log scanner.Log, e *parse.Entry) {
	logged := storable(e.Timestamp)
	if e.Mark.Precertificate { // of a precert_entry, or sent to add-chain
		r.HasPrecertificate, r.PrecertificateSHA256 = 1, max(r.PrecertificateSHA256, optionalHex(e.Mark.SHA256))
		r.FirstPrecertificate = earlier(r.FirstPrecertificate, logged)
	} else {
		r.HasCertificate, r.CertificateSHA256 = 1, max(r.CertificateSHA256, optionalHex(e.Mark.SHA256))
		r.FirstCertificate = earlier(r.FirstCertificate, logged)
	}
	r.SCTLogIDs = appendNew(r.SCTLogIDs, sctLogIDs(e.Mark)...)
	r.Logs = appendNew(r.Logs, log.Name)
	r.FirstLogged = earlier(r.FirstLogged, logged)
	if logged.After(r.LastLogged) {
		r.LastLogged = logged
	}
}

func (r *certificateRow) setOrganisation(m *parse.MarkCertificate) {
	o := m.Organisation
	r.Organisation, r.Units, r.CommonName = o.Name, o.Units, o.CommonName
	r.Country, r.State, r.Locality, r.Streets, r.PostalCode = o.Country, o.State, o.Locality, o.Streets, o.PostalCode
	r.JurisdictionCountry, r.JurisdictionState, r.JurisdictionLocality = o.JurisdictionCountry, o.JurisdictionState, o.JurisdictionLocality
	r.RegistrationNumber, r.BusinessCategory, r.LEI, r.OrganizationIdentifier = o.RegistrationNumber, o.BusinessCategory, o.LEI, o.OrganizationIdentifier
	for _, a := range m.Subject {
		r.SubjectAttributes = append(r.SubjectAttributes, a.Name)
		r.SubjectValues = append(r.SubjectValues, a.Value)
	}
}

// setRights sets what entitles the organisation to the mark: a registration or a statute.
func (r *certificateRow) setRights(m *parse.MarkCertificate) {
	if t := m.Trademark; t != nil {
		r.Register, r.Number, r.NumberFits, r.NumberAsWritten = t.Register, t.Number, t.Fits, t.Identifier
		r.TrademarkCountry, r.TrademarkOffice, r.RegisterURL = t.Country, t.OfficeName, t.RecordURL
	}
	if s := m.Statute; s != nil {
		r.StatuteCountry, r.StatuteState, r.StatuteLocality = s.Country, s.State, s.Locality
		r.StatuteCitation, r.StatuteURL = s.Citation, s.URL
	}
}

func (r *certificateRow) setNames(m *parse.MarkCertificate) {
	for _, san := range m.SANs {
		r.DNSNames = append(r.DNSNames, san.Raw)
	}
	r.setDomains(m.SANs)
	each := func(field func(*parse.SAN) string) []string {
		all := make([]string, len(m.SANs))
		for i := range m.SANs {
			all[i] = field(&m.SANs[i])
		}
		return appendNew(nil, all...)
	}
	r.Selectors = each(func(s *parse.SAN) string { return s.Selector })
	r.RegistrableDomains = each(func(s *parse.SAN) string { return s.Registrable })
}

// setDomains sets the distinct domains, each with its form in Unicode and its
// registrable domain.
func (r *certificateRow) setDomains(sans []parse.SAN) {
	seen := map[string]bool{"": true}
	for i := range sans {
		if s := &sans[i]; !seen[s.Domain] {
			seen[s.Domain] = true
			r.Domains = append(r.Domains, s.Domain)
			r.DomainsUnicode = append(r.DomainsUnicode, s.Unicode)
			r.DomainsRegistrable = append(r.DomainsRegistrable, s.Registrable)
		}
	}
}

func (r *certificateRow) setLogo(m *parse.MarkCertificate) {
	if m.Logo == nil {
		return
	}
	r.SVGSHA256 = optionalHex(m.Logo.SVGSHA256)
	r.LogoMediaType, r.LogoCompressedBytes = m.Logo.MediaType, uint32(m.Logo.CompressedSize)
	r.LogoHashesMatch = len(m.Logo.Hashes) > 0
	for _, h := range m.Logo.Hashes {
		r.LogoHashAlgorithms = append(r.LogoHashAlgorithms, h.Algorithm)
		r.LogoHashesMatch = r.LogoHashesMatch && h.Matches
	}
}

// entryRow is a row of log_entries.
type entryRow struct {
	LogID             string      `ch:"log_id"`
	LeafIndex         uint64      `ch:"leaf_index"`
	Log               string      `ch:"log"`
	Timestamp         time.Time   `ch:"timestamp"`
	EntryType         string      `ch:"entry_type"`
	TBSSHA256         string      `ch:"tbs_sha256"`
	CertificateSHA256 string      `ch:"certificate_sha256"`
	IssuerKeyHash     string      `ch:"issuer_key_hash"`
	LeafHash          string      `ch:"leaf_hash"`
	SCTLogIDs         []string    `ch:"sct_log_ids"`
	SCTTimestamps     []time.Time `ch:"sct_timestamps"`
	Chain             []string    `ch:"chain"`
	LeafInput         []byte      `ch:"leaf_input"`
	Precertificate    []byte      `ch:"precertificate"`
	ExtraData         []byte      `ch:"extra_data"`
}

func newEntryRow(log scanner.Log, raw scanner.Entry, e *parse.Entry, chain []string) *entryRow {
	r := &entryRow{
		LogID: logID(log), LeafIndex: raw.Index, Log: log.Name, Timestamp: storable(e.Timestamp), EntryType: e.Type.String(),
		TBSSHA256: hexOf(e.Mark.TBSSHA256), CertificateSHA256: optionalHex(e.Mark.SHA256), LeafHash: hexOf(raw.LeafHash),
		SCTLogIDs: sctLogIDs(e.Mark), Chain: chain, LeafInput: raw.LeafInput,
	}
	for _, sct := range e.Mark.SCTs {
		r.SCTTimestamps = append(r.SCTTimestamps, storable(sct.Timestamp))
	}
	if e.Type == parse.PrecertEntry {
		r.IssuerKeyHash = hexOf(e.IssuerKeyHash)
		r.Precertificate = e.Mark.DER
	}
	if !reproducible(e, raw.ExtraData) {
		r.ExtraData = raw.ExtraData
	}
	return r
}

// malformedRow is a row of malformed_entries.
type malformedRow struct {
	LogID        string    `ch:"log_id"`
	LeafIndex    uint64    `ch:"leaf_index"`
	Log          string    `ch:"log"`
	Timestamp    time.Time `ch:"timestamp"`
	Part         string    `ch:"part"`
	Reason       string    `ch:"reason"`
	Organisation string    `ch:"organisation"`
	DNSNames     []string  `ch:"dns_names"`
	LeafHash     string    `ch:"leaf_hash"`
	LeafInput    []byte    `ch:"leaf_input"`
	ExtraData    []byte    `ch:"extra_data"`
}

func newMalformedRow(log scanner.Log, m Malformed) *malformedRow {
	r := &malformedRow{
		LogID: logID(log), LeafIndex: m.Raw.Index, Log: log.Name, Timestamp: storable(leafTimestamp(m.Raw.LeafInput)),
		Part: m.Err.Part, Reason: m.Err.Error(), LeafHash: hexOf(m.Raw.LeafHash),
		LeafInput: m.Raw.LeafInput, ExtraData: m.Raw.ExtraData,
	}
	if p := m.Err.Partial; p != nil {
		r.Organisation = p.Organisation.Name
		for _, san := range p.SANs {
			r.DNSNames = append(r.DNSNames, san.Raw)
		}
	}
	return r
}

// findingRow is a row of findings.
type findingRow struct {
	TBSSHA256    string `ch:"tbs_sha256"`
	Rule         string `ch:"rule"`
	Severity     string `ch:"severity"`
	Detail       string `ch:"detail"`
	Citation     string `ch:"citation"`
	RulesVersion uint16 `ch:"rules_version"`
}

// logoRow is a row of logos. FeaturesVersion and what follows are zero until
// the logo is described.
type logoRow struct {
	SVGSHA256       string   `ch:"svg_sha256"`
	Bytes           uint32   `ch:"bytes"`
	Title           string   `ch:"title"`
	SVG             []byte   `ch:"svg"`
	FeaturesVersion uint32   `ch:"features_version"`
	Average         uint64   `ch:"average_hash"`
	Difference      uint64   `ch:"difference_hash"`
	Perception      uint64   `ch:"perception_hash"`
	Extended        *big.Int `ch:"extended_hash"`
	Descriptor      []byte   `ch:"descriptor"`
	HasText         bool     `ch:"has_text"`
	Undrawn         []string `ch:"undrawn"`
	Problem         string   `ch:"problem"`
}

// caRow is a row of ca_certificates.
type caRow struct {
	SHA256 string `ch:"sha256"`
	DER    []byte `ch:"der"`
}

// logRow is a row of logs.
type logRow struct {
	LogID string `ch:"log_id"`
	Log   string `ch:"log"`
	Kind  string `ch:"kind"`
	URL   string `ch:"url"`
	Key   string `ch:"key"`
	MMD   uint64 `ch:"mmd"`
}

func newLogRow(log scanner.Log) *logRow {
	return &logRow{logID(log), log.Name, string(log.Type), log.URL, base64.StdEncoding.EncodeToString(log.Key), uint64(log.MMD / time.Second)}
}

// fingerprint tells two descriptions of a log apart.
func (r *logRow) fingerprint() [32]byte { return sha256.Sum256(fmt.Append(nil, *r)) }

// headRow is a row of tree_heads.
type headRow struct {
	LogID     string    `ch:"log_id"`
	TreeSize  uint64    `ch:"tree_size"`
	RootHash  string    `ch:"root_hash"`
	Log       string    `ch:"log"`
	Timestamp time.Time `ch:"timestamp"`
	Signature string    `ch:"signature"`
	Raw       string    `ch:"raw"`
}

func newHeadRow(log scanner.Log, h scanner.TreeHead) *headRow {
	return &headRow{logID(log), h.Size, hexOf(h.Root), log.Name, storable(h.Timestamp), base64.StdEncoding.EncodeToString(h.Signature), string(h.Raw)}
}

// leafHashRow is a row of leaf_hashes.
type leafHashRow struct {
	LogID     string `ch:"log_id"`
	LeafIndex uint64 `ch:"leaf_index"`
	LeafHash  string `ch:"leaf_hash"`
}

// positionRow is a row of positions.
type positionRow struct {
	LogID         string    `ch:"log_id"`
	Version       uint64    `ch:"version"`
	Log           string    `ch:"log"`
	Kind          string    `ch:"kind"`
	URL           string    `ch:"url"`
	NextIndex     uint64    `ch:"next_index"`
	Baseline      *uint64   `ch:"baseline"`
	TreeSize      uint64    `ch:"tree_size"`
	RootHash      string    `ch:"root_hash"`
	TreeTimestamp time.Time `ch:"tree_timestamp"`
	VerifiedAt    time.Time `ch:"verified_at"`
	State         string    `ch:"state"`
	StateDetail   string    `ch:"state_detail"`
	Position      string    `ch:"position"`
}
