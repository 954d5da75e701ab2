package domain

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Lengths in bytes: what the domain name system allows, what is analysed, and what is kept.
const (
	maxName     = 253
	maxAnalysed = 1024
	maxRaw      = 4096
)

// Name is a domain name taken apart. What can't be taken apart has a Problem
// and is matched as it is written.
type Name struct {
	Raw         string   // as given, at most 4096 bytes
	ASCII       string   // A-labels, lower case
	Unicode     string   // U-labels, lower case
	Registrable string   // public suffix and one label, as A-labels; "" if there is none
	Label       string   // the label left of the public suffix as U-label: the name of the brand
	Suffix      string   // public suffix as A-labels; "" for a name of one label
	ICANN       bool     // the suffix is a registry's, not one that a host gives to its customers
	Sub         []string // U-labels left of the registrable domain, from left to right
	Problem     string   // "invalid Punycode", "an IP address" …; "" for a proper name
}

// Parse takes a domain name apart. It never fails. A URL, an e-mail address, a
// wildcard, a BIMI selector, a port, a trailing dot and capitals are understood.
func Parse(s string) Name {
	raw := clip(strings.ToValidUTF8(clip(s, maxRaw), "\ufffd"), maxRaw)
	n := Name{Raw: raw}
	host := hostOf(raw)
	n.ASCII, n.Unicode = host, host
	switch {
	case host == "":
		n.Problem = "empty"
		return n
	case isAddress(host):
		n.Problem = "an IP address"
		return n
	case len(host) > maxAnalysed:
		n.Problem = "longer than 253 characters"
		return n
	}
	n.convert(host)
	n.split()
	return n
}

// clip cuts a text to a number of bytes, at a rune.
func clip(s string, size int) string {
	if len(s) <= size {
		return s
	}
	for size > 0 && !utf8.RuneStart(s[size]) {
		size--
	}
	return s[:size]
}

// hostOf finds the host in a URL, an e-mail address, a wildcard name.
func hostOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if _, after, ok := strings.Cut(s, "://"); ok {
		s = after
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "mailto:"), "//")
	if i := strings.IndexAny(s, `/?#\`); i >= 0 {
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	s = withoutPort(strings.Trim(s, " \t\r\n<>\"'"))
	if !isASCII(s) {
		s = otherDots.Replace(s)
	}
	s = strings.Trim(strings.TrimPrefix(s, "*."), ".")
	if _, after, ok := strings.Cut(s, "._bimi."); ok {
		return after
	}
	return strings.TrimPrefix(s, "_bimi.")
}

// otherDots are the full stops of East Asian scripts, which separate labels as well.
var otherDots = strings.NewReplacer("\u3002", ".", "\uff0e", ".", "\uff61", ".")

// withoutPort cuts ":8080" from a host.
func withoutPort(s string) string {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.Count(s, ":") > 1 && !strings.HasSuffix(s[:i], "]") {
		return s
	}
	if strings.Trim(s[i+1:], "0123456789") != "" {
		return s
	}
	return s[:i]
}

// isAddress tells an IP address.
func isAddress(host string) bool {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

// convert sets both forms of the name, label by label: one that can't be converted
// stays as it is written, and doesn't keep the others from it.
func (n *Name) convert(host string) {
	labels := strings.Split(host, ".")
	a, u := slices.Clone(labels), labels
	for i, label := range labels {
		if label == "" {
			n.problem("an empty label")
			continue
		}
		var problem string
		a[i], u[i], problem = bothForms(label)
		n.problem(problem)
	}
	n.ASCII, n.Unicode = strings.Join(a, "."), strings.Join(u, ".")
	if len(n.ASCII) > maxName {
		n.problem("longer than 253 characters")
	}
}

// problem keeps the first problem.
func (n *Name) problem(text string) {
	if n.Problem == "" {
		n.Problem = text
	}
}

// bothForms gives a label as A-label and U-label.
func bothForms(label string) (a, u, problem string) {
	if isASCII(label) {
		if !strings.HasPrefix(label, "xn--") {
			return label, label, asciiProblem(label)
		}
		u, err := idna.Punycode.ToUnicode(label)
		if err != nil || strings.ContainsFunc(u, unicode.IsControl) { // "xn--a" is U+0080, which steers a terminal
			return label, label, "invalid Punycode"
		}
		if back, err := idna.Punycode.ToASCII(u); err != nil || back != label {
			return label, label, "invalid Punycode"
		}
		return label, u, asciiProblem(label)
	}
	if a, err := lookup().ToASCII(label); err == nil && isASCII(a) && a != "" && !strings.Contains(a, ".") {
		return bothForms(a)
	}
	if a, err := idna.Punycode.ToASCII(label); err == nil {
		return a, label, "characters that no domain may have"
	}
	return label, label, "characters that no domain may have"
}

// asciiProblem says what a label of ASCII has that no host name may.
func asciiProblem(label string) string {
	if len(label) > 63 {
		return "a label longer than 63 characters"
	}
	for i := range len(label) {
		switch c := label[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-':
		case c == '_':
			return "an underscore"
		default:
			return "characters that no domain may have"
		}
	}
	return ""
}

// lookup is the profile by which resolvers turn U-labels into A-labels.
func lookup() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
}

// split sets the parts of the name by the public suffix list.
func (n *Name) split() {
	a := nonEmpty(strings.Split(n.ASCII, "."))
	u := nonEmpty(strings.Split(n.Unicode, "."))
	if len(a) != len(u) || len(a) == 0 {
		return
	}
	if len(a) == 1 { // a bare name, as somebody writes who means the brand
		n.Label = u[0]
		return
	}
	suffix, icann := suffixOf(a)
	rest := len(a) - strings.Count(suffix, ".") - 1
	if rest == 0 {
		n.Suffix, n.ICANN = suffix, icann
		n.problem("a public suffix")
		return
	}
	n.Suffix, n.ICANN = suffix, icann
	n.Label = u[rest-1]
	if rest > 1 {
		n.Sub = u[:rest-1]
	}
	n.Registrable = a[rest-1] + "." + suffix
}

// suffixOf is the public suffix of a name. A name that is itself the suffix of a host's
// customers, github.io, is that host's name by the registry's rule.
func suffixOf(labels []string) (suffix string, icann bool) {
	name := strings.Join(labels, ".")
	suffix, icann = publicsuffix.PublicSuffix(name)
	if suffix == name && !icann && len(labels) > 1 {
		suffix, icann = publicsuffix.PublicSuffix(strings.Join(labels[1:], "."))
	}
	return suffix, icann
}

// nonEmpty leaves out empty texts.
func nonEmpty(labels []string) []string {
	return slices.DeleteFunc(labels, func(s string) bool { return s == "" })
}

// isASCII tells a text of ASCII alone.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
