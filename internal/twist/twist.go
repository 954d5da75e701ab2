// Package twist makes the names that impostors register beside a domain, by the kinds
// that dnstwist's documentation lists, and measures how many of them match/domain finds.
package twist

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Variant is a name that could be taken for another.
type Variant struct {
	Kind   string // "omission", "bitsquatting" … as in [Kinds]
	Domain string // with U-labels
}

// maker makes the labels of one kind from a label.
type maker struct {
	kind string
	make func(label string) []string
}

// makers are the kinds that change the label alone.
func makers() []maker {
	return []maker{
		{"addition", addition},
		{"bitsquatting", bitsquatting},
		{"cyrillic", cyrillic},
		{"dictionary", dictionary},
		{"homoglyph", homoglyph},
		{"hyphenation", hyphenation},
		{"insertion", insertion},
		{"omission", omission},
		{"plural", plural},
		{"repetition", repetition},
		{"replacement", replacement},
		{"subdomain", subdomain},
		{"transposition", transposition},
		{"vowel-swap", vowelSwap},
	}
}

// Kinds names the kinds, in order.
func Kinds() []string {
	var kinds []string
	for _, m := range makers() {
		kinds = append(kinds, m.kind)
	}
	kinds = append(kinds, "tld-swap", "various")
	slices.Sort(kinds)
	return kinds
}

// Variants makes all variants of a domain, those of a kind in a fixed order, none twice
// within its kind. A homoglyph variant changes one place, or two of a sample of places.
func Variants(name string) []Variant {
	suffix, _ := publicsuffix.PublicSuffix(name)
	label := strings.TrimSuffix(strings.TrimSuffix(name, suffix), ".")
	if i := strings.LastIndexByte(label, '.'); i >= 0 {
		label = label[i+1:]
	}
	var variants []Variant
	seen := map[Variant]bool{}
	add := func(kind, domain string) {
		v := Variant{kind, domain}
		if domain != label+"."+suffix && !seen[v] {
			seen[v] = true
			variants = append(variants, v)
		}
	}
	for _, m := range makers() {
		for _, l := range m.make(label) {
			if proper(l) {
				add(m.kind, l+"."+suffix)
			}
		}
	}
	for _, s := range suffixes() {
		add("tld-swap", label+"."+s)
	}
	for _, d := range various(label, suffix) {
		add("various", d)
	}
	return variants
}

// proper tells labels that can be registered: no hyphen at an end.
func proper(labels string) bool {
	for label := range strings.SplitSeq(labels, ".") {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
	}
	return true
}

// suffixes are public suffixes that registrars sell most of.
func suffixes() []string {
	return strings.Fields("com net org info biz co io app dev shop store online site xyz top club live me tv us uk co.uk de fr nl it es ch at be se dk pl eu ca com.au com.br co.jp in cn ru")
}

// addition puts a letter or digit at the end, or at the end of a part before a hyphen.
func addition(label string) []string {
	var labels []string
	for i := range len(label) + 1 {
		if i < len(label) && label[i] != '-' {
			continue
		}
		for _, c := range "abcdefghijklmnopqrstuvwxyz0123456789" {
			labels = append(labels, label[:i]+string(c)+label[i:])
		}
	}
	return labels
}

// bitsquatting flips one bit of one character, as faulty memory does.
func bitsquatting(label string) []string {
	var labels []string
	for i := range len(label) {
		for bit := range 8 {
			c := label[i] ^ 1<<bit
			if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' {
				labels = append(labels, label[:i]+string(c)+label[i+1:])
			}
		}
	}
	return labels
}

// dictionary puts words before and after, with and without a hyphen.
func dictionary(label string) []string {
	var labels []string
	for _, w := range strings.Fields("account auth bank billing booking careers center cloud docs vault forum garden help hosting invoice jobs kitchen login mail media member museum my news office online orders pay portal promo rewards secure security service shipping shop signin store support update verify wallet webmail") {
		labels = append(labels, w+label, w+"-"+label, label+w, label+"-"+w)
	}
	return labels
}

// hyphenation puts in a hyphen.
func hyphenation(label string) []string { return between(label, "-") }

// subdomain puts in a dot.
func subdomain(label string) []string {
	return slices.DeleteFunc(between(label, "."), func(l string) bool { return !proper(l) })
}

// between puts a separator between any two letters.
func between(label, separator string) []string {
	var labels []string
	for i := 1; i < len(label); i++ {
		if label[i] != '-' && label[i-1] != '-' {
			labels = append(labels, label[:i]+separator+label[i:])
		}
	}
	return labels
}

// insertion puts a neighbouring key before or after a letter inside the label.
func insertion(label string) []string {
	var labels []string
	for i := 1; i+1 < len(label); i++ {
		for _, c := range neighbours(label[i]) {
			labels = append(labels, label[:i]+string(c)+label[i:], label[:i+1]+string(c)+label[i+1:])
		}
	}
	return labels
}

// omission leaves out a letter.
func omission(label string) []string {
	var labels []string
	for i := range len(label) {
		labels = append(labels, label[:i]+label[i+1:])
	}
	return labels
}

// plural puts s, or es after s, x and z, behind a letter.
func plural(label string) []string {
	var labels []string
	for i := 2; i < len(label); i++ {
		s := "s"
		if strings.IndexByte("sxz", label[i]) >= 0 {
			s = "es"
		}
		labels = append(labels, label[:i+1]+s+label[i+1:])
	}
	return labels
}

// repetition doubles a letter.
func repetition(label string) []string {
	var labels []string
	for i := range len(label) {
		if label[i] != '-' {
			labels = append(labels, label[:i]+label[i:i+1]+label[i:])
		}
	}
	return labels
}

// replacement puts a neighbouring key for a letter.
func replacement(label string) []string {
	var labels []string
	for i := range len(label) {
		for _, c := range neighbours(label[i]) {
			labels = append(labels, label[:i]+string(c)+label[i+1:])
		}
	}
	return labels
}

// transposition swaps two neighbouring letters.
func transposition(label string) []string {
	var labels []string
	for i := 1; i < len(label); i++ {
		labels = append(labels, label[:i-1]+label[i:i+1]+label[i-1:i]+label[i+1:])
	}
	return labels
}

// vowelSwap puts a vowel for another.
func vowelSwap(label string) []string {
	const vowels = "aeiou"
	var labels []string
	for i := range len(label) {
		if strings.IndexByte(vowels, label[i]) < 0 {
			continue
		}
		for _, v := range vowels {
			labels = append(labels, label[:i]+string(v)+label[i+1:])
		}
	}
	return labels
}

// various writes the suffix or the www into the label.
func various(label, suffix string) []string {
	domains := []string{"ww" + label + "." + suffix, "www" + label + "." + suffix, "www-" + label + "." + suffix}
	if i := strings.LastIndexByte(suffix, '.'); i >= 0 {
		return append(domains, label+suffix[i:], label+suffix)
	}
	domains = append(domains, label+suffix+"."+suffix)
	if suffix != "com" {
		domains = append(domains, label+"-"+suffix+".com", label+suffix+".com")
	}
	return domains
}
