package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/mattn/go-runewidth"
	"golang.org/x/term"

	"markwatch/queries"
	"markwatch/store"
)

// textFormat is how alerts list prints for a person: each hit's sentence, whole.
const textFormat = "text"

// listedHit is what a person reads of a hit in a list.
type listedHit struct {
	id, severity, rule, list, reason string
	firstSeen                        time.Time
	state                            store.HitState // Since only where somebody decided
	since                            *time.Time
}

// listedColumns are those of the query hits that a listedHit holds.
const listedColumns = "id, severity, rule, list, reason, first_seen, state, dismissal, note, assignee, state_since, state_author, inherited, inherited_from, earlier, changed"

func (h *listedHit) scan(rows driver.Rows) error {
	s := &h.state
	err := rows.Scan(&h.id, &h.severity, &h.rule, &h.list, &h.reason, &h.firstSeen, &s.State, &s.Reason, &s.Note, &s.Assignee, &h.since, &s.Author, &s.Inherited, &s.InheritedFrom, &s.Earlier, &s.Changed)
	if h.since != nil {
		s.Since = h.since.UTC()
	}
	return err
}

// alertsText prints two or more lines for each hit: what it is, how it stands, and why.
func (p *program) alertsText(ctx context.Context, st *store.Store, path, sql string, args []any) error {
	rows, err := st.Conn().Query(ctx, "SELECT "+listedColumns+" FROM ("+sql+")", args...)
	if err != nil {
		return fmt.Errorf("reading the hits: %w", err)
	}
	defer rows.Close()
	w, done, err := p.createFile(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	n := 0
	for ; rows.Next() && err == nil; n++ {
		var h listedHit
		if err = h.scan(rows); err == nil {
			_, err = fmt.Fprintln(out, h.text(p.width()))
		}
	}
	if err == nil {
		err = rows.Err()
	}
	if err == nil {
		_, err = fmt.Fprintf(out, "%s; markwatch alerts show ID shows one whole\n", counted(n, "hit"))
	}
	return done(cmp.Or(err, out.Flush()))
}

// text is the hit for a person.
func (h *listedHit) text(width int) string {
	var b strings.Builder
	state := h.state.State
	if h.state.Assignee != "" {
		state += ", " + h.state.Assignee
	}
	head := fmt.Sprintf("%-8s %-16s %s  %s  %s  %s", h.severity, h.rule, h.id[:12], h.firstSeen.UTC().Format(time.DateOnly), queries.Printable(state), queries.Printable(h.list))
	fmt.Fprintf(&b, "%s\n%s\n", strings.TrimRight(head, " "), wrapped(queries.Printable(h.reason), "    ", width))
	for _, line := range decisionWords(&h.state) {
		fmt.Fprintf(&b, "%s\n", wrapped(queries.Printable(line), "    ", width))
	}
	return b.String()
}

// decisionWords say why a hit stands as it does; nothing of one on which nobody decided.
func decisionWords(s *store.HitState) []string {
	var lines []string
	if s.Author != "" && s.State != store.HitNew {
		line := strings.ToUpper(s.State[:1]) + s.State[1:]
		if s.Reason != "" {
			line += " as " + s.Reason
		}
		line += " by " + s.Author + " on " + s.Since.UTC().Format(time.DateOnly)
		switch s.Inherited {
		case store.ByPair:
			line += ", with all hits of its pair (decided on " + s.InheritedFrom[:12] + ")"
		case store.ByRenewal:
			line += ", because it renews unchanged the certificate of " + s.InheritedFrom[:12]
		}
		if s.Note != "" {
			line += ": " + strings.TrimRight(oneLine(s.Note), ".")
		}
		lines = append(lines, line+".")
	}
	if s.Earlier != "" {
		lines = append(lines, "The hit on the certificate before, "+s.Earlier[:12]+", is dismissed; since then, "+s.Changed+".")
	}
	return lines
}

// oneLine is a note without its line breaks.
func oneLine(note string) string { return strings.Join(strings.Fields(note), " ") }

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// width is the terminal's; elsewhere that of a page.
func (p *program) width() int {
	if f, ok := p.out.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns >= 40 {
			return columns
		}
	}
	return 100
}

// wrapped breaks a text into lines of at most width columns, between words.
func wrapped(text, indent string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		wide := runewidth.StringWidth(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+wide > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += wide
	}
	return b.String()
}
