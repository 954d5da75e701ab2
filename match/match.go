// Package match finds impersonation among mark certificates: it compares logos
// (match/logo), domains (match/domain), organisations (match/organisation) and
// trademark numbers of every issuance with those of unrelated organisations and
// with what people watch, and says of each hit why, in words and numbers.
//
// What hits there are is a function of what is known, not of the order in which
// it came: logs are read side by side, and a log that is read later may hold the
// older certificate. A [Matcher] therefore keeps, for each two organisations
// that resemble each other and for each watch item, the hits that there are now,
// and tells how they change: a hit is new, says something else, or is withdrawn
// because the two turned out to belong together.
//
// The standing rules take the one who came later for the suspect. A certificate
// for a Prior Use Mark (Minimum Security Requirements for Issuance of Mark
// Certificates, section 3.2.16), for which no register is asked, is suspect
// beside a registered mark whenever it came.
package match

import (
	"time"

	"markwatch/match/logo"
	"markwatch/match/organisation"
	"markwatch/match/raster"
)

// Version is that of rules and features together; hits of other versions are
// found anew when a matcher starts.
const Version uint32 = 1<<16 | FeaturesVersion

// FeaturesVersion is that of what is computed of a logo: renderer and descriptor.
const FeaturesVersion uint32 = raster.Version<<8 | logo.Version

// Issuance is what the matcher needs to know of one mark certificate, or its
// precertificate, or both.
type Issuance struct {
	TBSSHA256       string // lower-case hexadecimal, as all hashes here
	OrganisationKey string
	MarkKey         string
	Party           organisation.Party
	Domains         []string // A-labels
	Class           string   // VMC, CMC or unknown
	MarkType        string   // as written; "" in old certificates
	Register        string   // WIPO ST.3 code; "" without a registered trademark
	Number          string   // canonical
	RegisterURL     string
	Issuer          string    // organisation of the CA
	NotBefore       time.Time // of validity
	FirstLogged     time.Time
	Logo            string // SHA-256 of the SVG; "" without one
	Test            bool   // a test certificate: it hits nothing
}

// registration is the key of the issuance's trademark; "" without one.
func (i *Issuance) registration() string {
	if i.Register == "" || i.Number == "" {
		return ""
	}
	return i.Register + " " + i.Number
}

// unregistered tells whether no register was asked for the issuance's mark: it
// is a common mark certificate without a registration.
func (i *Issuance) unregistered() bool { return i.Class == "CMC" && i.Number == "" }

// registered tells whether the issuance is for a mark that a register or a
// statute protects.
func (i *Issuance) registered() bool { return i.Class != "CMC" }

// Logo is one distinct SVG of the certificates, described.
type Logo struct {
	SHA256     string
	Descriptor *logo.Descriptor // nil where it can't be compared
}

// SimilarLogos are two logos that resemble each other; First is the lesser hash.
type SimilarLogos struct {
	First, Second string
	Score         float64
	Verdict       string
	Distance      int    // of perception hashes, of 64 bits
	Reason        string // in what the first, as an imitation, agrees with the second
	Reverse       string // in what the second agrees with the first
}

// seen is the reason with this one of the two as the imitation.
func (s *SimilarLogos) seen(imitation string) string {
	if imitation == s.First {
		return s.Reason
	}
	return s.Reverse
}

// Changes are what became of the hits.
type Changes struct {
	Hits      []Hit    // new ones, and those that say something else now
	Withdrawn []string // ids of those that are none any more
}
