package demo

import (
	"fmt"
	"time"

	"markwatch/internal/marktest"
)

const (
	// typedFrom is how many days before now the profile gained markType.
	typedFrom = 1500
	// rebrandAfter is how many certificates bear an earlier logo.
	rebrandAfter = 2
)

// spec is what a holding's next certificate says when its CA writes it.
func (w *World) spec(h *holding, i Issuer, age int) marktest.Spec {
	o, m := h.org, h.mark
	s := i.blank()
	s.Domains = h.domains
	s.Organisation, s.Country, s.State, s.Locality = o.Name, o.Country, o.State, o.Locality
	if h.issued == 0 && o.FormerName != "" {
		s.Organisation = o.FormerName
	}
	if i.common {
		s.CommonName = s.Organisation
	}
	s.PostalCode, s.Streets = o.PostalCode, o.Streets
	s.JurisdictionCountry, s.JurisdictionState = o.Country, o.JurisdictionState
	s.RegistrationNumber, s.BusinessCategory = o.RegistrationNumber, o.Category
	s.LEI, s.WordMark = m.Spelling.LEI, m.Spelling.WordMark
	if age < typedFrom || m.Spelling.Modern {
		s.MarkType = m.Type
	} else {
		s.Pilot = m.Spelling.Pilot
	}
	if m.Register != "" {
		s.TrademarkOffice, s.TrademarkCountry = i.style.office(m.Register), i.style.country(m.Register)
		s.TrademarkIdentifier = i.style.number(m.Register, m.Number)
	}
	if m.Citation != "" {
		s.StatuteCountry, s.StatuteCitation = o.Country, m.Citation
		s.StatuteURL = "https://www." + m.Domains[0] + "/statute"
	}
	s.PriorUseURL = m.SourceURL
	s.SVG = m.Logo
	if m.EarlierLogo != nil && h.issued < rebrandAfter {
		s.SVG = m.EarlierLogo
	}
	return s
}

// blank is what all certificates of a CA have alike.
func (i Issuer) blank() marktest.Spec {
	s := marktest.Spec{
		Hashes: i.hashes, RSA: i.rsa,
		Policies:  []string{i.policy, "1.3.6.1.4.1.53087.1.1"},
		CRLs:      []string{"http://crl." + i.site + "/marks-1.crl"},
		CAIssuers: "http://certs." + i.site + "/marks-1.crt",
	}
	if i.ocsp {
		s.OCSP = "http://ocsp." + i.site
	}
	return s
}

// oddities are what a log holds beside the marks that count: each CA's trial
// certificates, server certificates, and one that nobody can read.
func (w *World) oddities(midnight time.Time) []Submission {
	r := w.random("oddities")
	var out []Submission
	for k, i := range w.Issuers {
		for n, label := range []string{"test", "staging"} {
			age := max(1300-n*400-k*30, i.retired+1)
			at := officeHours(midnight, age, r)
			s := i.blank()
			s.Domains = []string{label + "." + i.site}
			s.Organisation, s.Country, s.Locality = i.Name+" Trials", "GB", "Reading"
			s.BusinessCategory, s.RegistrationNumber, s.JurisdictionCountry = "Private Organization", fmt.Sprintf("0%d000%d", k+1, n), "GB"
			s.MarkType, s.SVG = "Registered Mark", i.trialLogo().drawn("Trial")
			s.TrademarkCountry, s.TrademarkIdentifier = "GB", fmt.Sprintf("UK0000359000%d", k)
			s.NotBefore, s.NotAfter = i.validity(at)
			out = append(out, Submission{At: at, Kind: KindPair, Issuer: i.Name, Spec: s})
		}
	}
	for n := range 24 {
		out = append(out, w.tls(officeHours(midnight, 30+n*60, r), n))
	}
	return append(out, w.unreadable(officeHours(midnight, 214, r)))
}

// trialLogo is the CA's initial in grey.
func (i Issuer) trialLogo() design {
	return logo(tile, initial(i.Name[:1], hand{weight: 14}), "#808080 #a0a0a0 #ffffff #ffffff")
}

// tls is the n-th server certificate, of one of the world's organisations.
func (w *World) tls(at time.Time, n int) Submission {
	o := w.Organisations[(n*13)%len(w.Organisations)]
	i := w.Issuers[n%len(w.Issuers)]
	return Submission{At: at, Kind: KindTLS, Issuer: i.Name, Organisation: o.Key,
		Spec: marktest.Spec{Domains: []string{"mail." + o.Marks[0].Domains[0]}, Nonce: uint64(n)}}
}

// unreadable is a certificate whose logo's compressed data ends early.
func (w *World) unreadable(at time.Time) Submission {
	o, _ := w.Organisation("coquerille")
	h := o.holdings()[0]
	s := w.renewal(h, at, 0)
	s.Kind, s.Spec.Malform, s.Spec.Nonce = KindMalformed, marktest.LogotypeCut, 1<<32
	return s
}
