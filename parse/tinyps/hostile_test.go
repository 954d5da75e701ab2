package tinyps_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"markwatch/parse/tinyps"
)

// TestHostile guards that what is made to do harm ends in a clear finding.
func TestHostile(t *testing.T) {
	laughs := `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	root := `<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 1 1"><title>x</title>`
	for _, tc := range []struct{ name, svg, want string }{
		{"100 MB", strings.Repeat(" ", 100<<20), "svg-too-large"},
		{"a byte too many", root + strings.Repeat(" ", tinyps.MaxSize) + "</svg>", "svg-too-large"},
		{"large", root + strings.Repeat(" ", tinyps.PracticalSize) + "</svg>", "svg-size"},
		{"billion laughs", laughs + root + "&c;&c;</svg>", "svg-doctype"},
		{"deep", root + strings.Repeat("<g>", 1000), "svg-too-complex"},
		{"attributes", root + "<g" + strings.Repeat(` a="1"`, 1000) + "/></svg>", "svg-too-complex"},
		{"namespaces", root + strings.Repeat(`<g xmlns:a="a" xmlns:b="b" xmlns:c="c">`, 100), "svg-too-complex"},
		{"faults without end", root + strings.Repeat("<a/>", 10000) + "</svg>", "svg-more"},
		{"unclosed doctype", "<!DOCTYPE " + strings.Repeat("[", 1<<19), "svg-not-well-formed"},
		{"quotes", root + "<g a=\"" + strings.Repeat("&lt;", 1<<17), "svg-not-well-formed"},
		{"url( again and again", root + `<path fill="` + strings.Repeat("url(", 1<<17) + `"/></svg>`, "svg-external-reference"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := tinyps.Validate([]byte(tc.svg))
			if !slices.ContainsFunc(got, func(f tinyps.Finding) bool { return f.Rule == tc.want }) {
				t.Errorf("there is no %s among %d findings: %+v", tc.want, len(got), got[:min(3, len(got))])
			}
			if len(got) > 1000 {
				t.Errorf("%d findings are too many", len(got))
			}
		})
	}
}

func FuzzValidate(f *testing.F) {
	f.Add(good)
	f.Add("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>")
	f.Add("\ufeff<?xml version='1.0' encoding='latin1' standalone='no' ?><a:b xmlns:a='c'><!-- --><![CDATA[]]></a:b>")
	f.Add(`<svg viewBox="0 0 1e9 -1"><path d="M0 0h.1.1v9z" fill="url('#a"/><use href="DATA:x"/></svg>`)
	ids := map[string]bool{}
	for _, r := range tinyps.Rules() {
		ids[r.ID] = true
	}
	f.Fuzz(func(t *testing.T, svg string) {
		line, column := 1, 1
		for _, found := range tinyps.Validate([]byte(svg)) {
			if !ids[found.Rule] || found.Line < line || found.Line == line && found.Column < column {
				t.Errorf("finding %+v is of no rule, or stands before %d:%d", found, line, column)
			}
			if !utf8.ValidString(found.Detail) || len(found.Detail) > 1000 {
				t.Errorf("detail %q can't be shown", found.Detail)
			}
			line, column = found.Line, found.Column
		}
	})
}
