package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"markwatch/internal/alert/notice"
	"markwatch/match"
)

// kinds are all kinds of messages.
func kinds() []notice.Kind {
	return []notice.Kind{notice.KindHit, notice.KindDigest, notice.KindStorm, notice.KindAlarm, notice.KindSummary, notice.KindTest}
}

// renderer is one with the built-in templates.
func renderer(t testing.TB) *notice.Renderer {
	t.Helper()
	r, err := notice.NewRenderer("")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// many is a digest or a storm of so many hits, of which it holds forty.
func many(kind notice.Kind, total int) *notice.Message {
	m := notice.Sample(kind)
	first := m.Hits[0]
	m.Hits, m.Total = nil, total
	severities := []match.Severity{match.Critical, match.High, match.High, match.Medium, match.Low}
	for i := range 40 {
		h := first
		h.ID = strings.Repeat(string("0123456789abcdef"[i%16]), 63) + string("0123456789abcdef"[i/16])
		h.Severity = severities[i*5/40]
		h.Organisation = []string{"Sunrise Trading Ltd", "Blå Bølge A/S", "株式会社みさぶ"}[i%3]
		h.Sentence = notice.Sentence(h)
		m.Hits = append(m.Hits, h)
	}
	m.Counts = map[match.Severity]int{match.Critical: 8, match.High: 16, match.Medium: 8, match.Low: total - 32}
	return m
}

// forms are all forms of a message that are texts, by name.
func forms(t testing.TB, r *notice.Renderer, m *notice.Message) map[string]string {
	t.Helper()
	all := map[string]string{}
	put := func(name, text string, err error) {
		if err != nil {
			t.Errorf("%s of a %s message: %v", name, m.Kind, err)
		}
		all[name] = text
	}
	subject, err := r.Subject(m)
	put("subject", subject, err)
	text, err := r.Text(m)
	put("text", text, err)
	html, err := r.HTML(m, func(sha string) string { return sha[:min(8, len(sha))] + "@markwatch.example" })
	put("html", html, err)
	page, err := r.Page(m)
	put("page", page, err)
	json, err := notice.JSON(m)
	put("json", string(json), err)
	misp, err := notice.MISP(m)
	put("misp", string(misp), err)
	stix, err := notice.STIX(m)
	put("stix", string(stix), err)
	feed, err := notice.Feed("https://markwatch.example/feeds/s3cret", "misavu", m.At, []notice.Message{*m})
	put("feed", string(feed), err)
	title, body := notice.Chat(m)
	put("chat", title+"\n"+body, nil)
	for _, record := range notice.Syslog(m) {
		all["syslog"] += record.String() + "\n"
	}
	return all
}

// TestForms guards that every kind of message has its say in every form.
func TestForms(t *testing.T) {
	say := map[notice.Kind]map[string]string{
		notice.KindHit:     {"": "Sunrise Trading Ltd", "subject": "High: Sunrise Trading Ltd (GB), logo like Misavu, Inc.'s", "text": "the domain\nholds the brand 'misavu' with '-secure'."},
		notice.KindDigest:  {"subject": "Misavu, Inc.: Weekly digest: 1 hit (1 high)", "text": "2026-02-26 to 2026-03-05", "chat": "All of them:\nhttps://markwatch.example/hits"},
		notice.KindStorm:   {"subject": "Misavu, Inc.: Many at once: 1 hit (1 high)", "text": "None is left out", "html": "None is left out", "chat": "None is left out", "feed": "None is left out"},
		notice.KindAlarm:   {"": "gorgon", "subject": "markwatch: Alarm: gorgon: it contradicts what it signed", "text": "Show the evidence file", "syslog": `log="gorgon"`},
		notice.KindSummary: {"": "gorgon", "subject": "markwatch: still watching, 171 certificates, 2 open hits", "text": "5 (1 high, 4 low)", "html": "41 items in 3 lists"},
		notice.KindTest:    {"": "orks", "subject": "markwatch: test, this channel works", "text": "This is a test by markwatch.", "syslog": "This channel works"},
	}
	r := renderer(t)
	for _, kind := range kinds() {
		t.Run(string(kind), func(t *testing.T) {
			all := forms(t, r, notice.Sample(kind))
			for name, text := range all {
				if text == "" {
					t.Errorf("%s is empty", name)
				}
				want, special := say[kind][name]
				if !special {
					want = say[kind][""]
				}
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q:\n%s", name, want, text)
				}
			}
		})
	}
}

