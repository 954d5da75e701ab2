package demo

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// A register is an office that registers trademarks.
type register struct {
	office  string // its name
	acronym string
	url     string
	pattern string // of a canonical number: # is a digit
}

// registerOf returns the register of an ST.3 code.
func registerOf(code string) register {
	switch code {
	case "US":
		return register{"United States Patent and Trademark Office", "USPTO", "https://www.uspto.gov", "6######"}
	case "EM":
		return register{"European Union Intellectual Property Office", "EUIPO", "https://euipo.europa.eu", "018######"}
	case "GB":
		return register{"Intellectual Property Office", "UKIPO", "https://www.gov.uk/ipo", "UK000036#####"}
	case "DE":
		return register{"Deutsches Patent- und Markenamt", "DPMA", "https://www.dpma.de", "302021######"}
	case "CA":
		return register{"Canadian Intellectual Property Office", "CIPO", "https://ised-isde.canada.ca/cipo", "20#####"}
	case "AU":
		return register{"IP Australia", "", "https://www.ipaustralia.gov.au", "21#####"}
	case "FR":
		return register{"Institut national de la propriété industrielle", "INPI", "https://www.inpi.fr", "47#####"}
	case "CH":
		return register{"Eidgenössisches Institut für Geistiges Eigentum", "IGE", "https://www.ige.ch", "76####"}
	case "JP":
		return register{"Japan Patent Office", "JPO", "https://www.jpo.go.jp", "64#####"}
	case "BX":
		return register{"Benelux Office for Intellectual Property", "BOIP", "https://www.boip.int", "144####"}
	case "WO":
		return register{"World Intellectual Property Organization", "WIPO", "https://www.wipo.int", "158####"}
	case "SE":
		return register{"Patent- och registreringsverket", "PRV", "https://www.prv.se", "61####"}
	case "DK":
		return register{"Patent- og Varemærkestyrelsen", "DKPTO", "https://www.dkpto.dk", "VR2021#####"}
	case "ES":
		return register{"Oficina Española de Patentes y Marcas", "OEPM", "https://www.oepm.es", "M41#####"}
	case "IN":
		return register{"Office of the Controller General of Patents, Designs and Trade Marks", "CGPDTM", "https://www.ipindia.gov.in", "48#####"}
	case "BR":
		return register{"Instituto Nacional da Propriedade Industrial", "INPI", "https://www.gov.br/inpi", "92#######"}
	}
	panic("demo: no register " + code)
}

// companyPattern is the form of a company's number in a country's register of companies.
func companyPattern(country string) string {
	switch country {
	case "GB":
		return "1#######"
	case "DE":
		return "HRB 1#####"
	case "NL":
		return "7#######"
	case "CH":
		return "CHE-3##.###.###"
	case "JP":
		return "####-01-1#####"
	case "CA":
		return "1######-#"
	case "AU":
		return "6## ### ###"
	case "SE":
		return "559###-####"
	case "IN":
		return "U7####MH20##PTC3#####"
	case "FR":
		return "8## ### ###"
	case "DK":
		return "3#######"
	case "BR":
		return "3#.###.###/0001-##"
	case "ES":
		return "B8#######"
	case "IT":
		return "MI-2######"
	}
	return "5######"
}

// filled puts random digits for the # of a pattern, and takes no number twice.
func filled(pattern string, r *rand.Rand, taken map[string]bool) string {
	for {
		b := []byte(pattern)
		for i := range b {
			if b[i] == '#' {
				b[i] = byte('0' + r.IntN(10))
			}
		}
		if s := string(b); !taken[s] {
			taken[s] = true
			return s
		}
	}
}

// checkDigit is the 13th digit of a German registration number of 12, as the
// DPMA's register addresses it: (11 − Σ dᵢ·(14−i) mod 11) mod 11, where 10 has no
// digit and ok is false.
func checkDigit(number string) (digit int, ok bool) {
	sum := 0
	for i := range 12 {
		sum += int(number[i]-'0') * (13 - i)
	}
	digit = (11 - sum%11) % 11
	return digit, digit < 10
}

// cloned is the number of the British mark that an EU trademark became.
func cloned(number string) string { return "UK009" + number[1:] }

// grouped puts a separator before each group of three digits, from the right.
func grouped(number, separator string) string {
	var b strings.Builder
	for i, r := range number {
		if i > 0 && (len(number)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// A style is the habit of a CA in writing registers and their numbers.
type style uint8

const (
	terse    style = iota // no office, US numbers with commas
	linked                // offices as addresses, plain numbers
	official              // offices with acronym, German check digits, TMA-like prefixes left out
	homespun              // EU and UK for EM and GB, numbers as people write them
)

// office is what the style puts as the trademark office's name.
func (s style) office(code string) string {
	r := registerOf(code)
	switch {
	case s == linked:
		return r.url
	case s == official && r.acronym != "":
		return r.office + " (" + r.acronym + ")"
	case s == official:
		return r.office
	}
	return ""
}

// country is what the style puts as the register's country or region.
func (s style) country(code string) string {
	if s == homespun {
		switch code {
		case "EM":
			return "EU"
		case "GB":
			return "UK"
		}
	}
	return code
}

// number is how the style writes a canonical number of a register.
func (s style) number(code, number string) string {
	switch {
	case code == "DE" && s == official:
		digit, _ := checkDigit(number)
		return number + strconv.Itoa(digit)
	case code == "DE" && s == homespun:
		return number[:2] + " " + number[2:6] + " " + number[6:9] + " " + number[9:]
	case code == "US" && s == terse, code == "AU" && s == homespun, code == "CA" && s == homespun:
		return grouped(number, ",")
	case code == "EM" && s == homespun:
		return strings.TrimLeft(number, "0")
	}
	return number
}
