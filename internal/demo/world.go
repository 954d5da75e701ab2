// Package demo is an invented world of organisations that hold mark
// certificates, and the log that their certificates are in. It is what
// `markwatch demo` shows and what later tests of the matcher search.
//
// Its certificates follow the Minimum Security Requirements for Issuance of Mark
// Certificates (BIMI Group, 1.7), spelt in the several ways in which CAs spell
// them, and are logged by RFC 6962. Organisations, registrations, CAs and logos
// are invented: none of them is meant to be anyone's. The cities are real.
//
// The world says of itself what a matcher should find: [World.Impersonations]
// lists each impostor with its victim and the one rule it is there to show, and
// [World.LookAlikes] what resembles something else and is lawful.
package demo

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// World is everything there is. It is made by [NewWorld] and doesn't change.
type World struct {
	Seed           uint64
	Organisations  []Organisation  // honest ones first, then impostors
	Impersonations []Impersonation // one for each impostor
	LookAlikes     []LookAlike
	Issuers        []Issuer
}

// Organisation is one holder of marks.
type Organisation struct {
	Key                string // a short name, unique in the world: "orvandrel"
	Name               string
	FormerName         string // as its first certificates spelt it; empty: always as now
	Country            string // ISO 3166 code
	State              string
	Locality           string
	PostalCode         string
	Streets            []string
	JurisdictionState  string // of incorporation, where the country has several
	RegistrationNumber string // of the organisation in its country's register
	Category           string // businessCategory
	Impostor           bool
	Marks              []Mark
}

// Mark is one mark of an organisation, with its certificates' programme.
type Mark struct {
	Type        string // markType: "Registered Mark", "Government Mark", "Prior Use Mark", "Modified Registered Mark"
	Register    string // WIPO ST.3 code; empty for government and prior use marks
	Number      string // canonical, as the register's own pages show it
	Citation    string // of the statute, for a government mark
	SourceURL   string // of the archive, for a prior use mark
	Domains     []string
	Issuer      string // name of the CA
	Since       int    // days before now of the first certificate; 0 or less: it comes while the log grows
	Until       int    // days before now after which nobody renewed it; 0: it still is renewed
	Logo        []byte // SVG Tiny PS
	EarlierLogo []byte // until the organisation changed its brand; nil: it never did
	Apart       bool   // each domain has a certificate of its own
	Spelling    Spelling
}

// Spelling is how a mark's certificates deviate from what its CA usually writes.
type Spelling struct {
	WordMark string
	LEI      string
	Pilot    bool // with the pilot identifier in the years when that was allowed
	PreOnly  bool // precertificates only: the certificates were never logged
	Modern   bool // markType from the first certificate on
}

// Rule is a kind of impersonation that a matcher shall find.
type Rule string

// The rules. An impostor shows one of them; a prior use mark that trips
// RulePriorUseLogo or RulePriorUseDomain trips the plain logo or domain rule as well.
const (
	RuleLogo           Rule = "logo"             // the logo, or one near it, under an unrelated organisation
	RuleTrademark      Rule = "trademark"        // one registration under two organisations
	RulePriorUseLogo   Rule = "prior-use-logo"   // a Prior Use Mark whose logo resembles another's registered mark
	RulePriorUseDomain Rule = "prior-use-domain" // a Prior Use Mark whose domain resembles that of another's registered mark
	RuleHomoglyph      Rule = "homoglyph"        // a domain of letters that look like another's
	RuleOneEdit        Rule = "one-edit"         // a domain one letter off
	RuleTwoEdits       Rule = "two-edits"        // a long domain two letters off
	RuleCombosquat     Rule = "combosquat"       // another's name with a word added
	RuleSubdomain      Rule = "subdomain"        // another's name as a label under a foreign domain
	RuleOtherTLD       Rule = "other-tld"        // another's name under another top level domain
	RuleOrganisation   Rule = "organisation"     // a name like another's with a different registration number
)

// Impersonation is one thing that a matcher shall find.
type Impersonation struct {
	Victim       string // key of the organisation that is imitated
	Organisation string // key of the impostor
	Rule         Rule
	Variant      string // of a logo: "copied", "redrawn", "recoloured", "mirrored", "captioned" (a word added), "disc" (in white on a disc)
	Why          string // in words
}

// LookAlike is something that resembles another and is lawful: nothing to find.
type LookAlike struct {
	Organisation string // key
	Other        string // key of the other organisation, or the same one
	Why          string // in words
}

// NewWorld makes the world of a seed. Names, logos and domains are the same for
// every seed; numbers and times differ.
func NewWorld(seed uint64) *World {
	w := &World{Seed: seed, Issuers: issuers(), LookAlikes: lookAlikes()}
	taken := map[string]bool{}
	for _, e := range honest() {
		w.Organisations = append(w.Organisations, w.organisation(e, taken))
	}
	for _, e := range impostors() {
		o := w.organisation(e, taken)
		o.Impostor = true
		w.Organisations = append(w.Organisations, o)
		w.Impersonations = append(w.Impersonations, e.imitates)
	}
	w.shareRegistrations()
	return w
}

// Organisation finds an organisation by its key.
func (w *World) Organisation(key string) (Organisation, bool) {
	for _, o := range w.Organisations {
		if o.Key == key {
			return o, true
		}
	}
	return Organisation{}, false
}

// shareRegistrations gives the impostors of RuleTrademark their victims' registrations.
func (w *World) shareRegistrations() {
	for _, i := range w.Impersonations {
		if i.Rule != RuleTrademark {
			continue
		}
		victim, _ := w.Organisation(i.Victim)
		for k := range w.Organisations {
			if w.Organisations[k].Key == i.Organisation {
				m := &w.Organisations[k].Marks[0]
				m.Register, m.Number = victim.Marks[0].Register, victim.Marks[0].Number
			}
		}
	}
}

// random is the source of all that differs between two seeds, one for each topic,
// so that a change in one organisation leaves the others as they were.
func (w *World) random(topic string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, topic)
	return rand.New(rand.NewPCG(w.Seed, h.Sum64()))
}
