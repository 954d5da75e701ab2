package demo

import (
	"strings"

	"golang.org/x/net/idna"
)

// An entry is one organisation as the tables of this package write it down.
type entry struct {
	key, name string
	country   string
	place     string // locality, state (or "-"), postal code, street; set apart by "; ", and further streets after it
	domains   string // as people write them, set apart by spaces
	issuer    string
	since     int    // see Mark.Since
	registers string // ST.3 codes set apart by spaces: a mark for each; "" where tune says what it is
	logo      design
	tune      []func(*Organisation) // in order, after all else
	imitates  Impersonation         // of an impostor
}

// in gives entries their country.
func in(country string, list ...entry) []entry {
	for i := range list {
		list[i].country = country
	}
	return list
}

// organisation makes what an entry says, with numbers that nobody has yet.
func (w *World) organisation(e entry, taken map[string]bool) Organisation {
	r := w.random(e.key)
	place := strings.Split(e.place, "; ")
	o := Organisation{
		Key: e.key, Name: e.name, Country: e.country,
		Locality: place[0], State: strings.Trim(place[1], "-"), PostalCode: place[2], Streets: place[3:],
		RegistrationNumber: filled(companyPattern(e.country), r, taken),
		Category:           "Private Organization",
	}
	if e.country == "US" {
		o.JurisdictionState = "Delaware"
	}
	codes := strings.Fields(e.registers)
	if len(codes) == 0 {
		codes = []string{""}
	}
	for i, code := range codes {
		m := Mark{
			Domains: ascii(strings.Fields(e.domains)), Issuer: e.issuer, Logo: e.logo.drawn(e.name),
			Since: e.since - 240*i, // a further registration is certified later
		}
		if e.since > 0 {
			m.Since = max(1, m.Since+r.IntN(30))
		}
		if code != "" {
			m.Type, m.Register, m.Number = "Registered Mark", code, registration(code, w, e.key, taken)
		}
		o.Marks = append(o.Marks, m)
	}
	for _, change := range e.tune {
		change(&o)
	}
	return o
}

// registration takes a number of a register that nobody has, for an organisation.
func registration(code string, w *World, key string, taken map[string]bool) string {
	r := w.random(key + " in " + code)
	if registers()[code].pattern == "" {
		panic("demo: no register " + code)
	}
	for {
		n := filled(registers()[code].pattern, r, taken)
		if code != "DE" {
			return n
		}
		if _, ok := checkDigit(n); ok {
			return n
		}
	}
}

// ascii turns domains into A-labels, as certificates carry them.
func ascii(domains []string) []string {
	for i, u := range domains {
		a, err := idna.Punycode.ToASCII(u)
		if err != nil {
			panic("demo: domain " + u + ": " + err.Error())
		}
		domains[i] = a
	}
	return domains
}

// The functions that follow make the changes of an entry's tune.

// each changes every mark.
func each(change func(*Mark)) func(*Organisation) {
	return func(o *Organisation) {
		for i := range o.Marks {
			change(&o.Marks[i])
		}
	}
}

// apart gives each domain certificates of its own.
func apart() func(*Organisation) { return each(func(m *Mark) { m.Apart = true }) }

// until lets the marks lapse.
func until(days int) func(*Organisation) { return each(func(m *Mark) { m.Until = days }) }

// pilot puts the pilot identifier into the early certificates.
func pilot() func(*Organisation) { return each(func(m *Mark) { m.Spelling.Pilot = true }) }

// named adds the word mark.
func named(text string) func(*Organisation) {
	return each(func(m *Mark) { m.Spelling.WordMark = text })
}

// identified adds a legal entity identifier.
func identified(lei string) func(*Organisation) {
	return each(func(m *Mark) { m.Spelling.LEI = lei })
}

// orphaned logs precertificates only.
func orphaned() func(*Organisation) {
	return each(func(m *Mark) { m.Spelling.PreOnly = true })
}

// modified makes the marks Modified Registered Marks.
func modified() func(*Organisation) {
	return each(func(m *Mark) { m.Type, m.Spelling.Modern = "Modified Registered Mark", true })
}

// rebranded says what the logo was before.
func rebranded(earlier design) func(*Organisation) {
	return func(o *Organisation) {
		for i := range o.Marks {
			o.Marks[i].EarlierLogo = earlier.drawn(o.Name)
		}
	}
}

// formerly says how the name was spelt at first.
func formerly(name string) func(*Organisation) {
	return func(o *Organisation) { o.FormerName = name }
}

// category says what kind of organisation it is.
func category(c string) func(*Organisation) {
	return func(o *Organisation) { o.Category = c }
}

// government makes a Government Mark of a statute.
func government(citation string) func(*Organisation) {
	return func(o *Organisation) {
		o.Category, o.RegistrationNumber = "Government Entity", "Government Entity"
		m := &o.Marks[0]
		m.Type, m.Citation, m.Spelling.Modern = "Government Mark", citation, true
	}
}

// priorUse makes a Prior Use Mark, archived at the given date.
func priorUse(date string) func(*Organisation) {
	return each(func(m *Mark) {
		m.Type, m.Register, m.Number, m.Spelling.Modern = "Prior Use Mark", "", "", true
		m.SourceURL = "https://web.pastpages.example/web/" + date + "103012/https://www." + m.Domains[0] + "/"
	})
}

// cloneOfEM makes the second mark the British clone of the first, an EU trademark.
func cloneOfEM() func(*Organisation) {
	return func(o *Organisation) { o.Marks[1].Number = cloned(o.Marks[0].Number) }
}

// sameLogoAs takes the logo of a design, byte for byte as its owner's certificates have it.
func sameLogoAs(g design, title string) func(*Organisation) {
	return each(func(m *Mark) { m.Logo = g.drawn(title) })
}
