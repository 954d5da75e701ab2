package tinyps_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/parse/tinyps"
)

// good is a logo without a finding, to be changed.
const good = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">
  <title>Larkspur Kettle Works</title>
  <desc>a kettle</desc>
  <rect width="64" height="64" fill="#205060"/>
  <g fill="none" stroke="#fff" transform="translate(2 2)">
    <path id="lid" d="M10 10h40l-4 9z" stroke-linecap="round"/>
    <circle cx="30" cy="40" r="12"/>
  </g>
  <use xlink:href="#lid" x="1" y="30"/>
</svg>
`

// changed is good with a text in the place of another.
func changed(t *testing.T, old, with string) string {
	t.Helper()
	if !strings.Contains(good, old) {
		t.Fatalf("the good logo doesn't hold %q", old)
	}
	return strings.Replace(good, old, with, 1)
}

// insert puts markup behind the circle, on a line of its own.
func insert(t *testing.T, markup string) string {
	return changed(t, `r="12"/>`+"\n", `r="12"/>`+"\n"+markup+"\n")
}

// told gives the findings as "line:column rule".
func told(svg string) []string {
	var out []string
	for _, f := range tinyps.Validate([]byte(svg)) {
		out = append(out, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule))
	}
	return out
}

type logoCase struct {
	name string
	svg  string
	want []string
}

func profileCases(t *testing.T) []logoCase {
	root := `version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64"`
	title := "  <title>Larkspur Kettle Works</title>\n"
	return []logoCase{
		{"good", good, nil},
		{"profile tiny", changed(t, `"tiny-ps"`, `"tiny"`), []string{"2:98 svg-base-profile"}},
		{"no profile", changed(t, `baseProfile="tiny-ps" `, ""), []string{"2:1 svg-base-profile"}},
		{"version 1.1", changed(t, `"1.2"`, `"1.1"`), []string{"2:84 svg-version"}},
		{"no version", changed(t, `version="1.2" `, ""), []string{"2:1 svg-version"}},
		{"x and y on the root", changed(t, root, `x="0" y="0px" `+root), []string{"2:84 svg-root-position", "2:90 svg-root-position"}},
		{"viewBox of three numbers", changed(t, `"0 0 64 64"`, `"0 0 64"`), []string{"2:120 svg-view-box"}},
		{"viewBox without size", changed(t, `"0 0 64 64"`, `"0 0 0 0"`), []string{"2:120 svg-view-box"}},
		{"no viewBox", changed(t, ` viewBox="0 0 64 64"`, ""), []string{"2:1 svg-view-box-absent"}},
		{"oblong", changed(t, `"0 0 64 64"`, `"0,0,64,48"`), []string{"2:120 svg-not-square"}},
		{"relative width", changed(t, root, `width="100%" `+root), []string{"2:84 svg-relative-size"}},
		{"absolute width", changed(t, root, `width="96px" height="1in" `+root), nil},
		{"no title", changed(t, title, ""), []string{"2:1 svg-title"}},
		{"title second", changed(t, title, "<desc/>"+title), []string{"3:10 svg-title"}},
		{"two titles", changed(t, title, title+title), []string{"4:3 svg-title"}},
		{"title in a group", insert(t, "<title>lid</title>"), []string{"9:1 svg-element-place"}},
		{"empty title", changed(t, "Larkspur Kettle Works", " "), []string{"3:3 svg-title-text"}},
		{"title of 65", changed(t, "Larkspur Kettle Works", strings.Repeat("é", 65)), []string{"3:3 svg-title-text"}},
		{"title of 64", changed(t, "Larkspur Kettle Works", strings.Repeat("é", 64)), nil},
		{"title in CDATA", changed(t, "Larkspur Kettle Works", "<![CDATA[Larkspur & Co]]>"), nil},
		{"root isn't svg", "<g/>", []string{"1:1 svg-root"}},
		{"root without namespace", `<svg version="1.2"/>`, []string{"1:1 svg-root"}},
		{"nothing", "", []string{"1:1 svg-root"}},
		{"prefixed", `<s:svg xmlns:s="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 1 1"><s:title>x</s:title></s:svg>`, nil},
	}
}

