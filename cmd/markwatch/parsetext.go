package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"markwatch/parse"
	"markwatch/queries"
)

// What parse prints for people: a heading for each certificate, then one
// attribute a line, those without a value left out. Words of a certificate are
// a stranger's and can't steer the terminal.

// textWriter collects lines of the form "  label  value".
type textWriter struct{ b strings.Builder }

func (t *textWriter) line(label string, values ...string) {
	var shown []string
	for _, v := range values {
		if v != "" {
			shown = append(shown, queries.Printable(v))
		}
	}
	if len(shown) > 0 {
		fmt.Fprintf(&t.b, "  %-16s %s\n", label, strings.Join(shown, ", "))
	}
}

func showText(w io.Writer, kind string, doc parse.Document) error {
	var t textWriter
	switch {
	case kind == kindOther:
		fmt.Fprintf(&t.b, "%s: %v\n", doc.Source, doc.Err)
	case doc.Mark == nil:
		fmt.Fprintf(&t.b, "%s: can't be read: %s\n", doc.Source, queries.Printable(doc.Err.Error()))
	default:
		t.heading(kind, doc)
		t.mark(doc.Mark)
	}
	t.b.WriteByte('\n')
	_, err := io.WriteString(w, t.b.String())
	return err
}

func (t *textWriter) heading(kind string, doc parse.Document) {
	what := doc.Mark.Class.String()
	if doc.Mark.Class == parse.UnknownClass {
		what = "Mark certificate of unknown class"
	}
	if doc.Mark.ClassInferred {
		what += " (inferred)"
	}
	if doc.Mark.Precertificate {
		what += ", precertificate"
	}
	fmt.Fprintf(&t.b, "%s: %s\n", doc.Source, what)
	if kind == kindMalformed {
		t.line("can't be read", doc.Err.Error())
	}
	if e := doc.Entry; e != nil {
		t.line("logged", e.Type.String(), e.Timestamp.UTC().Format(time.RFC3339Nano))
	}
}

func (t *textWriter) mark(m *parse.MarkCertificate) {
	o := m.Organisation
	t.line("organisation", o.Name)
	t.line("address", append(append([]string{}, o.Streets...), o.PostalCode, o.Locality, o.State, o.Country)...)
	t.line("registered in", o.JurisdictionLocality, o.JurisdictionState, o.JurisdictionCountry)
	t.line("registration", o.RegistrationNumber, o.BusinessCategory)
	t.line("LEI", o.LEI)
	t.line("mark type", m.MarkType)
	t.trademark(m.Trademark)
	if s := m.Statute; s != nil {
		t.line("statute", s.Citation, s.Locality, s.State, s.Country, s.URL)
	}
	t.line("word mark", m.WordMark)
	t.line("prior use", m.PriorUseURL)
	for _, san := range m.SANs {
		note := ""
		if san.Unicode != san.Domain {
			note = "shown as " + san.Unicode
		}
		t.line("domain", san.Raw, note)
	}
	if m.Test {
		t.line("test", m.TestReason)
	}
	t.line("valid", m.NotBefore.UTC().Format(time.DateTime)+" to "+m.NotAfter.UTC().Format(time.DateTime)+" UTC")
	t.line("issuer", m.Issuer.String())
	t.line("serial", m.Serial)
	t.line("key", m.KeyAlgorithm, m.SignatureAlgorithm)
	t.logo(m.Logo)
	t.line("SCTs", fmt.Sprint(len(m.SCTs)))
	t.line("SHA-256", optionalHash(m.SHA256))
	t.line("TBS SHA-256", optionalHash(m.TBSSHA256))
	for _, f := range m.Findings {
		t.line(f.Severity, f.Rule+": "+f.Detail)
	}
}

func (t *textWriter) trademark(tm *parse.Trademark) {
	if tm == nil {
		return
	}
	register := tm.Register
	if name := parse.RegisterName(tm.Register); name != "" {
		register += " (" + name + ")"
	}
	t.line("trademark", strings.TrimSpace(register+" "+tm.Number))
	if tm.Identifier != tm.Number {
		t.line("  as written", tm.Country+" "+tm.Identifier)
	}
	t.line("  office", tm.OfficeName)
	t.line("  record", tm.RecordURL)
}

func (t *textWriter) logo(l *parse.Logo) {
	if l == nil {
		return
	}
	for _, h := range l.Hashes {
		verdict := "matches"
		if !h.Matches {
			verdict = "does NOT match"
		}
		t.line("logo hash", h.Algorithm+" "+verdict)
	}
	t.line("logo", fmt.Sprintf("%s, %d bytes (%d compressed)", l.MediaType, len(l.Data), l.CompressedSize))
	t.line("  SHA-256", optionalHash(l.SVGSHA256))
	t.line("  title", l.Title)
}