// TestWho guards that a subject says whose hit it is, to one who has thirty clients.
func TestWho(t *testing.T) {
	r := renderer(t)
	for want, change := range map[string]func(*notice.Message){
		"Misavu, Inc.: High: Sunrise":  func(*notice.Message) {},
		"misavu: High: Sunrise":        func(m *notice.Message) { m.Client = "" },
		"High: Sunrise Trading Ltd":    func(m *notice.Message) { m.Client, m.List = "", "" },
		"Misavu, Inc.: Weekly digest:": func(m *notice.Message) { m.Kind, m.Rhythm = notice.KindDigest, "weekly" },
	} {
		m := notice.Sample(notice.KindHit)
		change(m)
		title, _ := notice.Chat(m)
		subject, err := r.Subject(m)
		if err != nil || !strings.HasPrefix(subject, want) || !strings.HasPrefix(title, want) {
			t.Errorf("subject %q, title %q, %v; want %q", subject, title, err, want)
		}
	}
}

// TestDeterministic guards that a message reads the same however often it is sent.
func TestDeterministic(t *testing.T) {
	r := renderer(t)
	for _, kind := range kinds() {
		if diff := cmp.Diff(forms(t, r, notice.Sample(kind)), forms(t, r, notice.Sample(kind))); diff != "" {
			t.Errorf("%s twice: %s", kind, diff)
		}
	}
}

// TestText guards the width of the plain text, and that no hit is dropped in silence.
func TestText(t *testing.T) {
	r := renderer(t)
	messages := []*notice.Message{many(notice.KindDigest, 260), many(notice.KindStorm, 1200)}
	for _, kind := range kinds() {
		messages = append(messages, notice.Sample(kind))
	}
	for _, m := range messages {
		text, err := r.Text(m)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSuffix(line, "\n"); runewidth.StringWidth(line) > 72 && !strings.Contains(line, "://") {
				t.Errorf("%s: wider than 72 columns: %q", m.Kind, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("%s: blanks at the end of %q", m.Kind, line)
			}
		}
		if strings.Contains(text, "\n\n\n") {
			t.Errorf("%s has two empty lines:\n%s", m.Kind, text)
		}
	}
	text, err := r.Text(messages[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Critical, 8", "High, 16", "and 7 more of medium severity", "and 228 more of low severity", "235 more are not shown here. All of them:\n  https://markwatch.example/hits"} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest does not say %q:\n%s", want, text)
		}
	}
}

