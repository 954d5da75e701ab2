package marktest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Object identifiers of the profile.
const (
	ekuMark    = "1.3.6.1.5.5.7.3.31"
	ekuServer  = "1.3.6.1.5.5.7.3.1"
	ekuPrecert = "1.3.6.1.4.1.11129.2.4.4" // RFC 6962 section 3.1
	policyMark = "1.3.6.1.4.1.53087.1.1"

	oidCountry      = "2.5.4.6"
	oidOrganisation = "2.5.4.10"
	oidCommonName   = "2.5.4.3"

	oidSubjectKey   = "2.5.29.14"
	oidKeyUsage     = "2.5.29.15"
	oidSAN          = "2.5.29.17"
	oidConstraints  = "2.5.29.19"
	oidCRL          = "2.5.29.31"
	oidPolicies     = "2.5.29.32"
	oidAuthorityKey = "2.5.29.35"
	oidEKU          = "2.5.29.37"
	oidAIA          = "1.3.6.1.5.5.7.1.1"
	oidLogotype     = "1.3.6.1.5.5.7.1.12"
	oidPilot        = "1.3.6.1.4.1.53087.4.1"
	oidPoison       = "1.3.6.1.4.1.11129.2.4.3"
	oidSCTs         = "1.3.6.1.4.1.11129.2.4.2"
)

// Spec says what a mark certificate holds. A zero field is absent from the certificate, but for
// those whose comment gives a default.
type Spec struct {
	Serial    []byte    // content octets; default: derived from all else
	Nonce     uint64    // tells apart issuances that are otherwise alike
	NotBefore time.Time // default: 2026-01-05
	NotAfter  time.Time // default: 397 days after NotBefore
	Domains   []string  // dNSNames, as A-labels

	Organisation, CommonName, Country, State, Locality, PostalCode string
	Units, Streets                                                 []string
	JurisdictionCountry, JurisdictionState, JurisdictionLocality   string
	RegistrationNumber, BusinessCategory, LEI                      string
	OrganizationIdentifier                                         string

	MarkType, WordMark                                     string
	TrademarkOffice, TrademarkCountry, TrademarkIdentifier string
	StatuteCountry, StatuteState, StatuteLocality          string
	StatuteCitation, StatuteURL                            string
	PriorUseURL                                            string
	Attributes                                             []Attribute // after all others
	StringType                                             byte        // ASN.1 tag of the subject's texts; default: PrintableString where it fits, else UTF8String

	SVG       []byte   // nil: no logotype extension
	MediaType string   // default: image/svg+xml
	Hashes    []string // "sha1", "sha256", "sha384", "sha512"; default: sha256
	Plain     bool     // the SVG isn't compressed
	RSA       bool     // the subject's key is RSA 2048, not P-256
	Pilot     bool     // with the pilot identifier extension

	ExtraEKUs  []string    // after the mark EKU
	Policies   []string    // default: the general mark policy
	CRLs       []string    // default: one
	OCSP       string      // default: none
	CAIssuers  string      // default: one
	Extensions []Extension // after all others
	Malform    Malformation
}

// Attribute is one more attribute of a subject. Its string isn't checked.
type Attribute struct {
	OID   string
	Type  byte // ASN.1 tag
	Value string
}

// Extension is one more extension.
type Extension struct {
	OID      string
	Critical bool
	Value    []byte
}

// template turns a spec into the parts of a TBSCertificate, below the key of an authority.
func (c *CA) template(s *Spec, authority []byte) template {
	start := s.NotBefore
	if start.IsZero() {
		start = epoch()
	}
	end := s.NotAfter
	if end.IsZero() {
		end = start.AddDate(0, 0, 397)
	}
	t := template{
		validity:   s.Malform.validity(seq(utcTime(start), utcTime(end))),
		subject:    s.subject(),
		spki:       c.subjectKey,
		extensions: c.extensions(s, authority),
		serial:     s.Serial,
	}
	if s.RSA {
		t.spki = c.rsaKey
	}
	if t.serial == nil {
		h := sha256.New()
		for _, e := range t.extensions {
			h.Write(e)
		}
		nonce := binary.BigEndian.AppendUint64(nil, s.Nonce)
		t.serial = serial(c.name, string(nonce), string(t.validity), string(t.subject), string(h.Sum(nil)))
	}
	return t
}

// subject encodes the subject in the order that the large CAs use.
func (s *Spec) subject() []byte {
	type pair struct {
		oid    string
		values []string
	}
	const ev, mark = "1.3.6.1.4.1.311.60.2.1.", "1.3.6.1.4.1.53087."
	pairs := []pair{
		{ev + "3", []string{s.JurisdictionCountry}}, {ev + "2", []string{s.JurisdictionState}},
		{ev + "1", []string{s.JurisdictionLocality}}, {"2.5.4.15", []string{s.BusinessCategory}},
		{"2.5.4.5", []string{s.RegistrationNumber}}, {oidCountry, []string{s.Country}},
		{"2.5.4.8", []string{s.State}}, {"2.5.4.7", []string{s.Locality}}, {"2.5.4.17", []string{s.PostalCode}},
		{"2.5.4.9", s.Streets}, {oidOrganisation, []string{s.Organisation}}, {"2.5.4.11", s.Units},
		{"2.5.4.97", []string{s.OrganizationIdentifier}}, {oidCommonName, []string{s.CommonName}},
		{mark + "1.13", []string{s.MarkType}}, {mark + "1.6", []string{s.WordMark}}, {mark + "1.5", []string{s.LEI}},
		{mark + "1.2", []string{s.TrademarkOffice}}, {mark + "1.3", []string{s.TrademarkCountry}},
		{mark + "1.4", []string{s.TrademarkIdentifier}},
		{mark + "3.2", []string{s.StatuteCountry}}, {mark + "3.3", []string{s.StatuteState}},
		{mark + "3.4", []string{s.StatuteLocality}}, {mark + "3.5", []string{s.StatuteCitation}},
		{mark + "3.6", []string{s.StatuteURL}}, {mark + "5.1", []string{s.PriorUseURL}},
	}
	var out []byte
	for _, p := range pairs {
		for _, v := range p.values {
			if v != "" {
				out = append(out, attribute(p.oid, s.stringType(p.oid, v), v)...)
			}
		}
	}
	for _, a := range s.Attributes {
		out = append(out, tlv(tagSet, seq(oid(a.OID), tlv(a.Type, []byte(a.Value))))...)
	}
	return seq(out)
}

