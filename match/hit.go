package match

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"markwatch/match/domain"
)

// Severity is how bad it is if a hit is what it looks like, and how likely that is.
type Severity string

// The severities, from the least.
const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Severities lists all, from the least.
func Severities() []Severity { return []Severity{Low, Medium, High, Critical} }

// rank orders severities; an unknown one is the least.
func (s Severity) rank() int {
	for i, known := range Severities() {
		if s == known {
			return i
		}
	}
	return -1
}

// atLeast is the greater of two severities.
func (s Severity) atLeast(floor Severity) Severity {
	if floor.rank() > s.rank() {
		return floor
	}
	return s
}

// Rule names what a hit rests on. Those of domains are match/domain's.
type Rule string

// The rules beside those of domains.
const (
	RuleLogo           Rule = "logo"             // the same logo or one like it
	RulePriorUseLogo   Rule = "prior-use-logo"   // such a logo in a certificate for which no register was asked
	RulePriorUseDomain Rule = "prior-use-domain" // a domain like another's in such a certificate
	RuleTrademark      Rule = "trademark"        // the same registration
	RuleOrganisation   Rule = "organisation"     // a name like another's
)

// Rules lists all, those of domains too.
func Rules() []Rule {
	all := []Rule{RuleLogo, RulePriorUseLogo, RulePriorUseDomain, RuleTrademark, RuleOrganisation}
	for _, r := range domain.Rules() {
		all = append(all, Rule(r))
	}
	return all
}

// Hit is one reason for suspicion: an issuance that resembles another
// organisation, or something that is watched.
type Hit struct {
	ID                   string // SHA-256 of rule, item or other party, and issuance
	Rule                 Rule
	Severity             Severity
	List                 string // watch list of the item; "" for a standing rule
	Item                 string // id of the watch item; "" for a standing rule
	TBSSHA256            string
	Organisation         string
	OrganisationKey      string
	Domains              []string
	OtherTBSSHA256       string // an issuance of the other party; "" for an item
	OtherOrganisation    string
	OtherOrganisationKey string
	OtherDomains         []string
	Score                float64 // 0 to 1, greater is closer
	Reason               string  // in words
	Evidence             Evidence
	FirstSeen            time.Time // when the issuance was first logged

	// By which a renewal is known, and whether it changed anything.
	MarkKey    string
	LogoSHA256 string    // of the issuance's SVG; "" without one
	NotBefore  time.Time // of the issuance's validity
}

// Evidence is the numbers and names behind a hit; what doesn't belong to its
// rule is zero and left out of the JSON.
type Evidence struct {
	Logo          string  `json:"logo,omitempty"`           // SHA-256 of the issuance's SVG
	OtherLogo     string  `json:"other_logo,omitempty"`     // of the other one's
	Verdict       string  `json:"verdict,omitempty"`        // match, strong, or copied: the same file
	LogoScore     float64 `json:"logo_score,omitempty"`     // 0 to 1
	LogoDistance  *int    `json:"logo_distance,omitempty"`  // of perception hashes, of 64 bits
	Agreement     string  `json:"agreement,omitempty"`      // in what the logos agree, in words
	Domain        string  `json:"domain,omitempty"`         // the issuance's
	OtherDomain   string  `json:"other_domain,omitempty"`   // the one that it resembles
	DomainRule    string  `json:"domain_rule,omitempty"`    // homoglyph, one-edit …
	DomainKind    string  `json:"domain_kind,omitempty"`    // of an edit: keyboard neighbour, bit flip …
	Edits         int     `json:"edits,omitempty"`          // letters apart
	Closeness     float64 `json:"closeness,omitempty"`      // of domains or names, 0 to 1
	Registration  string  `json:"registration,omitempty"`   // ST.3 code and number
	RegisterURL   string  `json:"register_url,omitempty"`   // the other one's record, or the shared one
	NumbersDiffer bool    `json:"numbers_differ,omitempty"` // registration numbers of the organisations
	Since         string  `json:"since,omitempty"`          // date of the issuance's party's first certificate with it
	OtherSince    string  `json:"other_since,omitempty"`    // of the other party's
}

// String is the evidence as JSON.
func (e Evidence) String() string {
	text, err := json.Marshal(e)
	if err != nil { // numbers and texts: it can't be
		return "{}"
	}
	return string(text)
}

// digest tells whether two hits of one id say the same.
func (h *Hit) digest() [32]byte {
	return sha256.Sum256([]byte(strings.Join([]string{
		string(h.Severity), h.List, strings.Join(h.Domains, " "), h.Organisation, h.OtherTBSSHA256, h.OtherOrganisation, strings.Join(h.OtherDomains, " "), h.Reason, h.Evidence.String(),
		h.FirstSeen.UTC().Format(time.RFC3339Nano), h.OrganisationKey, h.MarkKey, h.LogoSHA256, h.NotBefore.UTC().Format(time.RFC3339),
	}, "\x00")))
}

// hitID is the id of a hit; party is the id of a watch item or the key of an organisation.
func hitID(rule Rule, party, tbs string) string {
	sum := sha256.Sum256([]byte(string(rule) + "\x00" + party + "\x00" + tbs))
	return hex.EncodeToString(sum[:])
}
