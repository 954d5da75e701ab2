package evidence

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"markwatch/parse"
	"markwatch/store"
)

// report is what the report says, as text and as PDF alike.
type report struct {
	title, subtitle string
	sections        []section
	pictures        *pictures
	captions        [2]string // of the two logos
}

// section is a part with a heading.
type section struct {
	heading string
	blocks  []block
}

// block is a paragraph, a table, or the place of the logos.
type block struct {
	text  string
	rows  []row
	logos bool
}

// row is one line of a table. A value is what a certificate or a log says,
// unless link is set: then it is an address of ours.
type row struct {
	name, value string
	mono        bool
	link        bool
}

// newReport puts the report together.
func newReport(c *Case, m *manifest, drawn *pictures) *report {
	r := &report{
		title:    "Evidence of a mark certificate in a Certificate Transparency log",
		subtitle: fmt.Sprintf("Made by %s. All facts are as of %s. Times are UTC; hashes are SHA-256.", c.Program, moment(m.AsOf)),
		pictures: drawn,
	}
	r.section("What was found", r.finding(c, m)...)
	r.logos(c)
	r.issuance("The certificate", c.Found, m.Issuances[0])
	if c.Other != nil {
		r.issuance("The other party's certificate", c.Other, m.Issuances[1])
	}
	if c.Hit != nil {
		r.section("History of the hit", history(c)...)
	}
	r.section("How to verify", howToWords(c, m)...)
	return r
}

func (r *report) section(heading string, blocks ...block) {
	r.sections = append(r.sections, section{heading, blocks})
}

// finding says what the case is.
func (r *report) finding(c *Case, m *manifest) []block {
	found := m.Issuances[0]
	blocks := []block{{text: logged(c.Found)}}
	h := c.Hit
	if h == nil {
		return append(blocks, block{rows: []row{{name: "issuance", value: found.TBSSHA256, mono: true}}})
	}
	rows := []row{
		{name: "hit", value: h.ID, mono: true},
		{name: "issuance", value: found.TBSSHA256, mono: true},
		{name: "rule", value: h.Rule},
		{name: "severity", value: h.Severity},
		{name: "watch list", value: h.List},
		{name: "watched", value: m.Hit.Watched},
		{name: "other party", value: h.OtherOrganisation},
		{name: "its domains", value: strings.Join(h.OtherDomains, ", ")},
		{name: "score", value: fmt.Sprintf("%.3f (from 0 to 1, greater is closer)", h.Score)},
	}
	blocks = append(blocks, block{text: "markwatch found this in it: " + h.Reason})
	if h.Withdrawn {
		blocks = append(blocks, block{text: "This finding is WITHDRAWN: entries that were logged later refute it."})
	}
	return append(blocks, block{rows: append(rows, behind(c)...)})
}

// logged says in a sentence that the certificate is in the log.
func logged(i *Issuance) string {
	what := "mark certificate"
	switch i.Mark.Class {
	case parse.VMC:
		what = "Verified Mark Certificate (VMC)"
	case parse.CMC:
		what = "Common Mark Certificate (CMC)"
	}
	var domains []string
	for _, san := range i.Mark.SANs {
		domains = append(domains, san.Raw)
	}
	for _, e := range i.Entries {
		if e.Unproved == "" {
			return fmt.Sprintf("A %s for %s, issued for %s, is entry %d of the log %s. The log dated the entry %s. It is proved by a tree head of %d entries that the log signed on %s.",
				what, i.Mark.Organisation.Name, listed(domains), e.Index, e.Log, moment(e.Timestamp), e.Head.Size, moment(e.Head.Timestamp))
		}
	}
	return fmt.Sprintf("A %s for %s, issued for %s. Its log entries are NOT PROVED here; why is said below.", what, i.Mark.Organisation.Name, listed(domains))
}

// listed names domains, a few of many.
func listed(domains []string) string {
	const most = 10
	if len(domains) == 0 {
		return "no domain"
	}
	if len(domains) > most {
		return strings.Join(domains[:most], ", ") + fmt.Sprintf(" and %d more domains", len(domains)-most)
	}
	return strings.Join(domains, ", ")
}

// behind is what else the hit rests on, by rule.
func behind(c *Case) []row {
	b := c.Behind
	var rows []row
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, row{name: name, value: value})
		}
	}
	if b.OtherDomain != "" {
		add("domain", b.Domain+" resembles "+b.OtherDomain)
		add("in what", strings.TrimSpace(b.DomainRule+" "+b.DomainKind))
	}
	add("registration", b.Registration)
	if b.RegisterURL != "" {
		rows = append(rows, row{name: "register", value: b.RegisterURL, link: true})
	}
	if b.NumbersDiffer {
		add("registration numbers", "those of the two organisations differ")
	}
	add("its first such", b.Since)
	add("the other's first such", b.OtherSince)
	return rows
}

