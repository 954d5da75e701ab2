package match

import (
	"slices"

	"markwatch/match/domain"
	"markwatch/match/logo"
	"markwatch/match/organisation"
)

// standing are the hits between two parties, of either.
func (m *Matcher) standing(p, q *party) []Hit {
	if related(p, q) {
		return nil
	}
	b := &confrontation{matcher: m, hits: hitSet{}}
	b.registrations(p, q)
	if !sharesRegistration(p, q) { // then that says it all: a licence, or a claim to another's mark
		b.logos(p, q)
		b.domains(p, q)
		b.names(p, q)
	}
	return b.hits.list()
}

// confrontation collects the hits between two parties.
type confrontation struct {
	matcher *Matcher
	hits    hitSet
}

// The standing rules hold every logo against every other: among 10,000 logos
// that is 50 million pairs, of which a verdict that is wrong once in 100,000
// would suspect five hundred. They ask for more than a verdict on one pair; a
// mark for which no register was asked is met with less trust.
const (
	standingScore     = 0.9
	unregisteredScore = logo.StrongThreshold
)

// A resemblance is what two uses have in common.
type resemblance struct {
	onlyUnregistered   bool // too little to suspect a registered mark
	rule, unregistered Rule // unregistered is the rule where no register was asked for the suspect's mark
	severity           Severity
	score              float64
	evidence           Evidence // as seen from the suspect
	words              func(suspect, other *Issuance) string
}

// registrations are hits on one registration under both.
func (b *confrontation) registrations(p, q *party) {
	for f, u := range p.uses {
		v := q.uses[f]
		if f.kind != numberFeature || v == nil {
			continue
		}
		b.confront(u, v, func(_, other *Issuance) resemblance {
			return resemblance{
				rule: RuleTrademark, unregistered: RuleTrademark, severity: Medium, score: 1,
				evidence: Evidence{Registration: f.name, RegisterURL: other.RegisterURL}, words: sharedRegistration,
			}
		})
	}
}

// logos are hits on logos of the two that are the same or alike.
func (b *confrontation) logos(p, q *party) {
	for f, u := range p.uses {
		if f.kind != logoFeature {
			continue
		}
		if v := q.uses[f]; v != nil {
			b.logo(u, v, copied(f.name))
		}
		for _, pair := range b.matcher.similar[f.name] {
			if v := q.uses[feature{logoFeature, pair.beside(f.name)}]; v != nil {
				b.logo(u, v, pair)
			}
		}
	}
}

// verdictCopied is the verdict on two logos that are one file.
const verdictCopied = "copied"

// copied is a logo beside itself.
func copied(sha256 string) SimilarLogos {
	return SimilarLogos{First: sha256, Second: sha256, Score: 1, Verdict: verdictCopied, Reason: "the same file", Reverse: "the same file"}
}

func (b *confrontation) logo(u, v *use, pair SimilarLogos) {
	if pair.Score < unregisteredScore {
		return
	}
	severity := Medium
	if pair.Verdict != logo.Match.String() {
		severity = High
	}
	b.confront(u, v, func(suspect, other *Issuance) resemblance {
		return resemblance{
			rule: RuleLogo, unregistered: RulePriorUseLogo, severity: severity, score: pair.Score, onlyUnregistered: pair.Score < standingScore,
			evidence: pair.evidence(suspect.Logo, other.Logo), words: func(_, other *Issuance) string {
				return likeLogo(pair, suspect.Logo, possessive(other)+" "+markWords(other))
			},
		}
	})
}

// evidence is what the pair says of these two of its logos.
func (s *SimilarLogos) evidence(own, other string) Evidence {
	distance := s.Distance
	return Evidence{Logo: own, OtherLogo: other, Verdict: s.Verdict, LogoScore: s.Score, LogoDistance: &distance, Agreement: s.seen(own)}
}

// domains are hits on domains of one that imitate those of the other.
func (b *confrontation) domains(p, q *party) {
	for f, u := range p.uses {
		if f.kind != domainFeature {
			continue
		}
		for _, l := range b.matcher.alike[f.name] {
			v := q.uses[feature{domainFeature, l.other}]
			switch {
			case v == nil:
			case l.both:
				b.confront(u, v, func(suspect, _ *Issuance) resemblance { return b.domain(l.match, suspect) })
			case l.from:
				b.accuse(u, v, b.domain(l.match, u.first()))
			default:
				b.accuse(v, u, b.domain(l.match, v.first()))
			}
		}
	}
}

