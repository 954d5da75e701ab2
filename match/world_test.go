package match_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/demo"
	"markwatch/match"
	"markwatch/match/logo"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// issuanceOf is what the store would say of a certificate.
func issuanceOf(m *parse.MarkCertificate, logged time.Time) match.Issuance {
	i := match.Issuance{
		TBSSHA256: hex.EncodeToString(m.TBSSHA256[:]), OrganisationKey: m.Organisation.Key(), MarkKey: m.MarkKey(), Party: organisation.Of(m.Organisation),
		Class: m.Class.String(), MarkType: m.MarkType, Issuer: m.Issuer.First("organizationName"), NotBefore: m.NotBefore, FirstLogged: logged, Test: m.Test,
	}
	for _, san := range m.SANs {
		if san.Domain != "" && !slices.Contains(i.Domains, san.Domain) {
			i.Domains = append(i.Domains, san.Domain)
		}
	}
	if t := m.Trademark; t != nil {
		i.Register, i.Number, i.RegisterURL = t.Register, t.Number, t.RecordURL
	}
	if m.Logo != nil && m.Logo.SVG != nil {
		i.Logo = hex.EncodeToString(m.Logo.SVGSHA256[:])
	}
	return i
}

// population is issuances and their logos.
type population struct {
	issuances []match.Issuance
	logos     []match.Logo
	svg       map[string][]byte
}

// add takes over a certificate, unless its issuance is there.
func (p *population) add(m *parse.MarkCertificate, logged time.Time) error {
	i := issuanceOf(m, logged)
	if slices.ContainsFunc(p.issuances, func(o match.Issuance) bool { return o.TBSSHA256 == i.TBSSHA256 }) {
		return nil
	}
	p.issuances = append(p.issuances, i)
	if i.Logo == "" || p.svg[i.Logo] != nil {
		return nil
	}
	p.svg[i.Logo] = m.Logo.SVG
	picture, err := logo.Decode(m.Logo.SVG)
	if err != nil {
		return fmt.Errorf("the logo of %s: %w", m.Organisation.Name, err)
	}
	d, err := logo.Describe(picture.Image)
	p.logos = append(p.logos, match.Logo{SHA256: i.Logo, Descriptor: d})
	if plain := (*logo.PlainError)(nil); err != nil && !errors.As(err, &plain) {
		return fmt.Errorf("the logo of %s: %w", m.Organisation.Name, err)
	}
	return nil
}

// invented is the demo's world, read once.
var invented = sync.OnceValue(func() *population {
	p := &population{svg: map[string][]byte{}}
	now := time.Date(2031, 5, 14, 15, 4, 5, 0, time.UTC)
	l, _, err := demo.NewWorld(1).Log(context.Background(), demo.LogOptions{Now: now, Once: true})
	if err != nil {
		panic(err)
	}
	for start := 0; uint64(start) < l.Size(); {
		resp, err := l.Client().Get(fmt.Sprintf("https://larkspur.example/ct/v1/get-entries?start=%d&end=%d", start, l.Size()-1))
		if err != nil {
			panic(err)
		}
		var body struct {
			Entries []struct {
				LeafInput []byte `json:"leaf_input"`
				ExtraData []byte `json:"extra_data"`
			}
		}
		err = json.NewDecoder(resp.Body).Decode(&body)
		resp.Body.Close()
		if err != nil || len(body.Entries) == 0 {
			panic(fmt.Sprint("reading the demo's log: ", err))
		}
		for _, e := range body.Entries {
			if entry, err := parse.Leaf(e.LeafInput, e.ExtraData); err == nil {
				if err := p.add(entry.Mark, entry.Timestamp); err != nil {
					panic(err)
				}
			}
		}
		start += len(body.Entries)
	}
	return p
})

// ledger is the hits that a matcher has told.
type ledger map[string]match.Hit

func (l ledger) apply(t testing.TB, c match.Changes) {
	t.Helper()
	for _, h := range c.Hits {
		l[h.ID] = h
	}
	for _, id := range c.Withdrawn {
		if _, known := l[id]; !known {
			t.Errorf("hit %s is withdrawn and never was", id)
		}
		delete(l, id)
	}
}

func (l ledger) lines() []string {
	var all []string
	for _, h := range l {
		all = append(all, fmt.Sprintf("%s %s %.4f %s", h.ID[:8], h.Severity, h.Score, h.Reason))
	}
	slices.Sort(all)
	return all
}

