package parse_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

// outcome writes what Documents gives, one line a document.
func outcome(r io.Reader) []string {
	var out []string
	for doc, err := range parse.Documents(r) {
		switch {
		case err != nil:
			out = append(out, "error: "+err.Error())
		case doc.Err != nil:
			out = append(out, fmt.Sprintf("%d %s: %v", doc.Position, doc.Source, doc.Err))
		default:
			out = append(out, fmt.Sprintf("%d %s: %s, entry %v", doc.Position, doc.Source, doc.Mark.Organisation.Name, doc.Entry != nil))
		}
	}
	return out
}

func TestDocuments(t *testing.T) {
	ca := marktest.NewCA("Weaver")
	ash, elm := ca.Issue(marktest.Registered("Ash", "ash.example", 1)), ca.Issue(marktest.Registered("Elm", "elm.example", 2))
	tls := ca.IssueTLS("shop.example", 1)
	const noEKU = "not a mark certificate: it has no extended key usage 1.3.6.1.5.5.7.3.31"
	const noLeafEKU = "not a mark certificate: its leaf holds no extended key usage 1.3.6.1.5.5.7.3.31"
	leaf, extra := base64.StdEncoding.EncodeToString(precertLeaf(ash, 1)), base64.StdEncoding.EncodeToString(precertExtra(ash))
	oneLine := "-----BEGIN CERTIFICATE-----" + base64.StdEncoding.EncodeToString(ash.Certificate) + "-----END CERTIFICATE-----"
	tests := []struct {
		name, in string
		want     []string
	}{
		{"PEM", string(pemOf(ash.Certificate, tls.Certificate, elm.Precertificate)), []string{
			"0 PEM block 1: Ash, entry false", "1 PEM block 2: " + noEKU, "2 PEM block 3: Elm, entry false"}},
		{"PEM in one line", oneLine, []string{"0 PEM block 1: Ash, entry false"}},
		{"PEM after words that begin no block", "{\n-----BEGIN to read here:" + strings.Repeat(" x", 100) + oneLine, []string{"0 PEM block 1: Ash, entry false"}},
		{"PEM with headers", strings.Replace(oneLine, "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nA: b\n\n", 1), []string{"0 PEM block 1: Ash, entry false"}},
		{"PEM of another type", "-----BEGIN RUBBISH-----\nAAAA\n-----END RUBBISH-----\n" + oneLine, []string{
			`0 PEM block 1: not a mark certificate: the PEM block is of type "RUBBISH"`, "1 PEM block 2: Ash, entry false"}},
		{"PEM with broken base64", "-----BEGIN CERTIFICATE-----\nA?AA\n-----END CERTIFICATE-----\n" + oneLine, []string{
			"0 PEM block 1: reading PEM block 1: undoing its base64: illegal base64 data at input byte 1", "1 PEM block 2: Ash, entry false"}},
		{"PEM without end", strings.TrimSuffix(oneLine, "-----END CERTIFICATE-----"), []string{"0 PEM block 1: Ash, entry false"}},
		{"DER", string(ash.Certificate) + string(elm.Certificate), []string{"0 DER certificate 1: Ash, entry false", "1 DER certificate 2: Elm, entry false"}},
		{"DER cut short", string(tls.Certificate[:200]), []string{"0 DER certificate 1: not a mark certificate: these bytes aren't an X.509 certificate in DER"}},
		{"DER and noise", string(ash.Certificate) + "noise", []string{"0 DER certificate 1: Ash, entry false", "error: reading DER certificate 2: no DER SEQUENCE begins here"}},
		{"DER too large", "\x30\x84\x40\x00\x00\x00", []string{"error: reading DER certificate 1: 1073741824 bytes are more than 8388608"}},
		{"get-entries", string(getEntries(ash, tls, elm)), []string{
			"0 entry 0: Ash, entry true", "1 entry 1: Ash, entry true", "2 entry 2: " + noLeafEKU, "3 entry 3: " + noLeafEKU,
			"4 entry 4: Elm, entry true", "5 entry 5: Elm, entry true"}},
		{"array", "\xef\xbb\xbf [ {\"note\": [1, {}], \"leaf_input\": \"" + leaf + "\"} ]", []string{"0 entry 0: Ash, entry true"}},
		{"single entry", `{"leaf_index": 7, "leaf_input": "` + leaf + `", "extra_data": "` + extra + `", "audit_path": ["x"]}`, []string{"0 entry 0: Ash, entry true"}},
		{"entries one a line", `{"leaf_input": "` + leaf + `"}` + "\n" + `{"leaf_input": "` + leaf + `"}`, []string{"0 entry 0: Ash, entry true", "1 entry 1: Ash, entry true"}},
		{"no entries in the answer", `{"entries": []}`, nil},
		{"bad entries", `[{"leaf_input": "?"}, 7, {"leaf_input": 8}, {"extra_data": "AA=="}, {"leaf_input": "` + leaf + `"}]`, []string{
			"0 entry 0: reading entry 0: undoing the base64 of leaf_input: illegal base64 data at input byte 0",
			"1 entry 1: reading entry 1: json: cannot unmarshal number into Go value of type parse.rawEntry",
			"2 entry 2: reading entry 2: json: cannot unmarshal number into Go struct field rawEntry.leaf_input of type string",
			"3 entry 3: reading entry 3: it has no leaf_input", "4 entry 4: Ash, entry true"}},
		{"JSON cut short", `{"entries": [{"leaf_input": "` + leaf + `"}, {"leaf`, []string{"0 entry 0: Ash, entry true", "error: reading JSON after entry 1: unexpected EOF"}},
		{"other JSON", `{"hello": "world"}`, []string{`error: reading JSON: it has no entries: neither an "entries" array nor objects with "leaf_input"`}},
		{"entries of another kind", `{"entries": 7}`, []string{`error: reading JSON after entry 0: "entries" isn't an array`}},
		{"text", "hello", []string{"error: reading certificates: the input is neither PEM, nor DER, nor JSON of log entries"}},
		{"nothing", "", []string{"error: reading certificates: the input is neither PEM, nor DER, nor JSON of log entries"}},
	}
	for _, tt := range tests {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(tt.in), "by byte": iotest.OneByteReader(strings.NewReader(tt.in))} {
			if diff := cmp.Diff(tt.want, outcome(r)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.name, name, diff)
			}
		}
	}
}

