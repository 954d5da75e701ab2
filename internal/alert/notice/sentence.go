package notice

import (
	"fmt"
	"regexp"
	"strings"
)

// maxNamed bounds how many domains a sentence names.
const maxNamed = 3

// maxSentence bounds a sentence, in characters.
const maxSentence = 1_200

// maxReason bounds what is read of a reason, in bytes.
const maxReason = 16 << 10

// Sentence says what a hit is: who got what from whom, when and for which
// domains, and in what it resembles whom. It is safe to show on one line; what
// has a meaning in HTML or a chat is still to be escaped.
func Sentence(h Hit) string {
	lead := leadOf(&h)
	rest := because(&h)
	if rest == "" {
		return short(lead, maxSentence)
	}
	return short(lead+" "+rest, maxSentence)
}

// leadOf says what the certificate is.
func leadOf(h *Hit) string {
	var b strings.Builder
	b.WriteString(organisationWords(h.Organisation, h.Country) + " got a " + certificateWords(h.Class, h.MarkType))
	if issuer := clean(h.Issuer, maxName); issuer != "" {
		b.WriteString(" from " + issuer)
	}
	if from := day(h.From); from != "" {
		b.WriteString(" on " + from)
	}
	if len(h.Domains) > 0 {
		b.WriteString(" for " + shownDomains(h.Domains, maxNamed))
	}
	return b.String() + "."
}

// leadEnd is where the matcher's own words on the certificate end: after the
// date and the domains, none of which holds a blank behind a dot.
var leadEnd = regexp.MustCompile(` got an? .*? on [0-9]{4}-[0-9]{2}-[0-9]{2}(?: for .*?)?\.(?: |$)`)

// because is the matcher's reason without its words on the certificate, which
// the lead says, and with numbers as a person writes them.
func because(h *Hit) string {
	reason := h.Reason
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "")
	}
	whole := reason
	if after, ok := strings.CutPrefix(reason, h.Organisation); ok && h.Organisation != "" {
		reason = after
	}
	if at := leadEnd.FindStringIndex(reason); at != nil && (at[0] == 0 || strings.HasPrefix(reason, " (") && at[0] <= len(" (GB)")) {
		reason = reason[at[1]:]
	} else {
		reason = whole
	}
	return groupNumbers(clean(plainer(h, reason), maxSentence))
}

// likeness is how the matcher says that logos resemble each other, with its
// verdict and score.
var likeness = regexp.MustCompile(`^Its logo resembles that of (.+) \((?:match|strong), score [0-9.]+, distance [0-9]+ of 64\): [^.]*(?:\.[^.]*)*?\.( Watched by .*)?$`)

// change begins what the matcher says was done to a logo.
var change = regexp.MustCompile(`^(?:mirrored|turned|cropped|stretched|recoloured|on an? )`)

// plainer leaves the sentence the one number that tells a person how near two
// logos are, and what was changed; the others stand in the table of facts.
func plainer(h *Hit, reason string) string {
	e := &h.Evidence
	found := likeness.FindStringSubmatch(reason)
	if found == nil || e.LogoDistance == nil {
		return reason
	}
	words := fmt.Sprintf("Its logo is at distance %d of 64 from %s", *e.LogoDistance, found[1])
	first, _, _ := strings.Cut(e.Agreement, " (")
	for part := range strings.SplitSeq(first, ", ") {
		if change.MatchString(part) {
			words += ", " + part
		}
	}
	return strings.TrimSuffix(words, ".") + "." + found[2]
}
