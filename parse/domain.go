package parse

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// NewSAN reads a dNSName: the selector form of BIMI, A- and U-labels, the registrable domain
// by the public suffix list with its private section.
func NewSAN(raw string) SAN {
	san := SAN{Raw: strings.ToValidUTF8(raw, "\ufffd")}
	name := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(san.Raw)), ".")
	if before, after, ok := strings.Cut(name, "._bimi."); ok {
		san.Selector, name = before, after
	} else {
		name = strings.TrimPrefix(name, "_bimi.")
	}
	if len(name) > 1024 { // a name has 253 characters at most: spend no time on this one
		san.Domain, san.Unicode = name, name
		return san
	}
	san.Domain, san.Unicode = name, name
	switch {
	case !ascii([]byte(name)):
		if a, err := unicodeProfile().ToASCII(name); err == nil {
			san.Domain, san.Unicode = a, uLabels(a)
		}
	case strings.Contains(name, "xn--"):
		san.Unicode = uLabels(name)
	}
	if !strings.HasPrefix(san.Domain, ".") && !strings.Contains(san.Domain, "..") {
		plain := strings.TrimPrefix(san.Domain, "*.")
		if registrable, err := publicsuffix.EffectiveTLDPlusOne(plain); err == nil {
			san.Registrable = registrable
		}
	}
	return san
}

// uLabels writes a name's A-labels as U-labels, and as it is a name of which one is broken
// or has characters that can't be seen.
func uLabels(name string) string {
	u, err := idna.Punycode.ToUnicode(name)
	if err != nil || strings.ContainsFunc(u, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return name
	}
	return u
}

// unicodeProfile turns U-labels into A-labels as resolvers do.
func unicodeProfile() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
}

// TestDomains gives the registrable domains that CAs and their software test with.
func TestDomains() []string {
	return []string{"grapefruitdesk.com", "r-bimi-test.com", "testcertificates.com"}
}

// TestLabels gives the labels that mark a test where they stand left of the registrable domain.
func TestLabels() []string {
	return []string{"sandbox", "staging", "test"}
}

// IsTest tells a test certificate by its domains, and says why in words: every one of them is a
// known test domain, or has a label such as "test" left of its registrable domain. It looks at
// nothing else, so that whoever disagrees can see why and override it.
func IsTest(sans []SAN) (test bool, reason string) {
	if len(sans) == 0 {
		return false, ""
	}
	for i := range sans {
		why := testName(&sans[i])
		if why == "" {
			return false, ""
		}
		first(&reason, why)
	}
	if len(sans) > 1 {
		reason += "; its other domains are for tests too"
	}
	return true, reason
}

// testName says why a name is one for tests, "" if it isn't.
func testName(san *SAN) string {
	if slices.Contains(TestDomains(), san.Registrable) {
		return san.Domain + " is of the test domain " + san.Registrable
	}
	if san.Registrable == "" {
		return ""
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(san.Domain, san.Registrable), ".") {
		if slices.Contains(TestLabels(), label) {
			return san.Domain + " has the label " + quote(label)
		}
	}
	return ""
}

// quote quotes a text for a message, shortened where it is long.
func quote(s string) string {
	if len(s) > 100 {
		s = strings.ToValidUTF8(s[:100], "") + "…"
	}
	return strconv.Quote(s)
}
