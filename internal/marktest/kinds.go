package marktest

import "fmt"

// Kind is a named Spec.
type Kind struct {
	Name string
	Spec Spec
}

// Kinds gives one spec of every kind of mark certificate. Each call makes them anew.
func Kinds() []Kind {
	return []Kind{
		{"registered mark", Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)},
		{"government mark", government()},
		{"prior use mark", priorUse()},
		{"modified registered mark", with(10, func(s *Spec) { s.MarkType = "Modified Registered Mark" })},
		{"pending registration mark", with(11, func(s *Spec) { s.MarkType = "Pending Registration Mark" })},
		{"unknown mark type", with(12, func(s *Spec) { s.MarkType = "Sworn Mark" })},
		{"no mark type", with(13, func(s *Spec) { s.MarkType = "" })},
		{"no mark type, no trademark", with(14, func(s *Spec) {
			s.MarkType, s.TrademarkCountry, s.TrademarkIdentifier, s.TrademarkOffice = "", "", "", ""
		})},
		{"pilot extension", with(15, func(s *Spec) { s.Pilot = true })},
		{"several hashes", with(16, func(s *Spec) { s.Hashes = []string{"sha1", "sha256", "sha384", "sha512"} })},
		{"several domains", with(17, func(s *Spec) {
			s.Domains = []string{"larkspur-kettle.example", "larkspur.example", "mail.larkspur-kettle.example", "winter._bimi.larkspur-kettle.example"}
		})},
		{"internationalised domain", with(18, func(s *Spec) {
			s.Domains = []string{"xn--krnest-pua1m.example", "xn--bcher-kva.example"}
		})},
		{"repeated street", with(19, func(s *Spec) { s.Streets = []string{"Unit 4", "12 Bobbin Lane", "Weaver's Yard"} })},
		{"test certificate", with(20, func(s *Spec) { s.Domains = []string{"test.larkspur-kettle.example"} })},
		{"uncompressed logo", with(21, func(s *Spec) { s.Plain = true })},
		{"gzip media type", with(22, func(s *Spec) { s.MediaType = "image/svg+xml+gzip" })},
		{"RSA key", with(23, func(s *Spec) { s.RSA = true })},
		{"extra EKU", with(24, func(s *Spec) { s.ExtraEKUs = []string{ekuServer} })},
		{"no logo", with(25, func(s *Spec) { s.SVG = nil })},
		{"raster logo", with(26, func(s *Spec) {
			s.SVG, s.MediaType, s.Plain = []byte("\x89PNG\r\n\x1a\n but no picture"), "image/png", true
		})},
		{"teletex strings", typed(27, tagTeletex)},
		{"BMP strings", typed(28, tagBMP)},
		{"universal strings", typed(29, tagUniversal)},
		{"UTF-8 strings", typed(30, tagUTF8)},
		{"invalid UTF-8", with(31, func(s *Spec) {
			s.Attributes = []Attribute{{OID: "2.5.4.11", Type: tagUTF8, Value: "Kettle\xff\xfeworks"}}
		})},
	}
}

// Malformations gives one spec of every fault.
func Malformations() []Kind {
	var out []Kind
	for m := WellFormed + 1; m <= LogotypeTwice; m++ {
		s := Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", 1)
		s.Nonce, s.Malform = uint64(m), m
		s.Plain = m == LogotypeTooLarge
		out = append(out, Kind{m.String(), s})
	}
	return out
}

// Registered is a Registered Mark of an invented organisation: n tells its numbers and its logo.
func Registered(organisation, domain string, n uint64) Spec {
	return Spec{
		Nonce:               n,
		Domains:             []string{domain},
		Organisation:        organisation,
		Country:             "GB",
		Locality:            "Thistleford",
		PostalCode:          "TF1 2LK",
		Streets:             []string{"12 Bobbin Lane"},
		JurisdictionCountry: "GB",
		RegistrationNumber:  fmt.Sprintf("%08d", 9000000+n),
		BusinessCategory:    "Private Organization",
		MarkType:            "Registered Mark",
		TrademarkOffice:     "Intellectual Property Office",
		TrademarkCountry:    "GB",
		TrademarkIdentifier: fmt.Sprintf("UK%011d", 3000000+n),
		SVG:                 SVG(organisation, n),
	}
}

// with is the common Registered Mark with changes.
func with(n uint64, change func(*Spec)) Spec {
	s := Registered("Larkspur Kettle Works Ltd", "larkspur-kettle.example", n)
	change(&s)
	return s
}

// typed is a mark whose subject uses one string type, for texts beyond ASCII.
func typed(n uint64, tag byte) Spec {
	s := Registered("Møllebæk Tekstil Ærø ApS", "mollebaek-tekstil.example", n)
	s.StringType = tag
	return s
}

// government is a Government Mark, with every statute attribute.
func government() Spec {
	return Spec{
		Domains:          []string{"gov.thistleford.example"},
		Organisation:     "Ministry of Footpaths",
		Country:          "NZ",
		Locality:         "Thistleford",
		BusinessCategory: "Government Entity",
		MarkType:         "Government Mark",
		StatuteCountry:   "NZ",
		StatuteState:     "Thistle Province",
		StatuteLocality:  "Thistleford",
		StatuteCitation:  "Footpaths Emblem Act 1987, s. 4(2)",
		StatuteURL:       "https://laws.thistleford.example/footpaths-emblem-act",
		SVG:              SVG("Ministry of Footpaths", 2),
	}
}

// priorUse is a Prior Use Mark, with the optional attributes.
func priorUse() Spec {
	return Spec{
		Domains:             []string{"pocketheron.example"},
		Organisation:        "Pocket Heron, Inc.",
		CommonName:          "Pocket Heron, Inc.",
		Country:             "US",
		State:               "Vermont",
		Locality:            "Alder Falls",
		Streets:             []string{"7 Mill Race", "Floor 2"},
		JurisdictionCountry: "US",
		JurisdictionState:   "Vermont",
		RegistrationNumber:  "0098123",
		BusinessCategory:    "Private Organization",
		MarkType:            "Prior Use Mark",
		WordMark:            "POCKET HERON",
		LEI:                 "529900PCKTHRN0000042",
		PriorUseURL:         "https://archive.example/web/20240110/https://pocketheron.example/",
		SVG:                 SVG("Pocket Heron", 3),
	}
}
