package organisation

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// number is a registration number in the form of its register.
type number struct {
	country string // ISO 3166 code, upper case; "" if not known
	region  string // folded; "" if not known, or the country has one register
	written string // for people
	plain   string // to compare; "" if there is none, or what stands in its place is none
}

// numbers is what the numbers of two organisations say.
type numbers struct {
	agree   bool
	decides bool // they agree so well that names don't matter
	differ  bool
	reason  string
}

// newNumber reads a party's registration number.
func newNumber(p Party) number {
	n := number{country: foldCountry(p.Country), written: clip(p.RegistrationNumber)}
	if regional(n.country) {
		n.region = strings.ToLower(strings.TrimSpace(p.Region))
	}
	n.plain = canonicalNumber(n.country, p.RegistrationNumber)
	return n
}

// NumberKey is the same for two parties whose registration numbers agree; "" for
// one without. Others may have it too: it finds what is worth comparing.
func NumberKey(p Party) string { return shortNumber(newNumber(p).plain) }

// foldCountry is the ISO 3166 code, and "" for what can't be one.
func foldCountry(s string) string {
	switch s = strings.ToUpper(strings.TrimSpace(s)); {
	case s == "UK":
		return "GB"
	case s == "EL":
		return "GR"
	case len(s) != 2:
		return ""
	}
	return s
}

// regional tells whether a country has several registers whose numbers may repeat: by state,
// province, emirate, or court.
func regional(country string) bool {
	switch country {
	case "US", "CA", "DE", "AE", "MX", "BA":
		return true
	}
	return false
}

// states tells whether the regions of a country are jurisdictions of their own, each with its own
// organisations, whose names all write alike.
func states(country string) bool { return country == "US" || country == "CA" || country == "AE" }

// canonicalNumber is the number without separators, leading zeros, and what names the register,
// and the part of it that is the organisation's where it has a prefix, branch or check digit.
// What is no number gives "": a date of formation, or "Government Entity".
func canonicalNumber(country, written string) string {
	if len(written) > 256 || dated(written) {
		return ""
	}
	var words []string
	for _, word := range strings.FieldsFunc(strings.ToUpper(norm.NFKC.String(written)), func(r rune) bool { return !alphanumeric(r) }) {
		if !registerWord(country, word) {
			words = append(words, word)
		}
	}
	for len(words) > 1 && !strings.ContainsAny(words[0], "0123456789") && !numberPrefix(words[0]) {
		words = words[1:] // "AMTSGERICHT ULM HRB 123"
	}
	plain := strings.Join(words, "")
	if !strings.ContainsAny(plain, "0123456789") {
		return ""
	}
	if rest := strings.TrimPrefix(plain, country); country != "" && digits(rest) {
		plain = rest
	}
	return strings.TrimLeft(rooted(country, plain), "0")
}

// rooted takes the organisation's part of a number that says more.
func rooted(country, plain string) string {
	n := len(plain)
	switch {
	case !digits(plain):
		return plain
	case country == "FR" && n == 14: // SIRET: SIREN and establishment
		return plain[:9]
	case country == "BR" && n == 14: // CNPJ: root, branch and check digits
		return plain[:8]
	case country == "AU" && n == 11: // ABN of a company: check digits and ACN
		return plain[2:]
	case country == "JP" && n == 13: // corporate number: check digit and company number
		return plain[1:]
	case country == "SE" && n == 12: // with the century 16
		return plain[2:]
	}
	return plain
}

