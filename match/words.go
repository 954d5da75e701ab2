package match

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"markwatch/match/domain"
	"markwatch/match/organisation"
)

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func has(i *Issuance, domain string) bool { return slices.Contains(i.Domains, domain) }

// maxNamed bounds how many domains a sentence lists.
const maxNamed = 3

// lead says what the issuance is: "Sunrise Trading Ltd (GB) got a CMC (Prior Use
// Mark) from DigiCert on 2026-03-04 for misavu-secure.com."
func lead(i *Issuance) string {
	var b strings.Builder
	subject := named(i)
	if i.Party.Name == "" {
		subject = capital(subject)
	}
	fmt.Fprintf(&b, "%s got a %s", subject, certificateWords(i))
	if i.Issuer != "" {
		fmt.Fprintf(&b, " from %s", i.Issuer)
	}
	fmt.Fprintf(&b, " on %s", date(i.NotBefore))
	var domains []string
	for _, d := range i.Domains {
		domains = append(domains, domain.Parse(d).Unicode)
	}
	if more := len(domains) - maxNamed; more > 0 {
		domains = append(domains[:maxNamed:maxNamed], fmt.Sprintf("%d more", more))
	}
	if len(domains) > 0 {
		fmt.Fprintf(&b, " for %s", enumerate(domains))
	}
	return b.String() + "."
}

// named is an organisation with its country.
func named(i *Issuance) string {
	name := i.Party.Name
	if name == "" {
		name = "an organisation without a name"
	}
	if i.Party.Country == "" {
		return name
	}
	return name + " (" + i.Party.Country + ")"
}

// possessive is an organisation as the owner of what follows.
func possessive(i *Issuance) string {
	name := i.Party.Name
	switch {
	case name == "":
		return "an unnamed organisation's"
	case strings.HasSuffix(name, "s"):
		return name + "'"
	}
	return name + "'s"
}

func certificateWords(i *Issuance) string {
	class := i.Class
	if class != "VMC" && class != "CMC" {
		class = "mark certificate"
	}
	if i.MarkType == "" {
		return class
	}
	return class + " (" + i.MarkType + ")"
}

// markWords say what kind of mark an issuance is for, with its registration.
func markWords(i *Issuance) string {
	switch {
	case i.Number != "":
		return "registered mark " + i.Register + " " + i.Number
	case i.MarkType != "":
		return strings.ToLower(i.MarkType)
	}
	return "mark"
}

func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// likeLogo says how a logo resembles that of whose mark.
func likeLogo(pair SimilarLogos, own, whose string) string {
	if pair.Verdict == verdictCopied {
		return ended("Its logo is the same file as that of " + whose)
	}
	return ended(fmt.Sprintf("Its logo resembles that of %s (%s, score %.2f, distance %d of 64): %s", whose, pair.Verdict, pair.Score, pair.Distance, pair.seen(own)))
}

// likeDomain says how a domain resembles whose.
func likeDomain(match domain.Match, whose string) string {
	its, other := domain.Parse(match.Domain).Unicode, domain.Parse(match.Watched).Unicode
	switch match.Rule {
	case domain.RuleExact:
		return ended(fmt.Sprintf("Its domain %s is %s itself", its, whose))
	case domain.RuleOwnSubdomain:
		return ended(fmt.Sprintf("Its domain %s is of one registrable domain with %s %s", its, whose, other))
	}
	return ended(fmt.Sprintf("Its domain %s resembles %s %s: %s", its, whose, other, match.Reason))
}

// likeName says how the name resembles the other's.
func likeName(c organisation.Comparison, other *Issuance) string {
	return ended("Its name resembles that of "+named(other)) + " " + ended(capital(c.Reason))
}

// watchedNameWords say how the name resembles one that is watched.
func watchedNameWords(c organisation.Comparison, name string) string {
	if c.Relation == organisation.Same {
		return ended("Its name is that of the watched organisation "+name) + " " + ended(capital(c.Reason))
	}
	return ended("Its name resembles that of the watched organisation "+name) + " " + ended(capital(c.Reason))
}

// sharedRegistration says whose registration the issuance names as well.
func sharedRegistration(suspect, other *Issuance) string {
	return fmt.Sprintf("It names the registration %s %s, for which %s has held certificates since %s.", suspect.Register, suspect.Number, named(other), date(other.NotBefore))
}

// ended is a sentence with its full stop, of which "Misavu, Inc." has one.
func ended(sentence string) string {
	if strings.HasSuffix(sentence, ".") {
		return sentence
	}
	return sentence + "."
}

// capital is a text as a sentence begins.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 || first == utf8.RuneError {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// domainSeverity is greater the less a rule is met by chance.
func domainSeverity(match domain.Match) Severity {
	switch match.Rule {
	case domain.RuleHomograph, domain.RuleHomoglyph, domain.RulePrefixDomain:
		return High
	case domain.RuleOtherTLD, domain.RuleTwoEdits, domain.RuleContains, domain.RuleOwnSubdomain:
		return Low
	}
	return Medium
}

// own tells whether a domain resembles the other because both are one name's.
func own(match domain.Match) bool {
	return match.Rule == domain.RuleExact || match.Rule == domain.RuleOwnSubdomain
}

// nameSeverity is greater within one country, where a register keeps names apart.
func nameSeverity(suspect, other *Issuance) Severity {
	if suspect.Party.Country == other.Party.Country {
		return Medium
	}
	return Low
}

// cutRegistration splits "GB UK00912345678".
func cutRegistration(registration string) (register, number string, ok bool) {
	return strings.Cut(registration, " ")
}
