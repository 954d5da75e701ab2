package notice

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"

	"markwatch/match"
)

// Sample is an invented message of a kind, to look at templates with and to
// send as a test.
func Sample(kind Kind) *Message {
	at := time.Date(2026, 3, 5, 9, 30, 0, 0, time.UTC)
	m := &Message{
		ID: strings.Repeat("5a", 32), Kind: kind, At: at, Thread: "sample",
		Link: "https://markwatch.example/hits", Command: "markwatch alerts list",
	}
	switch kind {
	case KindHit, KindDigest, KindStorm:
		m.List, m.Client, m.Notes, m.Colour = "misavu", "Misavu, Inc.", "Word mark and wave.\nAsk the partner in charge before writing to anybody.", "#0b6e6e"
		m.Unsubscribe = "mailto:alerts@markwatch.example?subject=stop"
		m.Hits, m.Total = []Hit{sampleHit(at)}, 1
		m.Counts = map[match.Severity]int{match.High: 1}
	case KindAlarm:
		m.Alarm = &Alarm{
			Kind: "fork", Log: "gorgon", Since: at, Evidence: "evidence/gorgon-4096.json",
			Text: "The log signed two tree heads of 4,096 entries with different roots. Reading it has stopped.\nShow the evidence file to the log's operator.",
		}
	case KindSummary:
		m.Summary = &Summary{
			Logs:         []LogState{{Name: "gorgon", Size: 32_412, Read: 32_412, Verified: at, State: "read to the end"}},
			Certificates: 171, Lists: 3, Items: 41, Open: 2, Dead: 1,
		}
		m.Counts = map[match.Severity]int{match.High: 1, match.Low: 4}
	}
	if kind == KindDigest || kind == KindStorm || kind == KindSummary {
		m.From, m.To, m.Rhythm = at.AddDate(0, 0, -7), at, "weekly"
	}
	if kind == KindStorm {
		m.From, m.Rhythm = at.Add(-time.Hour), "at once"
	}
	return m
}

// sampleHit is a hit of the invented world.
func sampleHit(at time.Time) Hit {
	distance := 3
	h := Hit{
		Hit: match.Hit{
			ID: strings.Repeat("3f", 32), Rule: match.RulePriorUseLogo, Severity: match.High, List: "misavu", TBSSHA256: strings.Repeat("a7", 32),
			Organisation: "Sunrise Trading Ltd", OrganisationKey: "sunrise trading|GB|01234567", Domains: []string{"misavu-secure.com"},
			OtherOrganisation: "Misavu, Inc.", OtherOrganisationKey: "misavu|US|7654321", OtherDomains: []string{"misavu.com"},
			Score:  0.93,
			Reason: "Its logo is at distance 3 of 64 from Misavu, Inc.'s registered mark US 5123456, recoloured; the domain holds the brand 'misavu' with '-secure'.",
			Evidence: match.Evidence{
				Logo: strings.Repeat("1c", 32), OtherLogo: strings.Repeat("2d", 32), Verdict: "strong", LogoScore: 0.93, LogoDistance: &distance,
				Agreement: "nearly the same figure, recoloured", Domain: "misavu-secure.com", OtherDomain: "misavu.com", DomainRule: "combosquat",
				Registration: "US 5123456", RegisterURL: "https://register.example/marks/5123456", Since: "2026-03-04", OtherSince: "2023-01-09",
			},
			FirstSeen: at.Add(-12 * time.Hour),
		},
		Country: "GB", Class: "CMC", MarkType: "Prior Use Mark", Issuer: "Arbor Trust", Serial: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
		From: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 3, 4, 0, 0, 0, 0, time.UTC), FoundAt: at,
		Entries: []Entry{{Log: "gorgon", Index: 32_400, Timestamp: at.Add(-12 * time.Hour), URL: "https://log.example/ct/v1/get-entries?start=32400&end=32400"}},
		Logo:    &Logo{SHA256: strings.Repeat("1c", 32), PNG: samplePNG(color.RGBA{0xc2, 0x4d, 0x2c, 0xff}), Alt: "logo in the certificate of Sunrise Trading Ltd"},
		OtherLogo: &Logo{
			SHA256: strings.Repeat("2d", 32), PNG: samplePNG(color.RGBA{0x0b, 0x6e, 0x6e, 0xff}), Alt: "logo of Misavu, Inc., US 5,123,456",
		},
		State: "new", Assignee: "dana", Earlier: strings.Repeat("e1", 32), Changed: "the logo is another file",
		Link: "https://markwatch.example/hits/3f3f3f3f", Pack: "markwatch evidence 3f3f3f3f -o case.zip",
	}
	h.Sentence = Sentence(h)
	return h
}

// samplePNG draws a wave in a disc.
func samplePNG(ink color.RGBA) []byte {
	const side = 256
	m := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, ink})
	for y := range side {
		for x := range side {
			dx, dy := x-side/2, y-side/2
			wave := side/2 + bump(x) - y
			if dx*dx+dy*dy < 110*110 && (wave > 12 || wave < -12) {
				m.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil { // a buffer takes it
		return nil
	}
	return b.Bytes()
}

// bump is a wave of parabolas, 26 high, over 128 columns.
func bump(x int) int {
	phase := x % 128
	at := phase%64 - 32
	height := 1024 - at*at
	if phase >= 64 {
		height = -height
	}
	return height * 26 / 1024
}

// samples are messages on which templates are tried: of every kind, full and
// with nothing but what can't be absent.
func samples() []*Message {
	var all []*Message
	for _, kind := range []Kind{KindHit, KindDigest, KindStorm, KindAlarm, KindSummary, KindTest} {
		full := Sample(kind)
		bare := &Message{ID: full.ID, Kind: kind, At: full.At}
		for _, h := range full.Hits {
			bare.Hits = append(bare.Hits, Hit{Hit: match.Hit{ID: h.ID, Rule: "exact", Severity: match.Low}})
		}
		if full.Alarm != nil {
			bare.Alarm = &Alarm{Kind: "blind", Cleared: full.At}
		}
		if full.Summary != nil {
			bare.Summary = &Summary{}
		}
		many := *full
		many.Total = 1_000
		all = append(all, full, bare, &many)
	}
	return all
}
