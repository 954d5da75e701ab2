package demo

import (
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"markwatch/internal/marktest"
)

// Kind is what a submission leaves in the log.
type Kind string

// The kinds.
const (
	KindPair           Kind = "pair"           // a precertificate, and the certificate with the log's SCT
	KindPrecertificate Kind = "precertificate" // a precertificate whose certificate is never logged
	KindCertificate    Kind = "certificate"    // a certificate whose precertificate is never logged
	KindTLS            Kind = "tls"            // an ordinary server certificate
	KindMalformed      Kind = "malformed"      // a mark certificate that can't be read
)

// Submission is what a CA sends to the log at one time.
type Submission struct {
	At           time.Time
	Kind         Kind
	Issuer       string        // name of the CA
	Organisation string        // key; empty for test and TLS certificates
	Spec         marktest.Spec // of a mark certificate; Domains alone of a TLS certificate
}

// pace is the time between two submissions while the log grows, by the world's clock.
const pace = 2 * time.Second

// Submissions yields all that the CAs send to the log, in the order of time: the
// history of nearly five years up to now, and then without end what comes next, one
// each two seconds. Times follow from now, which counts as a UTC time, and from
// the seed.
func (w *World) Submissions(now time.Time) iter.Seq[Submission] {
	return func(yield func(Submission) bool) {
		now := now.UTC().Round(0)
		past, held := w.history(now)
		for _, s := range past {
			if !yield(s) {
				return
			}
		}
		n := 0
		for s := range w.growth(held, func() time.Time { n++; return now.Add(pace * time.Duration(n)) }) {
			if !yield(s) {
				return
			}
		}
	}
}

// A holding is the certificate that a mark has now, under some of its domains.
type holding struct {
	org     *Organisation
	mark    *Mark
	domains []string
	issued  int // how many it had
	end     time.Time
}

// holdings are those of an organisation, before their first certificates.
func (o *Organisation) holdings() []*holding {
	var out []*holding
	for i := range o.Marks {
		m := &o.Marks[i]
		if !m.Apart {
			out = append(out, &holding{org: o, mark: m, domains: m.Domains})
			continue
		}
		for _, d := range m.Domains {
			out = append(out, &holding{org: o, mark: m, domains: []string{d}})
		}
	}
	return out
}

// history is all up to now in order of time, and who holds certificates now.
func (w *World) history(now time.Time) ([]Submission, []*holding) {
	midnight := now.UTC().Truncate(24 * time.Hour)
	var past []Submission
	var held []*holding
	for i := range w.Organisations {
		o := &w.Organisations[i]
		r := w.random("history of " + o.Key)
		for _, h := range o.holdings() {
			if h.mark.Since <= 0 {
				continue
			}
			past = append(past, w.past(h, midnight, r)...)
			if h.mark.Until == 0 {
				held = append(held, h)
			}
		}
	}
	past = append(past, w.oddities(midnight)...)
	slices.SortStableFunc(past, func(a, b Submission) int { return a.At.Compare(b.At) })
	return past, held
}

// past is one holding's certificates up to now: each is renewed in the month
// before it expires, and now and then re-issued halfway.
func (w *World) past(h *holding, midnight time.Time, r *rand.Rand) []Submission {
	var out []Submission
	for age := h.mark.Since; age > h.mark.Until && age > 0; {
		at := officeHours(midnight, age, r)
		out = append(out, w.renewal(h, at, age))
		days := int(h.end.Sub(at).Hours() / 24)
		if half := age - days/4 - r.IntN(days/2); r.IntN(9) == 0 && half > max(0, h.mark.Until) {
			out = append(out, w.reissue(h, officeHours(midnight, half, r), half))
		}
		age -= days - 3 - r.IntN(28)
	}
	return out
}

// officeHours is a moment of the working day so many days ago.
func officeHours(midnight time.Time, age int, r *rand.Rand) time.Time {
	return midnight.AddDate(0, 0, -age).Add(7*time.Hour + time.Duration(r.IntN(11*3600))*time.Second)
}

// renewal gives a holding a new certificate of full length.
func (w *World) renewal(h *holding, at time.Time, age int) Submission {
	start, end := w.issuer(h.mark.Issuer, age).validity(at)
	h.end = end
	return w.submission(h, at, start, age)
}

// reissue gives a holding another certificate that ends when the one before would have.
func (w *World) reissue(h *holding, at time.Time, age int) Submission {
	start, _ := w.issuer(h.mark.Issuer, age).validity(at)
	return w.submission(h, at, start, age)
}

// submission is a holding's next certificate.
func (w *World) submission(h *holding, at, start time.Time, age int) Submission {
	i := w.issuer(h.mark.Issuer, age)
	spec := w.spec(h, i, age)
	spec.NotBefore, spec.NotAfter, spec.Nonce = start, h.end, uint64(h.issued)
	h.issued++
	s := Submission{At: at, Kind: KindPair, Issuer: i.Name, Organisation: h.org.Key, Spec: spec}
	switch lot := w.random(h.org.Key + at.String()).IntN(40); {
	case h.mark.Spelling.PreOnly || lot == 0:
		s.Kind = KindPrecertificate
	case lot == 1:
		s.Kind = KindCertificate
	}
	return s
}

// growth yields what comes after now, without end: newcomers one after the other
// between renewals and re-issues of what is held, and TLS certificates now and then.
// Each call of at gives the time of one submission.
func (w *World) growth(held []*holding, at func() time.Time) iter.Seq[Submission] {
	return func(yield func(Submission) bool) {
		slices.SortStableFunc(held, func(a, b *holding) int { return a.end.Compare(b.end) })
		fresh := w.newcomers()
		for n, turn := 0, 0; ; n++ {
			var s Submission
			switch t := at(); {
			case n%7 == 6:
				s = w.tls(t, n)
			case n%2 == 0 && len(fresh) > 0:
				s = w.renewal(fresh[0], t, 0)
				held, fresh = append(held, fresh[0]), fresh[1:]
			default:
				s = w.upkeep(held[turn%len(held)], t)
				turn++
			}
			if !yield(s) {
				return
			}
		}
	}
}

// upkeep renews what expires within six weeks and re-issues what doesn't.
func (w *World) upkeep(h *holding, at time.Time) Submission {
	if h.end.Sub(at) < 42*24*time.Hour {
		return w.renewal(h, at, 0)
	}
	return w.reissue(h, at, 0)
}

// newcomers are the holdings that first appear while the log grows, in their order.
func (w *World) newcomers() []*holding {
	var out []*holding
	for i := range w.Organisations {
		for _, h := range w.Organisations[i].holdings() {
			if h.mark.Since <= 0 {
				out = append(out, h)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *holding) int { return b.mark.Since - a.mark.Since })
	return out
}
