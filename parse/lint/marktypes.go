package lint

import (
	"strings"

	"markwatch/parse"
)

// The attributes that belong to a kind of mark.
const (
	trademarkAttributes = "trademarkOfficeName trademarkCountryOrRegionName trademarkIdentifier"
	statuteAttributes   = "statuteCountryName statuteStateOrProvinceName statuteLocalityName statuteCitation statuteURL"
	priorUseAttributes  = "priorUseMarkSourceURL"
)

// markTypeAttributes gives the attributes that a mark type must have, and those that it may
// not. What is asked of a prior use mark since a date is a rule of its own.
func markTypeAttributes(markType string) (required, forbidden []string) {
	switch strings.ToLower(strings.Join(strings.Fields(markType), " ")) {
	case "registered mark", "modified registered mark":
		required = []string{"trademarkCountryOrRegionName", "trademarkIdentifier"}
		forbidden = strings.Fields(statuteAttributes + " " + priorUseAttributes)
	case "government mark":
		required = []string{"statuteCountryName", "statuteCitation"}
		forbidden = strings.Fields(trademarkAttributes + " " + priorUseAttributes)
	case "prior use mark":
		forbidden = strings.Fields(trademarkAttributes + " " + statuteAttributes)
	}
	return required, forbidden
}

// has tells whether a subject has an attribute with a value.
func has(m *parse.MarkCertificate, name string) bool { return m.Subject.First(name) != "" }
