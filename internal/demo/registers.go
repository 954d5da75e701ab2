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

// registers are the offices of the world by their ST.3 codes.
func registers() map[string]register {
	return map[string]register{
		"US": {"United States Patent and Trademark Office", "USPTO", "https://www.uspto.gov", "6######"},
		"EM": {"European Union Intellectual Property Office", "EUIPO", "https://euipo.europa.eu", "018######"},
		"GB": {"Intellectual Property Office", "UKIPO", "https://www.gov.uk/ipo", "UK000036#####"},
		"DE": {"Deutsches Patent- und Markenamt", "DPMA", "https://www.dpma.de", "302021######"},
		"CA": {"Canadian Intellectual Property Office", "CIPO", "https://ised-isde.canada.ca/cipo", "20#####"},
		"AU": {"IP Australia", "", "https://www.ipaustralia.gov.au", "21#####"},
		"FR": {"Institut national de la propriété industrielle", "INPI", "https://www.inpi.fr", "47#####"},
		"CH": {"Eidgenössisches Institut für Geistiges Eigentum", "IGE", "https://www.ige.ch", "76####"},
		"JP": {"Japan Patent Office", "JPO", "https://www.jpo.go.jp", "64#####"},
		"BX": {"Benelux Office for Intellectual Property", "BOIP", "https://www.boip.int", "144####"},
		"WO": {"World Intellectual Property Organization", "WIPO", "https://www.wipo.int", "158####"},
		"SE": {"Patent- och registreringsverket", "PRV", "https://www.prv.se", "61####"},
		"DK": {"Patent- og Varemærkestyrelsen", "DKPTO", "https://www.dkpto.dk", "VR2021#####"},
		"ES": {"Oficina Española de Patentes y Marcas", "OEPM", "https://www.oepm.es", "M41#####"},
		"IN": {"Office of the Controller General of Patents, Designs and Trade Marks", "CGPDTM", "https://www.ipindia.gov.in", "48#####"},
		"BR": {"Instituto Nacional da Propriedade Industrial", "INPI", "https://www.gov.br/inpi", "92#######"},
	}
}

// companyPattern is the form of a company's number in a country's register of companies.
func companyPattern(country string) string {
	patterns := map[string]string{
		"GB": "1#######",
		"DE": "HRB 1#####",
		"NL": "7#######",
		"CH": "CHE-3##.###.###",
		"JP": "####-01-1#####",
		"CA": "1######-#",
		"AU": "6## ### ###",
		"SE": "559###-####",
		"IN": "U7####MH20##PTC3#####",
		"FR": "8## ### ###",
		"DK": "3#######",
		"BR": "3#.###.###/0001-##",
		"ES": "B8#######",
		"IT": "MI-2######",
	}
	if p, ok := patterns[country]; ok {
		return p
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
	official              // offices with acronym, German check digits
	homespun              // EU and UK for EM and GB, numbers as people write them
)

// office is what the style puts as the trademark office's name.
func (s style) office(code string) string {
	r := registers()[code]
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
