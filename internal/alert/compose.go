package alert

import (
	"bytes"
	"context"
	"fmt"
	"image"
	imagedraw "image/draw"
	"image/png"
	"slices"
	"strings"
	"sync"

	"markwatch/internal/alert/notice"
	"markwatch/match"
	"markwatch/match/logo"
	"markwatch/store"
)

// compose makes the messages of deliveries, from what is known now of their hits;
// nil where there is nothing to tell any more.
func (d *Dispatcher) compose(ctx context.Context, page []store.Delivery, lists []store.WatchList) ([]*notice.Message, error) {
	var ids []string
	for i := range page {
		ids = append(ids, page[i].Hits...)
	}
	told, err := d.outbox.Tell(ctx, ids)
	if err != nil {
		return nil, err
	}
	byName := map[string]store.WatchList{}
	for _, l := range lists {
		byName[l.Name] = l
	}
	out := make([]*notice.Message, len(page))
	for i := range page {
		list, known := byName[page[i].List]
		if !known { // not that of hits of no list, whose secret is another's
			list.Name = page[i].List
		}
		if out[i], err = d.message(ctx, &page[i], list, told); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Message makes the message of one delivery, as it would be sent now.
func (d *Dispatcher) Message(ctx context.Context, delivery store.Delivery) (*notice.Message, error) {
	lists, err := d.outbox.WatchLists(ctx)
	if err != nil {
		return nil, err
	}
	all, err := d.compose(ctx, []store.Delivery{delivery}, lists)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// head is what every message says.
func (d *Dispatcher) head(delivery *store.Delivery, list store.WatchList) *notice.Message {
	m := &notice.Message{
		ID: delivery.ID, Kind: notice.Kind(delivery.Kind), At: delivery.MadeAt, List: delivery.List, Client: list.Client, Notes: list.Notes, Colour: list.Colour,
		From: delivery.From, To: delivery.To, Rhythm: delivery.Rhythm, Command: "markwatch alerts list",
	}
	m.Thread = thread(m)
	return m
}

func (d *Dispatcher) message(ctx context.Context, delivery *store.Delivery, list store.WatchList, told map[string]*store.Told) (*notice.Message, error) {
	m := d.head(delivery, list)
	switch m.Kind {
	case notice.KindAlarm:
		return d.alarm(ctx, m, delivery.Subject)
	case notice.KindSummary:
		return d.summary(ctx, m)
	case notice.KindTest:
		return m, nil
	}
	var hits []*store.Told
	for _, id := range delivery.Hits {
		if h := told[id]; h != nil && !h.Withdrawn && h.Triage.State != store.HitDismissed {
			hits = append(hits, h)
		}
	}
	if len(hits) == 0 {
		return nil, nil
	}
	return m, d.setHits(ctx, m, delivery, list, hits, maxShown)
}

// setHits puts hits into a message, the gravest first, and counts them.
func (d *Dispatcher) setHits(ctx context.Context, m *notice.Message, delivery *store.Delivery, list store.WatchList, hits []*store.Told, most int) error {
	rank := func(h *store.Told) int { return slices.Index(match.Severities(), h.Severity) }
	slices.SortStableFunc(hits, func(a, b *store.Told) int { return rank(b) - rank(a) })
	m.Total, m.Counts = len(hits), map[match.Severity]int{}
	for _, h := range hits {
		m.Counts[h.Severity]++
	}
	for _, h := range hits[:min(len(hits), most)] {
		shown, err := d.hit(ctx, h, list)
		if err != nil {
			return err
		}
		m.Hits = append(m.Hits, shown)
	}
	if secret := d.secret(list); secret != "" && d.Link != "" {
		m.Link = PageURL(d.Link, secret, "delivery", delivery.ID)
		if m.Kind == notice.KindHit {
			m.Link = m.Hits[0].Link
		}
	}
	m.Command = "markwatch alerts list --delivery " + delivery.ID[:12]
	if m.Kind == notice.KindHit {
		m.Command = "markwatch alerts show " + m.Hits[0].ID[:12]
	}
	return nil
}

// secret stands in the addresses of a list's pages; "" is none.
func (d *Dispatcher) secret(list store.WatchList) string {
	if list.Name == "" {
		return d.FeedSecret
	}
	return list.FeedSecret
}

// summary says what was watched.
func (d *Dispatcher) summary(ctx context.Context, m *notice.Message) (*notice.Message, error) {
	w, err := d.outbox.Watched(ctx, m.From)
	if err != nil {
		return nil, err
	}
	m.Summary = &notice.Summary{Certificates: w.Certificates, Lists: w.Lists, Items: w.Items, Open: w.Open, Dead: w.Dead}
	for _, l := range w.Logs {
		state := notice.LogState{Name: l.Name, Size: l.Size, Read: l.Next, Verified: l.Verified, State: l.State}
		if l.Detail != "" {
			state.State += ": " + l.Detail
		}
		m.Summary.Logs = append(m.Summary.Logs, state)
	}
	m.Command = "markwatch logs"
	return m, nil
}

// thread is the same for all that one reader sees as one matter.
func thread(m *notice.Message) string {
	switch {
	case m.Kind == notice.KindAlarm || m.Kind == notice.KindSummary || m.Kind == notice.KindTest:
		return "operator"
	case m.Client != "":
		return "client " + m.Client
	}
	return "list " + m.List
}

// PageURL is where the pages of a list are served: a hit, or all hits of a delivery.
func PageURL(base, secret, kind, id string) string {
	return strings.TrimSuffix(base, "/") + "/feeds/" + secret + "/" + kind + "/" + id
}

func (d *Dispatcher) alarm(ctx context.Context, m *notice.Message, subject string) (*notice.Message, error) {
	id, cleared := strings.CutSuffix(subject, " cleared")
	a, err := d.outbox.Alarm(ctx, id)
	if err != nil || a == nil {
		return nil, err
	}
	ofAlarm(m, a)
	if cleared {
		m.Alarm.Cleared = a.Cleared
	}
	return m, nil
}

// ofAlarm makes of a message that of an alarm.
func ofAlarm(m *notice.Message, a *store.Alarm) {
	m.Alarm = &notice.Alarm{Kind: a.Kind, Log: a.Subject, Since: a.Since, Text: a.Text, Evidence: a.Evidence}
	m.Command = "markwatch logs"
}

// hit is what a reader wants to know of a hit.
func (d *Dispatcher) hit(ctx context.Context, h *store.Told, list store.WatchList) (notice.Hit, error) {
	out := notice.Hit{
		Hit: h.Hit, Country: h.Country, Class: h.Class, MarkType: h.MarkType, Issuer: h.Issuer, Serial: h.Serial, From: h.NotBefore, To: h.NotAfter,
		FoundAt: h.FoundAt, State: h.Triage.State, Assignee: h.Triage.Assignee, Earlier: h.Triage.Earlier, Changed: h.Triage.Changed,
		Pack: "markwatch evidence " + h.ID[:12] + " -o " + h.ID[:12] + ".zip",
	}
	for _, e := range h.Entries {
		out.Entries = append(out.Entries, notice.Entry{Log: e.Log, Index: e.Index, Timestamp: e.Timestamp, URL: entryURL(e)})
	}
	if secret := d.secret(list); secret != "" && d.Link != "" {
		out.Link = PageURL(d.Link, secret, "hit", h.ID)
	}
	out.Sentence = notice.Sentence(out)
	var err error
	if out.Logo, err = d.pictures.of(ctx, h.Evidence.Logo, "logo in the certificate of "+h.Organisation); err != nil {
		return out, err
	}
	whose := "logo of " + h.OtherOrganisation
	if h.OtherOrganisation == "" {
		whose = "watched logo"
	}
	out.OtherLogo, err = d.pictures.of(ctx, h.Evidence.OtherLogo, whose)
	return out, err
}

// entryURL is where a log of RFC 6962 serves an entry (section 4.6).
func entryURL(e store.EntryPlace) string {
	if e.Kind != "rfc6962" {
		return ""
	}
	return fmt.Sprintf("%s/ct/v1/get-entries?start=%d&end=%d", strings.TrimSuffix(e.URL, "/"), e.Index, e.Index)
}

const (
	picturesKept = 256 // logos, some 10 KB each
	pictureSize  = 256 // pixels, as logo.Decode draws the longer side
)

// pictures draws logos, and remembers those drawn lately.
type pictures struct {
	outbox Outbox
	mu     sync.Mutex
	drawn  map[string]*notice.Logo
}

// of draws a stored or watched logo; nil where there is none, or it can't be drawn.
func (p *pictures) of(ctx context.Context, sha256, alt string) (*notice.Logo, error) {
	if sha256 == "" {
		return nil, nil
	}
	p.mu.Lock()
	drawn, known := p.drawn[sha256]
	p.mu.Unlock()
	if !known {
		file, err := p.outbox.Picture(ctx, sha256)
		if err != nil {
			return nil, err
		}
		drawn = draw(sha256, file)
		p.mu.Lock()
		if p.drawn == nil || len(p.drawn) >= picturesKept {
			p.drawn = map[string]*notice.Logo{}
		}
		p.drawn[sha256] = drawn
		p.mu.Unlock()
	}
	if drawn == nil {
		return nil, nil
	}
	return &notice.Logo{SHA256: sha256, PNG: drawn.PNG, Alt: alt}, nil
}

// draw is nil for what can't be drawn: the message then does without.
func draw(sha256 string, file []byte) *notice.Logo {
	picture, err := logo.Decode(file)
	if err != nil {
		return nil
	}
	canvas := image.NewRGBA(image.Rect(0, 0, pictureSize, pictureSize))
	imagedraw.Draw(canvas, canvas.Rect, image.White, image.Point{}, imagedraw.Src)
	drawn := picture.Image.Bounds()
	middle := image.Pt((pictureSize-drawn.Dx())/2, (pictureSize-drawn.Dy())/2)
	imagedraw.Draw(canvas, drawn.Sub(drawn.Min).Add(middle), picture.Image, drawn.Min, imagedraw.Over)
	var b bytes.Buffer
	if err := png.Encode(&b, canvas); err != nil {
		return nil
	}
	return &notice.Logo{SHA256: sha256, PNG: b.Bytes()}
}
