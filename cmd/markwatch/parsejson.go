package main

import (
	"encoding/base64"
	"encoding/hex"
	"time"

	"markwatch/parse"
)

// certificateJSON is what parse --json prints of a certificate. Times are UTC,
// hashes lower-case hexadecimal, names those of X.520 and the MCR; a field that
// a certificate doesn't have is absent or empty.
type certificateJSON struct {
	Kind      string     `json:"kind"`   // "mark certificate", "other certificate", "malformed"
	Source    string     `json:"source"` // where in the input
	Error     string     `json:"error,omitempty"`
	*markJSON            // of a mark certificate, and what can be read of a malformed one
	Entry     *entryJSON `json:"log_entry,omitempty"`
}

type markJSON struct {
	SHA256    string    `json:"sha256,omitempty"`
	TBSSHA256 string    `json:"tbs_sha256"`
	Precert   bool      `json:"precert"`
	Serial    string    `json:"serial"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	Issuer    string    `json:"issuer"`

	Class         string `json:"class"`
	ClassInferred bool   `json:"class_inferred"`
	MarkType      string `json:"mark_type"`

	Organisation organisationJSON `json:"organisation"`
	Trademark    *trademarkJSON   `json:"trademark,omitempty"`
	Statute      *statuteJSON     `json:"statute,omitempty"`
	WordMark     string           `json:"word_mark,omitempty"`
	PriorUseURL  string           `json:"prior_use_url,omitempty"`
	Test         bool             `json:"test"`
	TestReason   string           `json:"test_reason,omitempty"`

	Subject  [][2]string `json:"subject"`
	DNSNames []string    `json:"dns_names"`
	Domains  []sanJSON   `json:"domains"`
	EKU      []string    `json:"eku"`
	Policies []string    `json:"policies"`
	CRL      []string    `json:"crl"`
	AIA      [][2]string `json:"aia"`
	SCTs     []sctJSON   `json:"scts"`

	SignatureAlgorithm string `json:"signature_algorithm"`
	Key                string `json:"key"`
	SPKISHA256         string `json:"spki_sha256"`
	SubjectKeyID       string `json:"subject_key_id,omitempty"`
	AuthorityKeyID     string `json:"authority_key_id,omitempty"`
	Pilot              bool   `json:"pilot"`

	LogotypeMediaType string      `json:"logotype_media_type,omitempty"`
	LogotypeHashes    [][2]string `json:"logotype_hashes"`
	LogotypeMatches   bool        `json:"logotype_hashes_match"`
	SVGBytes          int         `json:"svg_bytes"`
	SVGSHA256         string      `json:"svg_sha256,omitempty"`
	SVGGzipBytes      int         `json:"svg_gzip_bytes"`
	SVGTitle          *string     `json:"svg_title"`
	SVG               string      `json:"svg,omitempty"`

	Findings []findingJSON `json:"findings"`
}

type organisationJSON struct {
	Name                   string   `json:"name"`
	Key                    string   `json:"key"`
	Units                  []string `json:"units,omitempty"`
	CommonName             string   `json:"common_name,omitempty"`
	Country                string   `json:"country,omitempty"`
	State                  string   `json:"state,omitempty"`
	Locality               string   `json:"locality,omitempty"`
	Streets                []string `json:"streets,omitempty"`
	PostalCode             string   `json:"postal_code,omitempty"`
	JurisdictionCountry    string   `json:"jurisdiction_country,omitempty"`
	JurisdictionState      string   `json:"jurisdiction_state,omitempty"`
	JurisdictionLocality   string   `json:"jurisdiction_locality,omitempty"`
	RegistrationNumber     string   `json:"registration_number,omitempty"`
	BusinessCategory       string   `json:"business_category,omitempty"`
	LEI                    string   `json:"lei,omitempty"`
	OrganizationIdentifier string   `json:"organization_identifier,omitempty"`
}

type trademarkJSON struct {
	Register        string `json:"register"`
	Office          string `json:"office,omitempty"`
	Number          string `json:"number"`
	NumberAsWritten string `json:"number_as_written"`
	Fits            bool   `json:"number_fits"`
	Country         string `json:"country_as_written"`
	OfficeAsWritten string `json:"office_as_written,omitempty"`
	RecordURL       string `json:"record_url,omitempty"`
}

type statuteJSON struct {
	Country  string `json:"country,omitempty"`
	State    string `json:"state,omitempty"`
	Locality string `json:"locality,omitempty"`
	Citation string `json:"citation"`
	URL      string `json:"url,omitempty"`
}

type sanJSON struct {
	Domain      string `json:"domain"`
	Unicode     string `json:"unicode,omitempty"`
	Selector    string `json:"selector,omitempty"`
	Registrable string `json:"registrable,omitempty"`
}

type sctJSON struct {
	LogID     string    `json:"log_id"`
	Timestamp time.Time `json:"timestamp"`
}

type findingJSON struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Detail   string `json:"detail"`
	Citation string `json:"citation,omitempty"`
}

type entryJSON struct {
	Type          string    `json:"type"`
	Timestamp     time.Time `json:"timestamp"`
	IssuerKeyHash string    `json:"issuer_key_hash,omitempty"`
	Chain         int       `json:"chain_certificates"`
}

func newCertificateJSON(kind string, doc parse.Document) certificateJSON {
	out := certificateJSON{Kind: kind, Source: doc.Source}
	if doc.Err != nil {
		out.Error = doc.Err.Error()
	}
	if doc.Mark != nil {
		out.markJSON = newMarkJSON(doc.Mark)
	}
	if e := doc.Entry; e != nil {
		out.Entry = &entryJSON{Type: e.Type.String(), Timestamp: e.Timestamp, IssuerKeyHash: optionalHash(e.IssuerKeyHash), Chain: len(e.Chain)}
	}
	return out
}

func newMarkJSON(m *parse.MarkCertificate) *markJSON {
	j := &markJSON{
		SHA256: optionalHash(m.SHA256), TBSSHA256: optionalHash(m.TBSSHA256), Precert: m.Precertificate, Serial: m.Serial,
		NotBefore: m.NotBefore, NotAfter: m.NotAfter, Issuer: m.Issuer.String(),
		Class: m.Class.String(), ClassInferred: m.ClassInferred, MarkType: m.MarkType,
		Organisation: newOrganisationJSON(m.Organisation), WordMark: m.WordMark, PriorUseURL: m.PriorUseURL, Test: m.Test, TestReason: m.TestReason,
		Subject: [][2]string{}, DNSNames: []string{}, Domains: []sanJSON{}, EKU: list(m.EKUs), Policies: list(m.Policies), CRL: list(m.CRLs),
		AIA: [][2]string{}, SCTs: []sctJSON{}, LogotypeHashes: [][2]string{}, Findings: []findingJSON{},
		SignatureAlgorithm: m.SignatureAlgorithm, Key: m.KeyAlgorithm, SPKISHA256: optionalHash(m.SPKISHA256),
		SubjectKeyID: hex.EncodeToString(m.SubjectKeyID), AuthorityKeyID: hex.EncodeToString(m.AuthorityKeyID), Pilot: m.Pilot,
	}
	for _, a := range m.Subject {
		j.Subject = append(j.Subject, [2]string{a.Name, a.Value})
	}
	for _, san := range m.SANs {
		j.DNSNames = append(j.DNSNames, san.Raw)
		j.Domains = append(j.Domains, sanJSON{san.Domain, san.Unicode, san.Selector, san.Registrable})
	}
	for _, a := range m.AIA {
		j.AIA = append(j.AIA, [2]string{a.Method, a.Location})
	}
	for _, sct := range m.SCTs {
		j.SCTs = append(j.SCTs, sctJSON{base64.StdEncoding.EncodeToString(sct.LogID[:]), sct.Timestamp})
	}
	for _, f := range m.Findings {
		j.Findings = append(j.Findings, findingJSON(f))
	}
	if t := m.Trademark; t != nil {
		j.Trademark = &trademarkJSON{t.Register, parse.RegisterName(t.Register), t.Number, t.Identifier, t.Fits, t.Country, t.OfficeName, t.RecordURL}
	}
	if s := m.Statute; s != nil {
		j.Statute = &statuteJSON{s.Country, s.State, s.Locality, s.Citation, s.URL}
	}
	j.setLogo(m.Logo)
	return j
}

func (j *markJSON) setLogo(l *parse.Logo) {
	if l == nil {
		return
	}
	j.LogotypeMediaType, j.LogotypeMatches = l.MediaType, len(l.Hashes) > 0
	for _, h := range l.Hashes {
		j.LogotypeHashes = append(j.LogotypeHashes, [2]string{h.Algorithm, hex.EncodeToString(h.Value)})
		j.LogotypeMatches = j.LogotypeMatches && h.Matches
	}
	j.SVGBytes, j.SVGSHA256, j.SVGGzipBytes, j.SVG = len(l.SVG), optionalHash(l.SVGSHA256), l.CompressedSize, string(l.SVG)
	if l.HasTitle {
		j.SVGTitle = &l.Title
	}
}

func newOrganisationJSON(o parse.Organisation) organisationJSON {
	return organisationJSON{
		o.Name, o.Key(), o.Units, o.CommonName, o.Country, o.State, o.Locality, o.Streets, o.PostalCode,
		o.JurisdictionCountry, o.JurisdictionState, o.JurisdictionLocality, o.RegistrationNumber, o.BusinessCategory, o.LEI, o.OrganizationIdentifier,
	}
}

// list is s, but [] rather than null where it is empty.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// optionalHash is hexadecimal, "" for the hash of nothing.
func optionalHash(h [32]byte) string {
	if h == [32]byte{} {
		return ""
	}
	return hex.EncodeToString(h[:])
}
