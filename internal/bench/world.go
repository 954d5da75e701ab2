package main

import (
	"fmt"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/store"
)

// world is what the queries are measured on: so many issuances, of a quarter as
// many organisations, spread evenly over five years.
type world struct {
	issuances uint64
	cas       []*marktest.CA
	log       *ctlogtest.Log
	scanned   scanner.Log
}

func newWorld(issuances uint64) *world {
	w := &world{issuances: issuances, log: ctlogtest.New(ctlogtest.Options{Name: "bench"})}
	for i := range 5 {
		w.cas = append(w.cas, marktest.NewCA(fmt.Sprintf("Bench CA %d", i)))
	}
	w.scanned = scanner.Log{Name: "bench", URL: "http://bench.test", Type: scanner.RFC6962, Key: w.log.PublicKey(), Marks: true}
	return w
}

// loggedAt is when issuance n is logged.
func (w *world) loggedAt(n uint64) time.Time {
	begin := time.Date(2021, 9, 1, 0, 0, 0, 0, time.UTC)
	return begin.Add(time.Duration(n) * (5 * 365 * 24 * time.Hour / time.Duration(w.issuances)))
}

// spec is issuance n: the organisations come in turn, and come again, some with
// another logo, a longer validity, or a domain that was another's.
func (w *world) spec(n uint64) marktest.Spec {
	organisations := max(w.issuances/4, 1)
	organisation, round := n%organisations, n/organisations
	spec := marktest.Registered(fmt.Sprintf("Bench %d Works Ltd", organisation), fmt.Sprintf("bench-%d.example", organisation), n)
	countries := []string{"US", "GB", "DE", "AU", "NL", "SE", "CA", "JP", "DK", "CZ"}
	country := countries[organisation%uint64(len(countries))]
	spec.Country, spec.JurisdictionCountry, spec.TrademarkCountry = country, country, country
	spec.TrademarkIdentifier = fmt.Sprintf("%d", 3_000_000+organisation)
	spec.RegistrationNumber = fmt.Sprintf("%08d", organisation)
	spec.SVG = marktest.SVG(spec.Organisation, organisation%(organisations*9/10+1)+round/2*organisations)
	spec.NotBefore = w.loggedAt(n).Add(-time.Duration(n%90) * time.Minute)
	spec.NotAfter = spec.NotBefore.AddDate(0, 0, 365+int(n%3)*16)
	switch {
	case organisation%10 == 3:
		spec.MarkType, spec.TrademarkCountry, spec.TrademarkIdentifier, spec.TrademarkOffice = "Prior Use Mark", "", "", ""
	case organisation%100 == 7:
		spec.Domains = []string{"test." + spec.Domains[0]}
	case organisation%50 == 11 && round > 1:
		spec.Domains = append(spec.Domains, fmt.Sprintf("bench-%d.example", organisation+1))
	}
	return spec
}

// batch makes the issuances [from, to), as a scan would have read them.
func (w *world) batch(from, to uint64) (store.Batch, error) {
	b := store.Batch{Scan: scanner.Batch{Log: w.scanned, Start: from, End: to}}
	for n := from; n < to; n++ {
		spec := w.spec(n)
		issued := w.cas[spec.Nonce%31%uint64(len(w.cas))].Issue(spec)
		raw := scanner.Entry{Index: n, LeafInput: x509Leaf(uint64(w.loggedAt(n).UnixMilli()), issued.Certificate)}
		entry, err := parse.Leaf(raw.LeafInput, nil)
		if err != nil {
			return b, err
		}
		b.Marks = append(b.Marks, store.Mark{Raw: raw, Entry: entry})
	}
	return b, nil
}