func contentCases(t *testing.T) []logoCase {
	return []logoCase{
		{"script", insert(t, "<script>go()</script>"), []string{"9:1 svg-script"}},
		{"javascript address", insert(t, `<use xlink:href="javascript:go()"/>`), []string{"9:6 svg-script"}},
		{"event handler", insert(t, `<rect onclick="go()"/>`), []string{"9:7 svg-event-handler"}},
		{"animation", insert(t, `<animate attributeName="r"/>`), []string{"9:1 svg-animation"}},
		{"link", insert(t, `<a><rect/></a>`), []string{"9:1 svg-link"}},
		{"raster", insert(t, `<image xlink:href="data:image/png;base64,AAAA"/>`), []string{"9:1 svg-multimedia", "9:8 svg-data-reference"}},
		{"outside", insert(t, `<use xlink:href="other.svg#a"/>`), []string{"9:6 svg-external-reference"}},
		{"outside in a property", insert(t, `<rect fill="URL(http://x.example/#a)"/>`), []string{"9:7 svg-external-reference"}},
		{"xml:base", insert(t, `<rect xml:base="http://x.example/"/>`), []string{"9:7 svg-external-reference"}},
		{"broken", insert(t, `<rect fill="url(#nowhere)"/>`), []string{"9:7 svg-broken-reference"}},
		{"href", insert(t, `<use href="#lid"/>`), []string{"9:6 svg-href"}},
		{"clip", insert(t, `<clipPath/>`), []string{"9:1 svg-element"}},
		{"tspan", insert(t, `<text>a<tspan>b</tspan></text>`), []string{"9:1 svg-font", "9:8 svg-element"}},
		{"svg in svg", insert(t, `<svg/>`), []string{"9:1 svg-element-place"}},
		{"stop in a group", insert(t, `<stop/>`), []string{"9:1 svg-element-place"}},
		{"unknown element", insert(t, `<kettle/>`), []string{"9:1 svg-element"}},
		{"opacity", insert(t, `<rect opacity=".5"/>`), []string{"9:7 svg-attribute"}},
		{"xlink on a rect", insert(t, `<rect xlink:title="a"/>`), []string{"9:7 svg-attribute"}},
		{"points on a circle", insert(t, `<circle points="1"/>`), []string{"9:9 svg-attribute"}},
		{"both ids", insert(t, `<rect id="a" xml:id="b"/>`), []string{"9:1 svg-attribute"}},
		{"wrong word", insert(t, `<path stroke-linejoin="arcs"/>`), []string{"9:7 svg-attribute-value"}},
		{"weight 700", insert(t, `<path font-weight="700"/>`), []string{"9:7 svg-attribute-value"}},
		{"id with a space", insert(t, `<path id="a b"/>`), []string{"9:7 svg-attribute-value"}},
		{"id that begins with a digit", insert(t, `<path id="1"/>`), []string{"9:7 svg-attribute-value"}},
		{"language", insert(t, `<path xml:lang="e n"/>`), []string{"9:7 svg-attribute-value"}},
		{"class", insert(t, `<path class=""/>`), []string{"9:7 svg-attribute-value"}},
		{"text in a group", insert(t, `kettle`), []string{"9:1 svg-text-place"}},
		{"id twice", insert(t, `<rect id="lid"/>`), []string{"9:7 svg-id-twice"}},
		{"arc", insert(t, `<path d="M1 1a2 2 0 0 1 3 3"/>`), []string{"9:7 svg-path-data"}},
		{"odd path data", insert(t, `<path d="M1 1 &#x9C;"/>`), []string{"9:7 svg-path-data"}},
		{"style attribute", insert(t, `<rect style="fill:red"/>`), []string{"9:7 svg-stylesheet"}},
		{"style element", insert(t, `<style>a{}</style>`), []string{"9:1 svg-stylesheet"}},
		{"text", insert(t, `<text x="1">kettle</text>`), []string{"9:1 svg-font"}},
		{"gradient", insert(t, `<linearGradient id="g"><stop offset="0"/></linearGradient>`), []string{"9:1 svg-gradient"}},
		{"foreign element", insert(t, `<i:x xmlns:i="urn:i" i:y="1"><i:z/></i:x>`), []string{"9:1 svg-namespace", "9:6 svg-namespace-declared", "9:22 svg-namespace"}},
	}
}