// logos shows the logos and says how alike they are.
func (r *report) logos(c *Case) {
	if c.Found.logo() == nil && c.otherLogo() == nil {
		r.section("The logo", block{text: "The certificate carries no logo that can be read."})
		return
	}
	r.captions[0] = "in the certificate of " + c.Found.Mark.Organisation.Name
	heading := "The logo"
	blocks := []block{{logos: true}}
	if c.otherLogo() != nil {
		heading = "The two logos, at the same size"
		r.captions[1] = "the watched logo"
		if c.Other.logo() != nil {
			r.captions[1] = "in the certificate of " + c.Other.Mark.Organisation.Name
		}
	}
	if c.Likeness != nil {
		blocks = append(blocks, block{text: c.Likeness.words()})
	}
	if c.Hit != nil && c.Behind.Agreement != "" {
		text := "Recorded when it was found: " + c.Behind.Agreement
		if c.Behind.LogoDistance != nil {
			text += fmt.Sprintf("; distance %d of 64 bits", *c.Behind.LogoDistance)
		}
		blocks = append(blocks, block{text: text + fmt.Sprintf("; score %.2f; verdict %s.", c.Behind.LogoScore, c.Behind.Verdict)})
	}
	rows := append(r.pictures.found.rows("the certificate's logo"), r.pictures.other.rows("the other logo")...)
	r.section(heading, append(blocks, block{rows: rows})...)
}

// rows say what file a picture is of.
func (p *picture) rows(name string) []row {
	if p.sha256 == "" {
		return nil
	}
	rows := []row{{name: name, value: p.sha256, mono: true}}
	if p.problem != "" {
		rows = append(rows, row{name: "not drawn", value: p.problem})
	}
	for _, note := range p.notes {
		rows = append(rows, row{name: "note", value: note})
	}
	return rows
}

// issuance describes a certificate: what it says, as logged, and its entries.
func (r *report) issuance(heading string, i *Issuance, m manifestIssuance) {
	subject := []row{}
	for _, a := range i.Mark.Subject {
		subject = append(subject, row{name: a.Name, value: a.Value})
	}
	blocks := []block{{rows: certificateRows(i)}, {text: "The subject, attribute by attribute, as logged:"}, {rows: subject}}
	r.section(heading, blocks...)
	for n := range i.Entries {
		e := &i.Entries[n]
		r.section(fmt.Sprintf("%s: log entry %d of %d (%s)", heading, n+1, len(i.Entries), m.Entries[n].Folder), entryBlocks(e)...)
	}
}

// certificateRows are the facts of a certificate.
func certificateRows(i *Issuance) []row {
	m := i.Mark
	rows := []row{{name: "organisation", value: m.Organisation.Name}, {name: "class", value: class(m)}, {name: "mark type", value: m.MarkType}}
	for _, san := range m.SANs {
		rows = append(rows, row{name: "domain", value: san.Raw})
		if san.Unicode != san.Domain {
			rows = append(rows, row{name: "shown as", value: san.Unicode})
		}
	}
	if t := m.Trademark; t != nil {
		rows = append(rows, row{name: "trademark", value: strings.TrimSpace(t.Country + " " + t.Identifier)})
		if t.RecordURL != "" {
			rows = append(rows, row{name: "register", value: t.RecordURL, link: true})
		}
	}
	if m.Statute != nil {
		rows = append(rows, row{name: "statute", value: strings.TrimSpace(m.Statute.Country + " " + m.Statute.Citation)})
	}
	rows = append(rows,
		row{name: "prior use", value: m.PriorUseURL},
		row{name: "valid from", value: moment(m.NotBefore)},
		row{name: "valid to", value: moment(m.NotAfter)},
		row{name: "issuer", value: m.Issuer.String()},
		row{name: "serial number", value: m.Serial, mono: true},
		row{name: "issuance", value: i.TBSSHA256, mono: true},
	)
	if m.Test {
		rows = append(rows, row{name: "test certificate", value: m.TestReason})
	}
	for _, f := range m.Findings {
		rows = append(rows, row{name: "fault of its form", value: f.Detail + " (" + f.Citation + ")"})
	}
	return rows
}

func class(m *parse.MarkCertificate) string {
	if m.ClassInferred {
		return m.Class.String() + ", inferred: the certificate names no mark type"
	}
	return m.Class.String()
}

