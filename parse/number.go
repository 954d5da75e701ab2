package parse

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// CanonicalNumber gives the canonical register and number of a trademark, however country and
// identifier are written: "UK" and "3647211" are GB and UK00003647211. A number that doesn't
// have the form of its register's numbers is given without separators, doesn't fit, and has no
// record page.
func CanonicalNumber(country, identifier string) Trademark {
	t := Trademark{Country: country, Identifier: identifier, Register: registerCode(country)}
	if len(identifier) > 256 {
		identifier = strings.ToValidUTF8(identifier[:256], "")
	}
	plain := squeeze(t.Register, identifier)
	t.Number, t.Fits = plain, false
	if t.Register == "" || plain == "" {
		return t
	}
	if number, ok := canonical(t.Register, plain, identifier); ok {
		t.Number, t.Fits = number, true
		t.RecordURL = recordURL(t.Register, number)
	}
	return t
}

// canonical gives the number in the form of its register, and false where it has another form.
func canonical(register, plain, written string) (string, bool) {
	switch register {
	case "US":
		n := unpad(plain)
		return n, digits(n) && len(n) <= 8
	case "EM":
		return europeanNumber(plain)
	case "GB":
		return britishNumber(plain)
	case "DE":
		return germanNumber(plain)
	case "CA":
		return canadianNumber(plain, written)
	case "AU":
		n := unpad(plain)
		return n, digits(n) && len(n) <= 7
	case "FR":
		return plain, digits(plain) && len(plain) == 7
	case "WO":
		n := unpad(plain)
		end := len(strings.TrimRight(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return n, digits(n[:end]) && end <= 7 && len(n)-end <= 2
	}
	n := unpad(plain)
	return n, len(n) <= 20 && strings.ContainsAny(n, "0123456789")
}

// europeanNumber is an EUTM, nine digits, or an international registration that designates the
// EU, W and eight digits.
func europeanNumber(plain string) (string, bool) {
	if rest, ok := strings.CutPrefix(plain, "W"); ok {
		n := pad(strings.TrimPrefix(rest, "O"), 8)
		return "W" + n, digits(n) && len(n) == 8
	}
	n := pad(plain, 9)
	if len(n) > 9 {
		n = pad(unpad(n), 9)
	}
	return n, digits(n) && len(n) == 9
}

// britishNumber is UK and eleven digits, of which 009 begins the clone of an EUTM and 008 that
// of an international registration; or WO and thirteen digits, an international registration
// that designates the UK.
func britishNumber(plain string) (string, bool) {
	if rest, ok := strings.CutPrefix(plain, "WO"); ok {
		n := pad(unpad(rest), 13)
		return "WO" + n, digits(n) && len(n) == 13
	}
	n := pad(plain, 11)
	if len(n) > 11 {
		n = pad(unpad(n), 11)
	}
	return "UK" + n, digits(n) && len(n) == 11
}

// germanNumber is twelve digits, which a check digit may follow.
func germanNumber(plain string) (string, bool) {
	if !digits(plain) || len(plain) < 12 || len(plain) > 13 {
		return "", false
	}
	n := plain[:12]
	return n, len(plain) == 12 || int(plain[12]-'0') == checkDigit(n)
}

// checkDigit is the check digit of a German number of twelve digits: (11 − Σ dᵢ·(14−i) mod 11)
// mod 11 over i = 1…12. It is 10 or more for what has none.
func checkDigit(n string) int {
	if len(n) != 12 || !digits(n) {
		return 11
	}
	sum := 0
	for i := range 12 {
		sum += int(n[i]-'0') * (13 - i)
	}
	return (11 - sum%11) % 11
}

// canadianNumber is an application number, whose extension 00 may be written, or TMA and a
// registration number.
func canadianNumber(plain, written string) (string, bool) {
	if strings.HasSuffix(strings.TrimSpace(written), "-00") {
		plain = strings.TrimSuffix(plain, "00")
	}
	prefix := ""
	if rest, ok := strings.CutPrefix(plain, "TMA"); ok {
		prefix, plain = "TMA", rest
	}
	n := unpad(plain)
	return prefix + n, digits(n) && len(n) <= 7
}

// squeeze folds an identifier to upper-case letters and digits, without the words that people
// put before a number and without the register's own code.
func squeeze(register, identifier string) string {
	var words []string
	ascii := false
	for _, word := range strings.FieldsFunc(strings.ToUpper(norm.NFKC.String(identifier)), separator) {
		words = append(words, word)
		ascii = ascii || strings.ContainsAny(word, "0123456789")
	}
	for len(words) > 1 && (noise(words[0]) || ownPrefix(register, words[0])) {
		words = words[1:]
	}
	for len(words) > 1 && ownPrefix(register, words[len(words)-1]) { // "5817930 (US)"
		words = words[:len(words)-1]
	}
	joined := strings.Join(words, "")
	if ascii { // letters of other scripts are words around the number
		joined = strings.Map(onlyASCII, joined)
	}
	letters := joined[:len(joined)-len(strings.TrimLeft(joined, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
	if len(letters) < len(joined) && (noise(letters) || ownPrefix(register, letters)) {
		joined = joined[len(letters):]
	}
	return joined
}

// separator tells whether r can't be part of a number.
func separator(r rune) bool {
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
		return false
	}
	return r < 0x80 || r == '–' || r == '—' || r == '−' || r == '№' || r == 'º' || r == '°' || r == '®' || r == '™' || r == '\u00a0' || r == '\ufffd'
}

// onlyASCII drops what is no ASCII.
func onlyASCII(r rune) rune {
	if r < 0x80 {
		return r
	}
	return -1
}

// noise tells whether a word says no more than that a number follows.
func noise(word string) bool {
	switch word {
	case "NO", "NR", "NUM", "NUMBER", "N", "REG", "REGN", "REGISTRATION", "REGISTERED", "REGISTER", "RN", "SER", "SERIAL", "SN",
		"TM", "TRADEMARK", "TRADE", "MARK", "MARKE", "APP", "APPL", "APPLICATION", "REGNO", "SERIALNO", "NUMERO", "IPO", "USPTO", "EUIPO":
		return true
	}
	return false
}

// ownPrefix tells whether a word is the register's own code before its numbers. The W of EUIPO's
// and the WO of UKIPO's numbers is part of them.
func ownPrefix(register, word string) bool {
	switch word {
	case "UK", "GB":
		return register == "GB"
	case "EM", "EU", "EUTM", "CTM":
		return register == "EM"
	case "IR", "WO", "INT", "INTL", "INTERNATIONAL", "WIPO":
		return register == "WO" || register == "BX" && word == "IR"
	case "USA":
		return register == "US"
	}
	return register != "" && word == register
}

// digits tells whether s is one or more digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// pad puts zeros before s up to a width.
func pad(s string, width int) string {
	return strings.Repeat("0", max(0, width-len(s))) + s
}

// unpad takes the zeros off the front of s, but for the last character.
func unpad(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}

// Family tells what a registration is a clone or a designation of. A UK009 number is a clone of
// an EUTM and UK008 one of an international registration, made when the UK left the EU; the W of
// EUIPO and the WO of UKIPO are designations of an international registration. They are marks of
// their own, counted apart and shown together.
func Family(register, number string) (parentRegister, parentNumber string, ok bool) {
	for _, f := range []struct{ register, prefix, parent string }{
		{"GB", "UK009", "EM"}, {"GB", "UK008", "WO"}, {"GB", "WO", "WO"}, {"EM", "W", "WO"},
	} {
		rest, found := strings.CutPrefix(number, f.prefix)
		if register != f.register || !found || !digits(rest) || len(rest) < 8 || unpad(rest) == "0" {
			continue
		}
		if f.parent == "EM" {
			return "EM", pad(rest, 9), true
		}
		return f.parent, unpad(rest), true
	}
	return "", "", false
}
