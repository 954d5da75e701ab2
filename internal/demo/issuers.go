package demo

import (
	"time"

	"markwatch/internal/marktest"
)

// Issuer is one CA of the world and its habits.
type Issuer struct {
	Name    string
	style   style
	hashes  []string
	policy  string // its own, beside the general mark policy
	site    string // where its revocation lists are
	ocsp    bool
	common  bool // puts the organisation's name as common name too
	exact   bool // certificates begin at the minute, not at midnight
	rsa     bool
	retired int // days before now since when it issues no more; 0: it still does
	heir    string
}

// Names of the CAs.
const (
	halyard  = "Halyard Mark Services"
	certwick = "Certwickham"
	sigillon = "Sigillonde"
	inkanmon = "Inkanmon Trust"
)

// issuers are the CAs of the world: four, each of another style.
func issuers() []Issuer {
	return []Issuer{
		{Name: halyard, style: terse, hashes: []string{"sha1"}, policy: "2.999.44.2.5", site: "halyardmarks.example", common: true, rsa: true},
		{Name: certwick, style: linked, hashes: []string{"sha256"}, policy: "2.999.28.10.1.11", site: "certwickham.example",
			ocsp: true, common: true, exact: true, rsa: true, retired: 700, heir: sigillon},
		{Name: sigillon, style: official, hashes: []string{"sha1", "sha256", "sha384"}, policy: "2.999.46.10.6.1", site: "sigillonde.example", ocsp: true, exact: true},
		{Name: inkanmon, style: homespun, hashes: []string{"sha1"}, policy: "2.999.64.1.3.8", site: "inkanmon.example", ocsp: true},
	}
}

// Roots are the root certificates of the world's CAs in DER, in the order of Issuers.
func (w *World) Roots() [][]byte {
	var out [][]byte
	for _, i := range w.Issuers {
		out = append(out, marktest.NewCA(i.Name).Root())
	}
	return out
}

// issuer finds the CA that a certificate of the given age comes from: the mark's
// own, or its heir after it retired.
func (w *World) issuer(name string, age int) Issuer {
	for _, i := range w.Issuers {
		if i.Name == name {
			if i.retired > age {
				return w.issuer(i.heir, age)
			}
			return i
		}
	}
	panic("demo: no issuer " + name)
}

// validity is when a certificate issued at the given time begins and ends: 397
// days, of whole days where the CA doesn't write minutes.
func (i Issuer) validity(at time.Time) (start, end time.Time) {
	if i.exact {
		start = at.Add(-time.Hour).Truncate(time.Minute)
		return start, start.AddDate(0, 0, 397)
	}
	start = at.Truncate(24 * time.Hour)
	return start, start.AddDate(0, 0, 397).Add(-time.Second)
}
