package parse

import (
	"time"
)

// MarkCertificate is what a mark certificate or its precertificate says. Byte slices share
// memory with the input; strings are valid UTF-8, whatever the certificate held.
type MarkCertificate struct {
	DER       []byte   // the certificate as found; nil for a bare TBSCertificate
	SHA256    [32]byte // of DER; zero if there is none
	TBS       []byte   // TBSCertificate without poison and SCT list (RFC 6962 section 3.2)
	TBSSHA256 [32]byte // of TBS: the same for a precertificate, its certificate and its log entry

	Precertificate bool   // has the poison extension, or is the TBSCertificate of a precert_entry
	Version        int    // X.509 version, 3 as a rule
	Serial         string // lower hex without leading zeros
	SerialRaw      []byte // content octets of the INTEGER as written
	Issuer         Name
	Subject        Name
	NotBefore      time.Time
	NotAfter       time.Time

	SANs     []SAN    // dNSNames in order
	EKUs     []string // OIDs in order
	Policies []string // OIDs in order
	CRLs     []string // URLs of the CRL distribution points
	AIA      []AccessDescription

	SignatureAlgorithm string // "sha256WithRSAEncryption" …, or the OID
	KeyAlgorithm       string // "RSAPublicKey 2048", "ECPublicKey P-256", or the OID
	KeyBits            int    // modulus or field size; 0 if unknown
	SPKISHA256         [32]byte
	SubjectKeyID       []byte
	AuthorityKeyID     []byte
	SCTs               []SCT
	Pilot              bool        // has the pilot identifier extension
	Extensions         []Extension // all, in order

	Organisation  Organisation
	MarkType      string // verbatim; "" if absent
	Class         Class
	ClassInferred bool // MarkType is absent and Class follows from what else the subject holds
	WordMark      string
	PriorUseURL   string
	Trademark     *Trademark // nil if the subject has no trademark attribute
	Statute       *Statute   // nil if the subject has no statute attribute

	Logo  *Logo  // the Mark Representation: the first of Logos; nil if there is none
	Logos []Logo // all images of the logotype extension, those of the subject and those with an SVG first

	Test       bool   // by IsTest
	TestReason string // why, in words

	Findings []Finding // what the parser itself met
}

// Class is the kind of mark certificate.
type Class uint8

// The classes. UnknownClass is that of a certificate whose markType is none that the MCR
// names, or which has none and nothing to infer it from.
const (
	UnknownClass Class = iota
	VMC                // Verified Mark Certificate: Registered Mark, Government Mark
	CMC                // Common Mark Certificate: Prior Use Mark, Modified Registered Mark
)

// String gives "VMC", "CMC" or "unknown".
func (c Class) String() string {
	switch c {
	case VMC:
		return "VMC"
	case CMC:
		return "CMC"
	}
	return "unknown"
}

// MarshalText gives String, for JSON.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Organisation is the Mark Asserting Entity, from the subject. Of an attribute that repeats,
// fields that hold one value hold the first.
type Organisation struct {
	Name                   string
	Units                  []string
	CommonName             string
	Country                string
	State                  string
	Locality               string
	Streets                []string
	PostalCode             string
	JurisdictionCountry    string
	JurisdictionState      string
	JurisdictionLocality   string
	RegistrationNumber     string // subject serialNumber
	BusinessCategory       string
	LEI                    string // legalEntityIdentifier
	OrganizationIdentifier string
}

// Trademark is the registered trademark that a subject names.
type Trademark struct {
	OfficeName string // as written; no key: CAs write URLs, names, or nothing
	Country    string // as written
	Identifier string // as written
	Register   string // WIPO ST.3 code, canonical (EU is EM, UK is GB); "" if absent or unknown
	Number     string // canonical within its register
	Fits       bool   // Number has the form of its register's numbers
	RecordURL  string // the record's page; "" unless Fits and the link's form is known to be right
}

// Statute is the law that protects a Government Mark.
type Statute struct {
	Country  string
	State    string
	Locality string
	Citation string
	URL      string
}

// Logo is one image of the logotype extension.
type Logo struct {
	Role           string     // "subject", "issuer", "community", or the OID of an other logotype
	MediaType      string     // as written
	URIs           []string   // those that aren't data URIs, and so weren't read
	Hashes         []LogoHash // as written, each compared with the data
	Data           []byte     // the image, decompressed, of whatever media type; nil if not embedded
	SVG            []byte     // Data where it is an SVG, else nil
	SVGSHA256      [32]byte   // of SVG; zero if there is none
	CompressedSize int        // bytes of the gzip stream; 0 if not compressed
	Title          string     // text of the SVG's first title element, as written; junk is common
	HasTitle       bool       // the SVG has a title element
}

// LogoHash is one logotypeHash.
type LogoHash struct {
	Algorithm string // "sha1", "sha256" …, or the OID
	Value     []byte
	Matches   bool // Value is the hash of the decompressed image
}

// SAN is one dNSName.
type SAN struct {
	Raw         string // as in the certificate
	Selector    string // "default" of default._bimi.example.com; "" if there is none
	Domain      string // lower case, A-labels, without selector and _bimi
	Unicode     string // Domain with U-labels
	Registrable string // one label more than the public suffix; "" if there is none
}

// AccessDescription is one entry of authorityInfoAccess.
type AccessDescription struct {
	Method   string // "OCSP", "caIssuers", or the OID
	Location string // the URL
}

// SCT is a signed certificate timestamp that the certificate embeds (RFC 6962 section 3.2).
type SCT struct {
	Version            uint8
	LogID              [32]byte
	Timestamp          time.Time
	Extensions         []byte
	HashAlgorithm      uint8 // TLS HashAlgorithm, 4 is SHA-256
	SignatureAlgorithm uint8 // TLS SignatureAlgorithm, 3 is ECDSA, 1 is RSA
	Signature          []byte
	Raw                []byte // the SerializedSCT
}

// Extension is one X.509 extension.
type Extension struct {
	OID      string
	Critical bool
	Value    []byte // content of extnValue
}

// Severity of a Finding.
const (
	SeverityError   = "error"   // breaks a rule, or says something untrue
	SeverityWarning = "warning" // probably a fault
	SeverityNotice  = "notice"  // worth knowing
)

// Finding is one fault or oddity of a certificate.
type Finding struct {
	Rule     string // kebab-case id
	Severity string // SeverityError, SeverityWarning or SeverityNotice
	Detail   string // what was met, with its values
	Citation string // the rule's source
}
