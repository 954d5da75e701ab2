// Package organisation says when two organisations are the same, when one looks like the other,
// and which trademark registrations are of one family.
//
// Names are those of the subject's organizationName, and registration numbers and Legal Entity
// Identifiers those of its serialNumber and legalEntityIdentifier: Minimum Security Requirements
// for Issuance of Mark Certificates (BIMI Group, 1.7), section 7.1.4.2.
//
// A name alone says only that two organisations look alike. A number decides, where both have
// one of the same register.
package organisation

import (
	"strings"

	"markwatch/parse"
)

// Party is an organisation as a certificate or a watch list names it. Everything but the name may
// be empty.
type Party struct {
	Name               string
	Country            string // of jurisdiction, else of the address; ISO 3166 code
	Region             string // of the register, where a country has several: state, or seat of the court
	RegistrationNumber string // as written
	LEI                string // as written
}

// Of takes a party from the subject of a certificate. A number or LEI that is only in the
// organizationIdentifier (ETSI EN 319 412-1, section 5.1.4: "NTRGB-12345678") is taken from there.
func Of(o parse.Organisation) Party {
	p := Party{Name: o.Name, Country: o.JurisdictionCountry, RegistrationNumber: o.RegistrationNumber, LEI: o.LEI}
	if p.Country == "" {
		p.Country = o.Country
	}
	p.Region = o.JurisdictionState
	if o.JurisdictionLocality != "" {
		p.Region = o.JurisdictionLocality
	}
	id := strings.ToUpper(strings.TrimSpace(o.OrganizationIdentifier))
	if rest, ok := strings.CutPrefix(id, "LEIXG-"); ok && p.LEI == "" {
		p.LEI = rest
	}
	if rest, ok := strings.CutPrefix(id, "NTR"); ok && len(rest) > 3 && p.RegistrationNumber == "" {
		if country, number, ok := strings.Cut(rest, "-"); ok && strings.HasPrefix(country, strings.ToUpper(p.Country)) {
			p.RegistrationNumber = number
		}
	}
	return p
}

// Relation is how close two organisations are.
type Relation uint8

// The relations, in the order of closeness.
const (
	Different Relation = iota // nothing says that one could be taken for the other
	Similar                   // one could be taken for the other
	Same                      // one organisation, by its number, or by its name where no number speaks against it
)

// String is the relation in one word.
func (r Relation) String() string {
	switch r {
	case Same:
		return "same"
	case Similar:
		return "similar"
	}
	return "different"
}

// Comparison is what two organisations have in common.
type Comparison struct {
	Relation      Relation
	Score         float64 // how alike the names are, 0 to 1, each word weighed by how rare it is
	Reason        string  // in words, for people
	NumbersDiffer bool    // both have a registration number of one country, or an LEI, and not the same
	NumbersAgree  bool    // both have the same registration number of one register, or the same LEI
}

// Compare says how close two organisations are. Without weights, words are as rare as in the
// built-in list.
func Compare(a, b Party, w *Weights) Comparison {
	if w == nil {
		w = NewWeights()
	}
	return compare(newEntity(a), newEntity(b), w)
}

// entity is a party with all that is derived from it.
type entity struct {
	party    Party
	number   number
	lei      string
	readings []reading
}

// newEntity derives what comparisons need. Names are cut at what any register allows.
func newEntity(p Party) *entity {
	return &entity{party: p, number: newNumber(p), lei: foldLEI(p.LEI), readings: readings(p.Name)}
}

// compare weighs names and numbers.
func compare(a, b *entity, w *Weights) Comparison {
	names := compareNames(a, b, w)
	numbers := compareNumbers(a, b)
	agree := numbers.agree && (numbers.decides || names.alike)
	c := Comparison{Score: names.score, NumbersAgree: agree, NumbersDiffer: numbers.differ}
	switch {
	case agree:
		c.Relation = Same
		c.Reason = numbers.reason
		if !names.same {
			c.Reason += "; another name: " + clip(a.party.Name) + ", " + clip(b.party.Name)
		}
	case names.same && !numbers.differ && compatible(a, b, names.spelled):
		c.Relation, c.Reason = Same, names.reason
	case names.alike:
		c.Relation, c.Reason = Similar, names.reason
		if why := apart(a, b, names.same); why != "" && !numbers.differ {
			c.Reason += "; " + why
		}
		if numbers.reason != "" {
			c.Reason += "; " + numbers.reason
		}
	default:
		c.Reason = names.reason
	}
	return c
}

// compatible tells whether two organisations of one name are one, as far as is known: neither
// country nor legal form says otherwise. If their names are spelled in other letters, they must be
// known to be of one country.
func compatible(a, b *entity, spelled bool) bool {
	return apart(a, b, true) == "" && (!spelled || a.number.country != "" && a.number.country == b.number.country)
}

// apart says what tells two organisations apart that have no number in common, in words: their
// countries, or, for those of one name, their legal forms.
func apart(a, b *entity, sameName bool) string {
	if x, y := a.number.country, b.number.country; x != "" && y != "" && x != y {
		return "of " + x + ", not " + y
	}
	if x, y := a.number, b.number; x.country == y.country && elsewhere(x, y) && states(x.country) {
		return "of " + clip(a.party.Region) + ", not " + clip(b.party.Region)
	}
	if x, y := a.readings[0].form, b.readings[0].form; sameName && !sameForm(x, y) {
		return "another legal form (" + x + ", not " + y + ")"
	}
	return ""
}

// clip shortens what a stranger wrote, for a reason.
func clip(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "�")), " ")
	if runes := []rune(s); len(runes) > 80 {
		return string(runes[:79]) + "…"
	}
	return s
}
