// Package domain says what a domain name resembles, by which rule, and why in
// words: the same name under another top level domain, look-alike letters by
// Unicode Technical Standard 39 section 4, one or two edits and their kind, a
// word added, a name as a host under a foreign domain.
package domain

// Rule is the way in which one domain resembles another.
type Rule string

// The rules, from the surest on; a pair of names is given the first that fits.
const (
	RuleExact           Rule = "exact"           // the same name, as A-labels or U-labels
	RuleOwnSubdomain    Rule = "own-subdomain"   // another name of the same registrable domain
	RuleOtherTLD        Rule = "other-tld"       // the same label under another public suffix
	RuleHomograph       Rule = "homograph"       // every letter of another script, and the same to the eye
	RuleHomoglyph       Rule = "homoglyph"       // some letters that look like others
	RuleTransliteration Rule = "transliteration" // "ue" for "ü" and the like
	RuleHyphen          Rule = "hyphen"          // hyphens put in or left out
	RulePrefixDomain    Rule = "prefix-domain"   // the whole domain as hosts under a foreign one
	RuleSubdomain       Rule = "subdomain"       // the name as a host under a foreign domain
	RuleDots            Rule = "dots"            // the name cut in two by dots
	RuleOneEdit         Rule = "one-edit"        // one letter off
	RuleCombosquat      Rule = "combosquat"      // the name with other words
	RuleTwoEdits        Rule = "two-edits"       // two letters off, in a name of eight or more
	RuleContains        Rule = "contains"        // a rare name inside a longer one
)

// Rules lists all rules, from the surest on.
func Rules() []Rule {
	return []Rule{
		RuleExact, RuleOwnSubdomain, RuleOtherTLD, RuleHomograph, RuleHomoglyph, RuleTransliteration, RuleHyphen,
		RulePrefixDomain, RuleSubdomain, RuleDots, RuleOneEdit, RuleCombosquat, RuleTwoEdits, RuleContains,
	}
}

// Match is one verdict: what a domain resembles, and why.
type Match struct {
	ID        uint32   // as given to [Index.Add]; 0 from [Compare]
	Watched   string   // the name that is watched, as A-labels
	Domain    string   // the name that resembles it, as A-labels
	Rule      Rule     // how
	Kind      string   // what was done, in a word or two: "dropped letter", "bit flip"
	Closeness float64  // 0 to 1, 1 for the same name
	Edits     int      // letters put in, left out, replaced or swapped
	Reason    string   // half a sentence: "clairvesque.fr with Cyrillic с for Latin c"
	Evidence  Evidence // what the verdict rests on
}

// Evidence is what a verdict rests on; what doesn't belong to its rule is empty.
type Evidence struct {
	Kinds    []string `json:"kinds,omitempty"`    // all that would explain the change, the likeliest first
	Changes  []Change `json:"changes,omitempty"`  // letter by letter, at most eight
	Skeleton string   `json:"skeleton,omitempty"` // what both labels look like
	Part     string   `json:"part,omitempty"`     // the part of the name that resembles the watched one
	Words    []string `json:"words,omitempty"`    // of the rest, those that lure: "login", "rechnung"
	Suffix   string   `json:"suffix,omitempty"`   // public suffix, where it isn't the watched one's
	Private  bool     `json:"private,omitempty"`  // that suffix belongs to a host, not to a registry
	Common   bool     `json:"common,omitempty"`   // the watched name is an ordinary word
	Length   int      `json:"length,omitempty"`   // letters of the watched name
}

// Change is one place where the letters of two labels differ.
type Change struct {
	At   int    `json:"at"`             // letters before it in the watched label
	From string `json:"from,omitempty"` // in the watched label; "" for letters put in
	To   string `json:"to,omitempty"`   // in the other; "" for letters left out
}