func TestDocumentsReadError(t *testing.T) {
	broken := errors.New("the disk is on fire")
	ash := marktest.NewCA("Weaver").Issue(marktest.Registered("Ash", "ash.example", 1))
	for name, in := range map[string][]byte{"PEM": pemOf(ash.Certificate), "DER": ash.Certificate, "JSON": getEntries(ash), "nothing": nil} {
		var last error
		for _, err := range parse.Documents(io.MultiReader(bytes.NewReader(in), iotest.ErrReader(broken))) {
			last = err
		}
		if !errors.Is(last, broken) {
			t.Errorf("%s: %v, want %v", name, last, broken)
		}
	}
}

func TestDocumentsStops(t *testing.T) {
	ash := marktest.NewCA("Weaver").Issue(marktest.Registered("Ash", "ash.example", 1))
	for name, in := range map[string][]byte{"PEM": pemOf(ash.Certificate, ash.Certificate), "DER": append(bytes.Clone(ash.Certificate), ash.Certificate...), "JSON": getEntries(ash)} {
		n := 0
		for range parse.Documents(bytes.NewReader(in)) {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%s: %d documents after a break", name, n)
		}
	}
}

func TestDocumentsBrokenExtraData(t *testing.T) {
	ash := marktest.NewCA("Weaver").Issue(marktest.Registered("Ash", "ash.example", 1))
	text, err := json.Marshal([]map[string]string{{"leaf_input": base64.StdEncoding.EncodeToString(precertLeaf(ash, 1)), "extra_data": "?"}})
	if err != nil {
		t.Fatal(err)
	}
	for doc, err := range parse.Documents(bytes.NewReader(text)) {
		if err != nil || doc.Err != nil {
			t.Fatalf("%v, %v", err, doc.Err)
		}
		if d := strings.Join(finding(doc.Mark, "extra-data"), "; "); !strings.Contains(d, "base64 of extra_data is broken") {
			t.Errorf("findings %q", d)
		}
	}
}

// repeated reads head, a body many times over, and tail.
func repeated(head, body, tail string, times int) io.Reader {
	readers := []io.Reader{strings.NewReader(head)}
	for range times {
		readers = append(readers, strings.NewReader(body))
	}
	return io.MultiReader(append(readers, strings.NewReader(tail))...)
}

// However long the input, and however large one value of it, memory stays bounded.
func TestDocumentsMemory(t *testing.T) {
	const megabyte = 1 << 20
	text := strings.Repeat("A", megabyte)
	tests := map[string]struct {
		in   io.Reader
		want string
	}{
		"text":          {repeated("", text, "", 200), "neither PEM"},
		"PEM block":     {repeated("-----BEGIN CERTIFICATE-----\n", text, "", 200), "doesn't follow within 8388608 bytes"},
		"JSON string":   {repeated(`[{"leaf_input": "`, text, `"}]`, 200), "larger than 8388608 bytes"},
		"JSON depth":    {repeated(`[{"note":`, strings.Repeat("[", megabyte), "", 20), "exceeded max depth"},
		"JSON entries":  {repeated(`{"entries": [`, strings.Repeat(`{"leaf_input": "AAAA"},`, 1000), `{"leaf_input": "AAAA"}]}`, 200), ""},
		"JSON unneeded": {repeated(`{"note": "`, text, `"}`, 200), "larger than 8388608 bytes"},
	}
	for name, tt := range tests {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var last error
		for _, err := range parse.Documents(tt.in) {
			last = err
		}
		runtime.ReadMemStats(&after)
		if tt.want == "" && last != nil || last == nil && tt.want != "" || last != nil && !strings.Contains(last.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, last, tt.want)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 64*megabyte {
			t.Errorf("%s: the heap grew by %d MB", name, grown/megabyte)
		}
	}
}
