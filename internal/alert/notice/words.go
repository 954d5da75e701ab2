package notice

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"markwatch/match"
)

// day is a date in UTC.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// moment is a time to the minute, in UTC.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04") + " UTC"
}

// number is a count with its thousands apart.
func number[T int | uint64](n T) string {
	return grouped(strconv.FormatUint(uint64(max(n, 0)), 10))
}

// grouped sets commas between the thousands of digits.
func grouped(digits string) string {
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// counted is a number of things: "1 hit", "1,200 hits".
func counted[T int | uint64](n T, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return number(n) + " " + thing + "s"
}

// listed joins parts of a sentence.
func listed(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// capital sets a text's first letter as a capital.
func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// possessive is a name as the owner of what follows.
func possessive(name string) string {
	if strings.HasSuffix(name, "s") {
		return name + "'"
	}
	return name + "'s"
}

// shownDomain is a domain as a person reads it, beside its A-labels where they
// differ: of two letters that look alike only those tell which it is.
func shownDomain(d string) string {
	d = clean(d, 253)
	if u := unicodeDomain(d); u != d {
		return u + " (" + d + ")"
	}
	return d
}

// unicodeDomain is a domain with its letters as they are shown; as it is where
// its A-labels say nothing that can be shown.
func unicodeDomain(d string) string {
	if !strings.Contains(d, "xn--") {
		return d
	}
	u, err := idna.Display.ToUnicode(d)
	if err != nil || clean(u, 253) != u || strings.ContainsAny(u, ` "'()<>,`) {
		return d
	}
	return u
}

// shownDomains names the first most domains.
func shownDomains(domains []string, most int) string {
	named := make([]string, 0, min(len(domains), most))
	for i, d := range domains {
		if i == most {
			break
		}
		named = append(named, shownDomain(d))
	}
	if more := len(domains) - most; more > 0 {
		named = append(named, number(more)+" more")
	}
	return listed(named)
}

// usNumber is a United States registration or application within a text.
var usNumber = regexp.MustCompile(`\bUS ([0-9]{5,8})\b`)

// groupNumbers writes such numbers as a person does: a registration with its
// thousands apart, an application with its series.
func groupNumbers(s string) string {
	return usNumber.ReplaceAllStringFunc(s, func(found string) string {
		n := strings.TrimPrefix(found, "US ")
		if len(n) == 8 {
			return "US " + n[:2] + "/" + grouped(n[2:])
		}
		return "US " + grouped(n)
	})
}

// webAddress is an address that a reader may follow, "" for any other.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return u.String()
}

// certificateWords say of what class and mark type a certificate is.
func certificateWords(class, markType string) string {
	if class != "VMC" && class != "CMC" {
		class = "mark certificate"
	}
	if markType = clean(markType, maxName); markType == "" {
		return class
	}
	return class + " (" + markType + ")"
}

// organisationWords name an organisation with its country.
func organisationWords(name, country string) string {
	if name = clean(name, maxName); name == "" {
		name = "An organisation without a name"
	}
	if country = clean(country, 2); country == "" {
		return name
	}
	return name + " (" + country + ")"
}

// ruleWords say in a few words what a hit rests on.
func ruleWords(h *Hit) string {
	switch h.Rule {
	case match.RuleLogo, match.RulePriorUseLogo:
		return "a logo like another's"
	case match.RuleTrademark:
		return "another's registration"
	case match.RuleOrganisation:
		return "a name like another's"
	case "exact":
		return "a watched domain"
	case "own-subdomain":
		return "a host under a watched domain"
	}
	return "a domain like another's"
}

// against says whom or what the hit concerns: the other party, or what is watched.
func against(h *Hit) string {
	e := &h.Evidence
	other := clean(h.OtherOrganisation, 60)
	switch h.Rule {
	case match.RuleTrademark:
		if e.Registration != "" {
			return "registration " + groupNumbers(clean(e.Registration, 60))
		}
	case match.RuleLogo, match.RulePriorUseLogo:
		if other != "" {
			return "logo like " + possessive(other)
		}
		return "logo like a watched one"
	case match.RuleOrganisation:
		if other != "" {
			return "name like " + possessive(other)
		}
		return "name like a watched one"
	}
	switch {
	case h.Rule == "exact":
		return "watched domain"
	case e.OtherDomain != "":
		return "domain like " + shownDomain(e.OtherDomain)
	case other != "":
		return "like " + other
	}
	return ruleWords(h)
}

// span says in words how long a digest's time is.
func span(m *Message) string {
	switch {
	case m.From.IsZero() || m.To.IsZero():
		return ""
	case day(m.From) == day(m.To):
		return fmt.Sprintf("%s, %s to %s UTC", day(m.From), m.From.UTC().Format("15:04"), m.To.UTC().Format("15:04"))
	case m.From.UTC().Format("15:04") == m.To.UTC().Format("15:04") && m.Kind != KindStorm && m.Rhythm != "hourly":
		return day(m.From) + " to " + day(m.To)
	}
	return moment(m.From) + " to " + moment(m.To)
}

// severities are all, the gravest first.
func severities() []match.Severity {
	return []match.Severity{match.Critical, match.High, match.Medium, match.Low}
}

// counts are the hits of a message by severity; where it doesn't say them,
// those that it holds.
func counts(m *Message) map[match.Severity]int {
	all := map[match.Severity]int{}
	for i := range m.Hits {
		all[m.Hits[i].Severity]++
	}
	for s, n := range m.Counts {
		all[s] = max(all[s], n)
	}
	return all
}

// total is for how many hits a message stands.
func total(m *Message) int {
	sum := 0
	for _, n := range counts(m) {
		sum += n
	}
	return max(m.Total, len(m.Hits), sum)
}

// countWords say how many hits of each severity there are: "2 critical, 7 low".
func countWords(m *Message) string {
	var parts []string
	n := counts(m)
	for _, s := range severities() {
		if n[s] > 0 {
			parts = append(parts, number(n[s])+" "+string(s))
		}
	}
	return strings.Join(parts, ", ")
}

// anyNumber is number for templates, which don't tell types of counts apart.
func anyNumber(n any) string {
	switch n := n.(type) {
	case int:
		return number(n)
	case uint64:
		return number(n)
	}
	return fmt.Sprint(n)
}