// domain is the resemblance of a suspect's domain. A match that holds either
// way says in words who imitates whom; that is turned to fit.
func (b *confrontation) domain(match domain.Match, suspect *Issuance) resemblance {
	if !has(suspect, match.Domain) {
		if turned, ok := domain.Compare(domain.Parse(match.Domain), domain.Parse(match.Watched)); ok {
			match = turned
		}
	}
	return resemblance{
		rule: Rule(match.Rule), unregistered: RulePriorUseDomain, severity: domainSeverity(match), score: match.Closeness,
		evidence: domainEvidence(match),
		words:    func(_, other *Issuance) string { return likeDomain(match, possessive(other)) },
	}
}

// names are hits on a name like the other's.
func (b *confrontation) names(p, q *party) {
	c, ok := b.matcher.namesakes[p][q]
	twoNumbers := p.number() != "" && q.number() != "" && !c.NumbersAgree
	if !ok || c.Relation != organisation.Similar || !c.NumbersDiffer && !twoNumbers {
		return // without numbers there is nothing to tell a spelling from an impostor
	}
	b.confront(p.whole(), q.whole(), func(suspect, other *Issuance) resemblance {
		c := organisation.Compare(suspect.Party, other.Party, b.matcher.weights) // as these certificates write the names
		return resemblance{
			rule: RuleOrganisation, unregistered: RuleOrganisation, severity: nameSeverity(suspect, other), score: c.Score,
			evidence: Evidence{Closeness: c.Score, NumbersDiffer: true},
			words:    func(_, other *Issuance) string { return likeName(c, other) },
		}
	})
}

// confront makes hits of what two uses have in common, on those issuances of
// either that are the suspect ones: whose party came later, or for whose mark no
// register was asked while the other's is registered.
func (b *confrontation) confront(u, v *use, r func(suspect, other *Issuance) resemblance) {
	later := earlier(u.first(), v.first()) > 0 // u came later than v
	b.side(u, v, later, r)
	b.side(v, u, !later, r)
}

// side makes the hits on the issuances of one side.
func (b *confrontation) side(suspects, theirs *use, later bool, r func(suspect, other *Issuance) resemblance) {
	if !b.matcher.amongEldest(theirs) {
		return
	}
	protected := theirs.registered() != nil
	owner := suspects.by.whole().registered() // whose marks a register knew before theirs is no newcomer
	settled := protected && owner != nil && earlier(owner, theirs.registered()) < 0
	for _, i := range suspects.issuances {
		bold := i.unregistered() && protected && !settled
		shielded := i.registered() && !protected
		if !bold && (!later || shielded) {
			continue
		}
		if found := r(i, theirs.reference()); bold || !found.onlyUnregistered {
			b.hit(i, theirs, found)
		}
	}
}

// amongEldest tells whether others' issuances are held against this use.
func (m *Matcher) amongEldest(u *use) bool {
	return u.of == (feature{}) || slices.Contains(m.users[u.of].eldest, u.by)
}

// accuse makes hits on all issuances of one side, whoever came first: what
// holds another's name and something added is the imitation.
func (b *confrontation) accuse(suspects, theirs *use, r resemblance) {
	if !b.matcher.amongEldest(theirs) {
		return
	}
	for _, i := range suspects.issuances {
		b.hit(i, theirs, r)
	}
}

// hit adds one hit.
func (b *confrontation) hit(i *Issuance, theirs *use, r resemblance) {
	other := theirs.by
	reference := *theirs.reference()
	reference.Party.Name = other.name()
	if b.matcher.items.allows(i, &reference) {
		return
	}
	rule, severity := r.rule, r.severity
	if i.unregistered() && theirs.registered() != nil {
		rule, severity = r.unregistered, severity.atLeast(Medium)
		if r.unregistered != r.rule && r.severity.rank() >= Medium.rank() {
			severity = High
		}
	}
	e := r.evidence
	e.Since, e.OtherSince = date(i.NotBefore), date(theirs.first().NotBefore)
	b.hits.add(Hit{
		ID: hitID(rule, other.key, i.TBSSHA256), Rule: rule, Severity: severity, TBSSHA256: i.TBSSHA256,
		Organisation: i.Party.Name, OrganisationKey: i.OrganisationKey, Domains: i.Domains,
		OtherTBSSHA256: reference.TBSSHA256, OtherOrganisation: reference.Party.Name, OtherOrganisationKey: other.key, OtherDomains: reference.Domains,
		Score: r.score, Reason: lead(i) + " " + r.words(i, &reference), Evidence: e, FirstSeen: i.FirstLogged,
		MarkKey: i.MarkKey, LogoSHA256: i.Logo, NotBefore: i.NotBefore,
	})
}

func domainEvidence(match domain.Match) Evidence {
	return Evidence{
		Domain: match.Domain, OtherDomain: match.Watched, DomainRule: string(match.Rule), DomainKind: match.Kind,
		Edits: match.Edits, Closeness: match.Closeness,
	}
}