// entryBlocks are the facts of a log entry.
func entryBlocks(e *Entry) []block {
	rows := []row{
		{name: "log", value: e.Log},
		{name: "its address", value: e.Source.URL},
		{name: "log id", value: e.LogID, mono: true},
		{name: "index", value: fmt.Sprint(e.Index)},
		{name: "entry type", value: e.Type},
		{name: "timestamp", value: e.Parsed.Timestamp.Format("2006-01-02 15:04:05.000")},
		{name: "leaf hash", value: hexOf(e.LeafHash), mono: true},
	}
	if e.Parsed.Mark.DER != nil {
		rows = append(rows, row{name: certificateName(e.Type), value: hexOf(e.Parsed.Mark.SHA256), mono: true})
	}
	if e.Unproved != "" {
		return []block{{rows: rows}, {text: "That this entry is in the log is NOT PROVED here: " + e.Unproved + "."}}
	}
	rows = append(rows,
		row{name: "tree size", value: fmt.Sprint(e.Head.Size)},
		row{name: "tree head signed", value: e.Head.Timestamp.UTC().Format("2006-01-02 15:04:05.000")},
		row{name: "root hash", value: hexOf(e.Head.Root), mono: true},
	)
	for n, node := range e.Path {
		rows = append(rows, row{name: fmt.Sprintf("audit path %d", n+1), value: hexOf(node), mono: true})
	}
	return []block{{rows: rows}}
}

// history is what became of the hit.
func history(c *Case) []block {
	rows := []row{{name: moment(c.Hit.FirstSeen), value: "the certificate was first logged"}, {name: moment(c.Hit.FoundAt), value: "markwatch found the hit"}}
	for _, e := range c.Hit.History {
		said := []string{"action " + string(e.Action)}
		if e.Pair {
			said[0] += " the pair"
		}
		if e.HitID != c.Hit.ID {
			said = append(said, "on the hit "+e.HitID)
		}
		for _, part := range [][2]string{{"state ", e.State}, {"reason ", e.Reason}, {"assigned to ", e.Assignee}, {"by ", e.Author}, {"note: ", e.Note}} {
			if part[1] != "" {
				said = append(said, part[0]+part[1])
			}
		}
		rows = append(rows, row{name: moment(e.At), value: strings.Join(said, "; ")})
	}
	return []block{{rows: append(rows, standing(&c.Hit.State)...)}}
}

// standing is how the hit stands now.
func standing(s *store.HitState) []row {
	rows := []row{{name: "state", value: strings.TrimSuffix(s.State+", "+s.Reason, ", ")}, {name: "assigned to", value: s.Assignee}}
	switch s.Inherited {
	case store.ByPair:
		rows = append(rows, row{name: "because", value: "its pair was dismissed on the hit " + s.InheritedFrom})
	case store.ByRenewal:
		rows = append(rows, row{name: "because", value: "its certificate renews one whose hit " + s.InheritedFrom + " was dismissed, and changed nothing"})
	}
	if s.Earlier != "" {
		rows = append(rows, row{name: "renewal", value: "the hit " + s.Earlier + " on the certificate before was dismissed; since then " + s.Changed})
	}
	return rows
}

// howToWords says how to verify, in short.
func howToWords(c *Case, m *manifest) []block {
	return []block{
		{text: "This report is one piece of a pack, a ZIP file. VERIFY.md in it shows step by step how to check, with openssl and a few lines of any language: that no piece was changed (SHA256SUMS), that the key is the log's (its SHA-256 is the log id, which the log's operator publishes), that the log signed the tree head, that the leaf is in the tree, that the certificate is the leaf's, and that the logo is the certificate's. The program markwatch does the same with: markwatch evidence --verify FILE.zip"},
		{text: "The proofs rest on the log's signature alone. They show that the log held the certificate at the time of the tree head. Sentences about likeness are measurements and judgements of markwatch; nothing but the pack's hashes ties them to it."},
	}
}

// moment is a time for people.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

// text is the report as UTF-8 text, with every value whole.
func (r *report) text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s\n", r.title, printable(r.subtitle))
	fmt.Fprintf(&b, "Characters that steer text, such as control characters, are written as \\u and their code point, a backslash as two.\n")
	for _, s := range r.sections {
		fmt.Fprintf(&b, "\n%s\n%s\n", printable(s.heading), strings.Repeat("-", len(s.heading)))
		for _, block := range s.blocks {
			if block.text != "" {
				fmt.Fprintf(&b, "%s\n", printable(block.text))
			}
			if block.logos {
				b.WriteString("(The report in PDF shows the logos here.)\n")
			}
			for _, row := range block.rows {
				if row.value != "" {
					fmt.Fprintf(&b, "%-24s %s\n", printable(row.name), printable(row.value))
				}
			}
		}
	}
	return b.Bytes()
}
