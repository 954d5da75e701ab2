package domain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"markwatch/match/domain"
)

// FuzzParse guards that any text becomes a name that is valid UTF-8, bounded, and parses to itself.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", ".", "*.", "a", "example.com", "EXAMPLE.co.uk.", "https://user@www.example.com:8443/path?q#f", "someone@example.com", "mühlenquast.de", "xn--mhlenquast-9db.de",
		"xn--.com", "xn--a-.com", "foo_bar.example", "192.0.2.1", "[2001:db8::1]:443", "a..b", "default._bimi.example.com", "example。com", "github.io", "co.uk",
		"\xff\xfe.com", "сlairvesque.fr", strings.Repeat("a", 300) + ".com", strings.Repeat("a.", 200) + "com", "ﬁ.ß.com",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := domain.Parse(s)
		for _, part := range append([]string{n.Raw, n.ASCII, n.Unicode, n.Registrable, n.Label, n.Suffix}, n.Sub...) {
			if !utf8.ValidString(part) {
				t.Errorf("%q: %q isn't UTF-8", s, part)
			}
		}
		if len(n.Raw) > 4096 || n.ASCII == "" && n.Problem == "" {
			t.Errorf("%q: %d bytes kept, %q, %q", s, len(n.Raw), n.ASCII, n.Problem)
		}
		if n.Problem == "" {
			again := domain.Parse(n.ASCII)
			again.Raw = n.Raw
			if diff := cmp.Diff(n, again); diff != "" {
				t.Errorf("%q: parsed again as A-labels (+):\n%s", s, diff)
			}
		}
	})
}

// FuzzMatch guards that no pair of names makes a panic, that each verdict is whole, and that an
// index of one name finds what Compare finds, from either side.
func FuzzMatch(f *testing.F) {
	for _, pair := range [][2]string{
		{"orlaverne.fr", "orlaverne.shop"}, {"clairvesque.fr", "сlairvesque.fr"}, {"gullivance.co.uk", "gulivance-login.com"}, {"a.b", "a.b"}, {"ikea.com", "ікеа.com"},
		{"mühlenquast.de", "muehlenquast.com"}, {"felsenrath.de", "felsenrath.de.example.net"}, {"felsenrath.de", "fel.senrath.com"}, {"foo-bar-baz.com", "x.foo-bar-baz-com.y.net"},
		{"brassex.com", "brassexes.com"}, {"mmmmmm.com", "nnrnrrnnnnrn.com"}, {"ニトリ.jp", "二トリ.jp"}, {"xn--.com", "xn--a.com"}, {"192.0.2.1", "192.0.2.1"},
		{"example.com", "secure-login-example-com-verify-now-a-b-c-d-e-f-g-h.example.net"}, {"___.com", "---.com"}, {"a..b.com", "b.com"}, {"com", "com.com"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, watched, candidate string) {
		w, n := domain.Parse(watched), domain.Parse(candidate)
		m, ok := domain.Compare(w, n)
		if ok && (m.Rule == "" || m.Kind == "" || m.Reason == "" || m.Closeness <= 0 || m.Closeness > 1) {
			t.Errorf("%q and %q: the verdict lacks something: %+v", watched, candidate, m)
		}
		x := domain.NewIndex()
		x.Add(7, w)
		matches := x.Match(n)
		if ok != (len(matches) == 1) {
			t.Fatalf("%q and %q: compared %t (%s), %d by the index", watched, candidate, ok, m.Rule, len(matches))
		}
		y := domain.NewIndex()
		y.Add(7, n)
		if behind := y.Imitators(w); ok != (len(behind) == 1) {
			t.Fatalf("%q and %q: compared %t (%s), %d from the other side", watched, candidate, ok, m.Rule, len(behind))
		}
		if ok {
			m.ID = 7
			if diff := cmp.Diff(m, matches[0]); diff != "" {
				t.Errorf("%q and %q: compared (-), by the index (+):\n%s", watched, candidate, diff)
			}
		}
	})
}