// alphanumeric tells whether r can be part of a number.
func alphanumeric(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' }

// digits tells whether s is one or more digits.
func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// registerWord tells whether a word names the register or says that a number follows.
func registerWord(country, word string) bool {
	switch word {
	case "NO", "NR", "NUMBER", "REG", "REGISTRATION", "COMPANY", "ORG", "ORGNR", "N", "NUM", "ID":
		return true
	case "SIREN", "SIRET", "RCS", "R", "S":
		return country == "FR"
	case "ABN", "ACN":
		return country == "AU"
	case "CNPJ":
		return country == "BR"
	case "KVK":
		return country == "NL"
	case "CVR":
		return country == "DK"
	case "MVA":
		return country == "NO"
	case "CIF", "NIF":
		return country == "ES" || country == "PT"
	case "ICO", "IC":
		return country == "CZ" || country == "SK"
	case "OGRN":
		return country == "RU"
	}
	return false
}

// numberPrefix tells whether letters before a number are part of it: the book of a register.
func numberPrefix(word string) bool {
	switch word {
	case "HRA", "HRB", "GNR", "VR", "PR", "FN", "CHE", "SC", "NI", "OC", "SO", "NC", "RC", "LP", "SL", "NL", "IP", "CE", "LL", "B":
		return true
	}
	return false
}

// dated tells whether a number is a date: governments are named with that of their formation.
func dated(s string) bool {
	fields := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-/. ,", r) })
	if len(fields) != 3 {
		return false
	}
	if strings.ContainsAny(strings.ToLower(fields[0]+fields[1]), "abcdefghijklmnopqrstuvwxyz") {
		return month(fields[0]) || month(fields[1])
	}
	return year(fields[0]) && day(fields[1]) && day(fields[2]) || day(fields[0]) && day(fields[1]) && year(fields[2])
}

// year tells whether s may be a year.
func year(s string) bool { return len(s) == 4 && digits(s) && s >= "1000" && s < "2100" }

// day tells whether s may be a day, or a month in digits.
func day(s string) bool { return len(s) <= 2 && digits(s) }

// month tells whether a word begins like the English name of a month.
func month(s string) bool {
	s = strings.ToLower(s)
	return len(s) >= 3 && strings.Contains("jan feb mar apr may jun jul aug sep oct nov dec", s[:3]) && !strings.Contains(s[:3], " ")
}

// foldLEI is an LEI as ISO 17442 writes it, and "" for what can't be one. Its check digits aren't
// asked for: a wrong one still names what its holder meant.
func foldLEI(s string) string {
	s = strings.Map(func(r rune) rune {
		if alphanumeric(r) {
			return r
		}
		return -1
	}, strings.ToUpper(s[:min(len(s), 64)]))
	if len(s) != 20 {
		return ""
	}
	return s
}

// compareNumbers says what the LEIs and registration numbers of two organisations say. LEIs go
// before numbers where they agree: an organisation keeps its own when it changes its register.
func compareNumbers(a, b *entity) numbers {
	register := compareRegistered(a.number, b.number)
	if a.lei == "" || b.lei == "" {
		return register
	}
	if a.lei == b.lei {
		reason := "the same LEI (" + a.lei + ")"
		if register.differ {
			reason += "; " + register.reason
		}
		return numbers{agree: true, decides: true, differ: register.differ, reason: reason}
	}
	if register.agree {
		return register
	}
	return numbers{differ: true, reason: "other LEI (" + a.lei + " against " + b.lei + ")"}
}

// compareRegistered compares registration numbers. They decide where nothing says that they are
// of two registers of one country, and the number is long enough to be one of many.
func compareRegistered(a, b number) numbers {
	if a.plain == "" || b.plain == "" || a.country != b.country && a.country != "" && b.country != "" {
		return numbers{}
	}
	known := a.country != "" && b.country != ""
	if sameNumber(a, b) {
		place := a.country
		if place == "" {
			place = b.country
		}
		reason := "the same registration number (" + strings.TrimSpace(place+" "+a.written) + ")"
		return numbers{agree: true, decides: known && !elsewhere(a, b) && len(a.plain) >= 4, reason: reason}
	}
	if !known {
		return numbers{}
	}
	return numbers{differ: true, reason: "other registration number (" + a.written + " against " + b.written + ")"}
}

// sameNumber compares two numbers of a country. German ones may leave out the book, HRA or HRB.
func sameNumber(a, b number) bool {
	if a.plain == b.plain {
		return true
	}
	if a.country != "DE" && b.country != "DE" {
		return false
	}
	return shortNumber(a.plain) == shortNumber(b.plain) && (digits(a.plain) || digits(b.plain))
}

// shortNumber is a number without the book of a German register.
func shortNumber(s string) string { return strings.TrimLeft(s, "HRAB") }

// elsewhere tells whether two numbers are known to be of two regions. A code of two letters may be
// that of any.
func elsewhere(a, b number) bool {
	return a.region != "" && b.region != "" && a.region != b.region && (len(a.region) == 2) == (len(b.region) == 2)
}
