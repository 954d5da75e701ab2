package notice_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert/notice"
	"markwatch/match"
)

// grammar reads by the rules of RFC 5424, section 6.
type grammar struct{ rest string }

// expect takes a text, if it comes next.
func (g *grammar) expect(s string) bool {
	rest, ok := strings.CutPrefix(g.rest, s)
	g.rest = rest
	return ok
}

// name takes an SD-NAME.
func (g *grammar) name() string {
	end := strings.IndexFunc(g.rest, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`= ]"`, r) })
	if end < 1 || end > 32 {
		return ""
	}
	name := g.rest[:end]
	g.rest = g.rest[end:]
	return name
}

// value takes a PARAM-VALUE, up to its quote.
func (g *grammar) value() (value string, ok bool) {
	for g.rest != "" && g.rest[0] != '"' {
		if g.rest[0] == ']' {
			return value, false
		}
		if g.rest[0] == '\\' && len(g.rest) > 1 && strings.ContainsRune(`"\]`, rune(g.rest[1])) {
			g.rest = g.rest[1:]
		}
		value, g.rest = value+g.rest[:1], g.rest[1:]
	}
	return value, g.expect(`"`)
}

// readStructured reads one SD-ELEMENT and the MSG.
func readStructured(s string) (id string, params []notice.SyslogParam, msg string, err error) {
	g := &grammar{s}
	if !g.expect("[") {
		return "", nil, "", fmt.Errorf("no [ at %.20q", g.rest)
	}
	id = g.name()
	for g.expect(" ") {
		p := notice.SyslogParam{Name: g.name()}
		ok := p.Name != "" && g.expect(`="`)
		if ok {
			p.Value, ok = g.value()
		}
		if !ok {
			return id, params, "", fmt.Errorf("no parameter %q at %.20q", p.Name, g.rest)
		}
		params = append(params, p)
	}
	if !g.expect("] \ufeff") {
		return id, params, "", fmt.Errorf("no end at %.20q", g.rest)
	}
	return id, params, g.rest, nil
}

// harmlessSyslog checks that a record reads back as it was meant.
func harmlessSyslog(t *testing.T, m *notice.Message) {
	t.Helper()
	for _, r := range notice.Syslog(m) {
		id, params, msg, err := readStructured(r.String())
		if err != nil {
			t.Errorf("%v in %q", err, r)
			continue
		}
		if id != "markwatch@32473" || msg != r.Text || strings.ContainsFunc(r.String()[:len(r.String())-len(r.Text)], unicode.IsControl) || strings.ContainsFunc(msg, unicode.IsControl) {
			t.Errorf("the record reads back as %q, %q", id, msg)
		}
		if diff := cmp.Diff(r.Data, params); diff != "" {
			t.Errorf("the parameters read back: %s", diff)
		}
		if len(r.String()) > 1_800 || r.Severity < 0 || r.Severity > 7 || r.MsgID == "" || len(r.MsgID) > 32 || strings.ContainsFunc(r.MsgID, func(c rune) bool { return c <= ' ' || c > '~' }) {
			t.Errorf("%d bytes, severity %d, MSGID %q", len(r.String()), r.Severity, r.MsgID)
		}
	}
}

// TestSyslog guards a hit's record to the letter, and that what isn't told is counted.
func TestSyslog(t *testing.T) {
	m := many(notice.KindDigest, 100)
	m.Hits = m.Hits[:2]
	m.Hits[0].Organisation = `Say "x" [and] \y`
	all := notice.Syslog(m)
	if len(all) != 3 {
		t.Fatalf("%d records for two hits and a rest", len(all))
	}
	for _, want := range []string{`severity="critical"`, `organisation="Say \"x\" [and\] \\y"`, `domains="misavu-secure.com"`, `otherDomain="misavu.com"`, `notBefore="2026-03-04T00:00:00Z"`, `list="misavu"`} {
		if !strings.Contains(all[0].String(), want) {
			t.Errorf("the record does not say %s: %s", want, all[0])
		}
	}
	if all[0].Severity != 2 || all[0].MsgID != "HIT" || all[2].MsgID != "MORE" || !strings.Contains(all[2].String(), `more="98"`) || !strings.Contains(all[2].Text, "and 98 hits more. All of them: https://markwatch.example/hits") {
		t.Errorf("the last record is %s", all[2])
	}
	grades := map[match.Severity]int{match.Critical: 2, match.High: 3, match.Medium: 4, match.Low: 5, "dire": 5}
	for severity, want := range grades {
		one := notice.Sample(notice.KindHit)
		one.Hits[0].Severity = severity
		one.Counts = nil
		if got := notice.Syslog(one)[0].Severity; got != want {
			t.Errorf("%s is %d, want %d", severity, got, want)
		}
	}
	if got := notice.Syslog(notice.Sample(notice.KindAlarm))[0]; got.Severity != 1 || got.MsgID != "ALARM" {
		t.Errorf("an alarm is %+v", got)
	}
}
