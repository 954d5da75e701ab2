package organisation

import (
	"strings"

	"markwatch/parse"
)

// The relations of TrademarkFamily.
const (
	sameMark    = "same"
	cloneOfEU   = "UK clone of the EU trademark"
	cloneOfIR   = "UK clone of an international registration designating the EU"
	designation = "international registration and its designation"
	siblings    = "designations of one international registration"
)

// TrademarkFamily says how two registrations belong together, and false where they don't. Only
// those that are "same" are one mark: a British clone and its European parent, or an
// international registration and its designations, are marks of their own of one family.
func TrademarkFamily(a, b parse.Trademark) (relation string, related bool) {
	if a.Register == "" || b.Register == "" || !strings.ContainsAny(a.Number, "0123456789") || b.Number == "" {
		return "", false
	}
	if a.Register == b.Register && a.Number == b.Number {
		return sameMark, true
	}
	up, down := parent(a), parent(b)
	switch {
	case up.is(b):
		return up.relation, true
	case down.is(a):
		return down.relation, true
	case up.register == "" || up.register != down.register || up.number != down.number:
		return "", false
	case up.relation == cloneOfIR || down.relation == cloneOfIR:
		return cloneOfIR, true
	case a.Register == b.Register:
		return "", false
	}
	return siblings, true
}

// lineage is what a registration comes from, and how.
type lineage struct{ register, number, relation string }

// is tells whether t is what a registration comes from.
func (l lineage) is(t parse.Trademark) bool {
	return l.number != "" && l.register == t.Register && l.number == t.Number
}

// parent finds what a registration is a clone or a designation of. Besides the numbers that
// registers give to designations there is the number of the international registration itself,
// as certificates name it under the country that is designated: "IR 1510250".
func parent(t parse.Trademark) lineage {
	if register, number, ok := parse.Family(t.Register, t.Number); ok {
		switch {
		case register == "EM":
			return lineage{register, number, cloneOfEU}
		case strings.HasPrefix(t.Number, "UK008"):
			return lineage{register, number, cloneOfIR}
		}
		return lineage{register, number, designation}
	}
	if t.Fits && t.Register != "BX" || t.Register == "WO" {
		return lineage{}
	}
	for _, prefix := range []string{"IR", "WO", "INTL", "INT"} {
		if rest, ok := strings.CutPrefix(t.Number, prefix); ok {
			if ir := parse.CanonicalNumber("WO", rest); ir.Fits && len(ir.Number) >= 5 {
				return lineage{"WO", ir.Number, designation}
			}
		}
	}
	return lineage{}
}