// TestSentence guards how a hit reads.
func TestSentence(t *testing.T) {
	base := func() notice.Hit {
		return notice.Hit{
			Hit:     match.Hit{Organisation: "Sunrise Trading Ltd", Domains: []string{"misavu-secure.com"}},
			Country: "GB", Class: "CMC", MarkType: "Prior Use Mark", Issuer: "DigiCert", From: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC),
		}
	}
	const lead = "Sunrise Trading Ltd (GB) got a CMC (Prior Use Mark) from DigiCert on 2026-03-04 for misavu-secure.com."
	const because = " Its logo is at distance 3 of 64 from Misavu, Inc.'s registered mark US 5,123,456, recoloured; the domain holds the brand 'misavu' with '-secure'."
	for name, test := range map[string]struct {
		change func(*notice.Hit)
		want   string
	}{
		"from facts": {func(h *notice.Hit) {
			h.Reason = "Its logo is at distance 3 of 64 from Misavu, Inc.'s registered mark US 5123456, recoloured; the domain holds the brand 'misavu' with '-secure'."
		}, lead + because},
		"not twice": {func(h *notice.Hit) { h.Reason = lead + because }, lead + because},
		"by the matcher": {func(h *notice.Hit) {
			distance := 3
			h.Evidence = match.Evidence{LogoDistance: &distance, Agreement: "the figure, similar to the other's outline, mirrored, recoloured (3 of 64 bits differ); a similar outline (5)"}
			h.Reason = lead + " Its logo resembles that of Misavu, Inc.'s registered mark US 5123456 (strong, score 0.93, distance 3 of 64): " + h.Evidence.Agreement + "."
		}, lead + " Its logo is at distance 3 of 64 from Misavu, Inc.'s registered mark US 5,123,456, mirrored, recoloured."},
		"watched logo": {func(h *notice.Hit) {
			distance := 11
			h.Evidence = match.Evidence{LogoDistance: &distance, Agreement: "a similar figure (11 of 64 bits differ)"}
			h.Reason = lead + " Its logo resembles that of the watched logo wave.svg (match, score 0.58, distance 11 of 64): a similar figure (11 of 64 bits differ). Watched by misavu."
		}, lead + " Its logo is at distance 11 of 64 from the watched logo wave.svg. Watched by misavu."},
		"a name with a full stop": {func(h *notice.Hit) {
			distance := 2
			h.Evidence = match.Evidence{LogoDistance: &distance, Agreement: "nearly the same figure (2 of 64 bits differ)"}
			h.Reason = lead + " Its logo resembles that of the watched logo of Misavu, Inc. (strong, score 0.98, distance 2 of 64): nearly the same figure (2 of 64 bits differ). Watched by misavu."
		}, lead + " Its logo is at distance 2 of 64 from the watched logo of Misavu, Inc. Watched by misavu."},
		"without a reason": {func(*notice.Hit) {}, lead},
		"another lead": {func(h *notice.Hit) {
			h.Reason = "Sunrise Trading Ltd (GB) got a CMC (Prior Use Mark) from DigiCert, Inc. on 2026-03-04 for a.example, b.example and 2 more. It names the watched registration US 88123456."
		}, lead + " It names the watched registration US 88/123,456."},
		"many domains": {func(h *notice.Hit) {
			h.Domains = []string{"a.example", "b.example", "c.example", "d.example", "e.example", "f.example", "g.example", "h.example", "i.example", "j.example"}
		}, "Sunrise Trading Ltd (GB) got a CMC (Prior Use Mark) from DigiCert on 2026-03-04 for a.example, b.example, c.example and 7 more."},
		"letters of another script": {func(h *notice.Hit) { h.Domains = []string{"xn--pple-43d.com"} },
			"Sunrise Trading Ltd (GB) got a CMC (Prior Use Mark) from DigiCert on 2026-03-04 for аpple.com (xn--pple-43d.com)."},
		"nothing known": {func(h *notice.Hit) { *h = notice.Hit{} }, "An organisation without a name got a mark certificate."},
		"a name like a lead": {func(h *notice.Hit) {
			h.Organisation = "Acme got a VMC on 2020-01-01. Harmless Ltd"
			h.Reason = h.Organisation + " (GB) got a CMC (Prior Use Mark) from DigiCert on 2026-03-04 for misavu-secure.com. Its logo is a copy."
		}, "Acme got a VMC on 2020-01-01. Harmless Ltd (GB) got a CMC (Prior Use Mark) from DigiCert on 2026-03-04 for misavu-secure.com. Its logo is a copy."},
	} {
		t.Run(name, func(t *testing.T) {
			h := base()
			test.change(&h)
			if diff := cmp.Diff(test.want, notice.Sentence(h)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLogos guards that a mail holds each picture that its HTML shows, and no other.
func TestLogos(t *testing.T) {
	r := renderer(t)
	for _, m := range []*notice.Message{notice.Sample(notice.KindHit), many(notice.KindDigest, 100), notice.Sample(notice.KindTest)} {
		asked := map[string]bool{}
		html, err := r.HTML(m, func(sha string) string { asked[sha] = true; return "cid:" + sha })
		if err != nil {
			t.Fatal(err)
		}
		held := map[string]bool{}
		for _, l := range m.Logos() {
			held[l.SHA256] = true
			if !strings.Contains(html, `src="cid:`+l.SHA256+`"`) {
				t.Errorf("%s: %s is held and not shown", m.Kind, l.SHA256)
			}
		}
		if diff := cmp.Diff(asked, held); diff != "" {
			t.Errorf("%s: asked and held: %s", m.Kind, diff)
		}
	}
	m := notice.Sample(notice.KindHit)
	m.Hits[0].Logo.PNG = []byte("GIF89a")
	if page, err := r.Page(m); err != nil || !strings.Contains(page, "no logo") || len(m.Logos()) != 1 {
		t.Errorf("a picture that is no PNG is shown: %v", err)
	}
}

// TestMailSize guards that mailboxes don't clip a digest: they do at 100 KB.
func TestMailSize(t *testing.T) {
	html, err := renderer(t).HTML(many(notice.KindDigest, 10_000), func(sha string) string { return sha })
	if err != nil {
		t.Fatal(err)
	}
	if len(html) > 90_000 {
		t.Errorf("the HTML of a digest has %d bytes", len(html))
	}
}