func backgroundCases(t *testing.T) []logoCase {
	rect := `<rect width="64" height="64" fill="#205060"/>`
	behind := func(markup string) string { return changed(t, rect, markup) }
	return []logoCase{
		{"none", behind(""), []string{"7:5 svg-background"}},
		{"small", behind(`<rect width="60" height="64"/>`), []string{"5:3 svg-background"}},
		{"not filled", behind(`<rect width="64" height="64" fill="none"/>`), []string{"5:3 svg-background"}},
		{"glass", behind(`<rect width="64" height="64" fill-opacity="0.9"/>`), []string{"5:3 svg-background"}},
		{"percent", behind(`<rect width="100%" height="100%"/>`), nil},
		{"wide circle", behind(`<circle cx="32" cy="32" r="46"/>`), nil},
		{"inscribed circle", behind(`<circle cx="32" cy="32" r="32"/>`), []string{"5:3 svg-background"}},
		{"path", behind(`<path d="M0 0h64v64H0z"/>`), nil},
		{"path by lines", behind(`<path d="M64,64 0,64 L0 0 64-0z"/>`), nil},
		{"triangle", behind(`<path d="M0 0h64L0 64z"/>`), []string{"5:3 svg-background"}},
		{"defined shapes aren't drawn", behind(`<defs><circle/></defs>` + rect), nil},
	}
}