// stringType is the tag for a text of the subject; countries are always PrintableStrings.
func (s *Spec) stringType(attr, value string) byte {
	switch {
	case attr == oidCountry:
		return tagPrintable
	case s.StringType != 0:
		return s.StringType
	case printable(value):
		return tagPrintable
	}
	return tagUTF8
}

// attribute is a relative distinguished name of one attribute.
func attribute(attr string, tag byte, value string) []byte {
	return tlv(tagSet, seq(oid(attr), text(tag, value)))
}

// extension encodes one extension.
func extension(id string, critical bool, value []byte) []byte {
	if critical {
		return seq(oid(id), tlv(0x01, []byte{0xff}), tlv(tagOctets, value))
	}
	return seq(oid(id), tlv(tagOctets, value))
}

// extensions encodes all extensions but poison and SCT list.
func (c *CA) extensions(s *Spec, authority []byte) [][]byte {
	out := [][]byte{
		extension(oidAuthorityKey, false, seq(tlv(0x80, authority))),
		extension(oidSubjectKey, false, tlv(tagOctets, keyID(c.subjectKey))),
		extension(oidSAN, false, s.sans()),
		extension(oidPolicies, false, s.policies()),
		extension(oidEKU, false, s.ekus()),
		extension(oidCRL, false, s.crls()),
		extension(oidAIA, false, s.aia()),
		extension(oidConstraints, true, s.Malform.constraints(seq())),
		extension(oidKeyUsage, true, tlv(tagBitString, []byte{7, 0x80})),
	}
	if value := c.logotype(s); value != nil {
		out = append(out, extension(oidLogotype, false, value))
	}
	if s.Pilot {
		out = append(out, extension(oidPilot, true, text(tagUTF8, "Mark Certificate")))
	}
	for _, e := range s.Extensions {
		out = append(out, extension(e.OID, e.Critical, e.Value))
	}
	return s.Malform.list(out)
}

// sans are the dNSNames.
func (s *Spec) sans() []byte {
	var names []byte
	for _, d := range s.Domains {
		names = append(names, tlv(0x82, []byte(d))...)
	}
	return s.Malform.sans(seq(names))
}

// policies are the certificate policies.
func (s *Spec) policies() []byte {
	list := s.Policies
	if list == nil {
		list = []string{policyMark}
	}
	var out []byte
	for _, p := range list {
		out = append(out, seq(oid(p))...)
	}
	return seq(out)
}

// ekus are the extended key usages, that of marks first.
func (s *Spec) ekus() []byte {
	var out []byte
	for _, e := range append([]string{ekuMark}, s.ExtraEKUs...) {
		out = append(out, oid(e)...)
	}
	return s.Malform.ekus(seq(out))
}

// crls are the CRL distribution points.
func (s *Spec) crls() []byte {
	list := s.CRLs
	if list == nil {
		list = []string{"http://crl.marktest.example/mark-issuing-1.crl"}
	}
	var out []byte
	for _, u := range list {
		out = append(out, seq(tlv(0xa0, tlv(0xa0, tlv(0x86, []byte(u)))))...)
	}
	return seq(out)
}

// aia tells where the OCSP responder and the issuer are.
func (s *Spec) aia() []byte {
	issuers := s.CAIssuers
	if issuers == "" {
		issuers = "http://certs.marktest.example/mark-issuing-1.crt"
	}
	var out []byte
	if s.OCSP != "" {
		out = seq(oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, []byte(s.OCSP)))
	}
	return seq(out, seq(oid("1.3.6.1.5.5.7.48.2"), tlv(0x86, []byte(issuers))))
}

// sctExtension is the SCT list extension (RFC 6962 section 3.3), or nil without SCTs.
func sctExtension(scts [][]byte) []byte {
	if len(scts) == 0 {
		return nil
	}
	var list []byte
	for _, s := range scts {
		list = binary.BigEndian.AppendUint16(list, uint16(len(s)))
		list = append(list, s...)
	}
	list = append(binary.BigEndian.AppendUint16(nil, uint16(len(list))), list...)
	return extension(oidSCTs, false, tlv(tagOctets, list))
}

// String names a spec in test output.
func (s Spec) String() string {
	sum := sha256.Sum256(s.SVG)
	return fmt.Sprintf("%s %s [%s] logo %s", s.MarkType, s.Organisation, strings.Join(s.Domains, " "), hex.EncodeToString(sum[:4]))
}