// TestInventedWorld guards that each rule is found where the world shows it, and
// that nothing else is.
func TestInventedWorld(t *testing.T) {
	p, world := invented(), demo.NewWorld(1)
	m, hits := match.New(), ledger{}
	m.AddLogos(p.logos)
	hits.apply(t, m.Add(p.issuances))
	expected := map[string]bool{}
	for _, want := range world.Impersonations {
		victim, _ := world.Organisation(want.Victim)
		impostor, _ := world.Organisation(want.Organisation)
		expected[impostor.Name+" "+victim.Name+" "+string(want.Rule)] = true
		found := false
		for _, h := range hits {
			found = found || h.Organisation == impostor.Name && h.OtherOrganisation == victim.Name && string(h.Rule) == string(want.Rule)
		}
		if !found {
			t.Errorf("not found: %s by %s: %s", want.Rule, impostor.Name, want.Why)
		}
	}
	for _, h := range hits {
		if !expected[h.Organisation+" "+h.OtherOrganisation+" "+string(h.Rule)] {
			t.Errorf("a false hit (%s, %s): %s", h.Rule, h.Severity, h.Reason)
		}
		if h.OtherTBSSHA256 == "" || len(h.OtherDomains) == 0 || h.FirstSeen.IsZero() || h.Score <= 0 {
			t.Errorf("a hit lacks something: %+v", h)
		}
	}
}

// TestOrderOfArrival guards that hits depend on what is known, and not on when
// it came: logs are read side by side.
func TestOrderOfArrival(t *testing.T) {
	p := invented()
	want := ledger{}
	m := match.New()
	m.AddLogos(p.logos)
	want.apply(t, m.Add(p.issuances))
	if len(want) == 0 {
		t.Fatal("there are no hits to compare")
	}
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 1))
		issuances := slices.Clone(p.issuances)
		r.Shuffle(len(issuances), func(i, j int) { issuances[i], issuances[j] = issuances[j], issuances[i] })
		m, hits := match.New(), ledger{}
		for len(issuances) > 0 {
			n := min(1+r.IntN(20), len(issuances))
			for _, i := range issuances[:n] {
				for _, l := range p.logos {
					if l.SHA256 == i.Logo && !m.HasLogo(i.Logo) {
						m.AddLogos([]match.Logo{l})
					}
				}
			}
			hits.apply(t, m.Add(issuances[:n]))
			hits.apply(t, m.Add(issuances[:n])) // a batch may be repeated
			issuances = issuances[n:]
		}
		if diff := cmp.Diff(want.lines(), hits.lines()); diff != "" {
			t.Errorf("seed %d: in another order (-in order +shuffled):\n%s", seed, diff)
		}
	}
}

// TestRestore guards that a matcher goes on where another ended, and mends what
// that one left.
func TestRestore(t *testing.T) {
	p := invented()
	m, hits := match.New(), ledger{}
	similar := m.AddLogos(p.logos)
	hits.apply(t, m.Add(p.issuances))
	if len(similar) == 0 {
		t.Fatal("no logos resemble each other")
	}
	restored := func(stored []match.Hit) match.Changes {
		again := match.New()
		again.RestoreLogos(p.logos, similar)
		return again.Restore(match.State{Issuances: slices.Clone(p.issuances), Hits: stored})
	}
	var stored []match.Hit
	for _, h := range hits {
		stored = append(stored, h)
	}
	if c := restored(stored); len(c.Hits)+len(c.Withdrawn) > 0 {
		t.Errorf("nothing is new, and %d hits are, %d withdrawn", len(c.Hits), len(c.Withdrawn))
	}
	stale := stored[0]
	stale.ID = strings.Repeat("0", 64)
	c := restored(append(slices.Clone(stored[1:]), stale))
	if len(c.Hits) != 1 || c.Hits[0].ID != stored[0].ID || !slices.Equal(c.Withdrawn, []string{stale.ID}) {
		t.Errorf("one hit is missing and one too many: got %d hits, withdrawn %v", len(c.Hits), c.Withdrawn)
	}
}

// TestRealCertificates guards that none of the real certificates, of honest
// organisations, is suspected.
func TestRealCertificates(t *testing.T) {
	dir := "../../shared/fixtures/leafs"
	files, err := filepath.Glob(dir + "/*.pem")
	if err != nil || len(files) == 0 {
		t.Skipf("the real certificates are not there: %s", dir)
	}
	p := &population{svg: map[string][]byte{}}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for document, err := range parse.Documents(bytes.NewReader(text)) {
			if err != nil || document.Err != nil {
				t.Fatalf("%s: %v, %v", file, err, document.Err)
			}
			if err := p.add(document.Mark, document.Mark.NotBefore); err != nil {
				t.Error(err)
			}
		}
	}
	m := match.New()
	m.AddLogos(p.logos)
	for _, h := range m.Add(p.issuances).Hits {
		t.Errorf("a hit on a real certificate (%s, %s): %s", h.Rule, h.Severity, h.Reason)
	}
}