func xmlCases(t *testing.T) []logoCase {
	declaration := `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	return []logoCase{
		{"no declaration", changed(t, declaration, ""), nil},
		{"byte order mark", "\ufeff" + good, []string{"1:1 svg-byte-order-mark"}},
		{"UTF-16", "\xff\xfe<\x00", []string{"1:1 svg-encoding"}},
		{"gzip", "\x1f\x8b\x08", []string{"1:1 svg-encoding"}},
		{"not UTF-8", changed(t, "kettle<", "k\xe9ttle<"), []string{"4:12 svg-encoding"}},
		{"CRLF", strings.ReplaceAll(good, "\n", "\r\n"), []string{"1:39 svg-line-ends"}},
		{"Latin-1 declared", changed(t, "UTF-8", "ISO-8859-1"), []string{"1:1 svg-xml-declaration"}},
		{"XML 1.1", changed(t, "1.0", "1.1"), []string{"1:1 svg-xml-declaration"}},
		{"standalone", changed(t, `"UTF-8"`, `"UTF-8" standalone="yes"`), nil},
		{"standalone maybe", changed(t, `"UTF-8"`, `"UTF-8" standalone="maybe"`), []string{"1:1 svg-not-well-formed"}},
		{"declaration second", "\n" + good, []string{"2:1 svg-not-well-formed"}},
		{"declaration without version", changed(t, `version="1.0" enc`, "enc"), []string{"1:1 svg-not-well-formed"}},
		{"doctype", changed(t, "<svg", "<!DOCTYPE svg [<!-- it's --> <!ENTITY a \"]>\">]>\n<svg"), []string{"2:1 svg-doctype"}},
		{"entity", changed(t, "kettle<", "&kettle;<"), []string{"4:11 svg-entity"}},
		{"stylesheet", changed(t, "<svg", "<?xml-stylesheet href='a'?><svg"), []string{"2:1 svg-stylesheet"}},
		{"instruction", changed(t, "<svg", "<?kettle on?><svg"), []string{"2:1 svg-processing-instruction"}},
		{"references", changed(t, "kettle<", "&lt;&amp;&gt;&quot;&apos;&#107;&#x6b;<"), nil},
		{"reference to no character", changed(t, "kettle<", "&#0;<"), []string{"4:11 svg-not-well-formed"}},
		{"bare ampersand", changed(t, "kettle<", "k & t<"), []string{"4:13 svg-not-well-formed"}},
		{"not closed", strings.TrimSuffix(good, "</svg>\n"), []string{"11:1 svg-not-well-formed"}},
		{"closed by another", changed(t, "</g>", "</h>"), []string{"9:3 svg-not-well-formed"}},
		{"second root", good + "<svg/>", []string{"12:1 svg-not-well-formed"}},
		{"attribute twice", insert(t, `<rect x="1" x="2"/>`), []string{"9:13 svg-not-well-formed"}},
		{"attribute without quotes", insert(t, `<rect x=1/>`), []string{"9:7 svg-not-well-formed"}},
		{"attributes without space", insert(t, `<rect x="1"y="1"/>`), []string{"9:12 svg-not-well-formed"}},
		{"prefix undeclared", insert(t, `<q:rect/>`), []string{"9:1 svg-not-well-formed"}},
		{"comment", insert(t, `<!-- a -- b -->`), []string{"9:1 svg-not-well-formed"}},
		{"text behind the root", good + "tea", []string{"12:1 svg-not-well-formed"}},
		{"namespace declared", changed(t, "xmlns:xlink", `xmlns:i="urn:i" xmlns:xlink`), []string{"2:41 svg-namespace-declared"}},
		{"control character", changed(t, "kettle<", "\x01<"), []string{"4:11 svg-not-well-formed"}},
	}
}

// TestFindings guards what each fault is called, and where it is said to be.
func TestFindings(t *testing.T) {
	seen := map[string]bool{}
	groups := map[string][]logoCase{"profile": profileCases(t), "content": contentCases(t), "background": backgroundCases(t), "XML": xmlCases(t)}
	for group, cases := range groups {
		for _, tc := range cases {
			t.Run(group+"/"+tc.name, func(t *testing.T) {
				got := told(tc.svg)
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("findings (-want +got):\n%s\n%s", diff, tc.svg)
				}
			})
			for _, w := range tc.want {
				seen[strings.Fields(w)[1]] = true
			}
		}
	}
	elsewhere := []string{"svg-too-large", "svg-too-complex", "svg-size", "svg-more"}
	for _, rule := range tinyps.Rules() {
		if !seen[rule.ID] && !strings.Contains(strings.Join(elsewhere, " "), rule.ID) {
			t.Errorf("no case shows %s", rule.ID)
		}
	}
}

// TestRules guards that each rule says what a reader of findings needs.
func TestRules(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range tinyps.Rules() {
		if ids[r.ID] || !strings.HasPrefix(r.ID, "svg-") || r.Summary == "" || r.Mend == "" || r.Citation == "" || r.Severity == "" {
			t.Errorf("rule %+v is incomplete, or there twice", r)
		}
		ids[r.ID] = true
	}
	f := tinyps.Validate([]byte(changed(t, `"tiny-ps"`, `"tiny"`)))[0]
	want := tinyps.Finding{Rule: "svg-base-profile", Severity: "error", Line: 2, Column: 98, Detail: `it is "tiny"`, Mend: `write baseProfile="tiny-ps" on the root`, Citation: f.Citation}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
	if tinyps.Conforms([]tinyps.Finding{f}) || !tinyps.Conforms(tinyps.Validate([]byte(insert(t, "<text/>")))) {
		t.Error("Conforms doesn't tell errors from warnings")
	}
}

func BenchmarkValidate(b *testing.B) {
	svg := []byte(strings.Replace(good, "</g>", strings.Repeat(`<path d="M10 10c1.5 2.5 3.5 4.5 5 6z" fill="#123456"/>`, 100)+"</g>", 1))
	b.SetBytes(int64(len(svg)))
	b.ReportAllocs()
	for b.Loop() {
		if got := tinyps.Validate(svg); len(got) != 0 {
			b.Fatal(got)
		}
	}
}
