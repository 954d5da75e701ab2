package evidence_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/evidence"
	"markwatch/internal/marktest"
	"markwatch/scanner"
)

func hexOf(sum [32]byte) string    { return hex.EncodeToString(sum[:]) }
func base64Of(sum [32]byte) string { return base64.StdEncoding.EncodeToString(sum[:]) }

// TestKinds guards that the pack of every kind of certificate, and of every
// odd one that can still be read, holds.
func TestKinds(t *testing.T) {
	l := ctlogtest.New(ctlogtest.Options{Name: "kinds"})
	ca := marktest.NewCA("Evidence Test CA")
	kinds := append(marktest.Kinds(), marktest.Malformations()...)
	for _, kind := range kinds {
		pair(l, ca, kind.Spec)
	}
	delegated := ca.IssueDelegated(marktest.Registered("Delegated Kettle Ltd", "delegated-kettle.example", 99))
	l.AddPreChain(delegated.Precertificate, delegated.TBS, delegated.IssuerKeyHash, delegated.Chain...)
	l.Publish()
	read := batches(t, l, true, scanner.Position{})
	seen := map[[32]byte]bool{}
	for _, b := range read {
		for _, m := range b.Marks {
			tbs := m.Entry.Mark.TBSSHA256
			if seen[tbs] {
				continue
			}
			seen[tbs] = true
			pack, _ := packed(t, bare(t, l, read, tbs))
			r := sound(t, pack, described(l, true))
			for _, c := range r.Checks {
				if strings.Contains(c.Note, "not confirmed") {
					t.Errorf("%s %s: %s", m.Entry.Mark.Organisation.Name, c.Piece, c.Note)
				}
			}
		}
	}
	if len(seen) < len(marktest.Kinds()) {
		t.Errorf("%d issuances were packed, want %d or more", len(seen), len(marktest.Kinds()))
	}
}

// TestSameBytes guards that a case has one pack.
func TestSameBytes(t *testing.T) {
	l := small("same")
	read := batches(t, l, true, scanner.Position{})
	c := bare(t, l, read, read[0].Marks[0].Entry.Mark.TBSSHA256)
	c.Other = bare(t, l, read, read[0].Marks[2].Entry.Mark.TBSSHA256).Found
	first, _ := packed(t, c)
	for range 6 {
		if again, _ := packed(t, c); !bytes.Equal(first, again) {
			t.Fatal("the same case was packed to other bytes")
		}
	}
}

// TestHowTo guards that VERIFY.md names pieces that there are, and the values of
// the pack, for a pair and for orphans of each kind.
func TestHowTo(t *testing.T) {
	l := small("how")
	read := batches(t, l, true, scanner.Position{})
	name := regexp.MustCompile(`found/[a-zA-Z0-9_./-]+[a-z0-9]`)
	for _, m := range read[0].Marks {
		_, pieces := packed(t, bare(t, l, read, m.Entry.Mark.TBSSHA256))
		text := string(pieces["VERIFY.md"])
		for _, n := range name.FindAllString(text, -1) {
			if _, ok := pieces[n]; !ok && pieces[n+"/leaf_input.bin"] == nil {
				t.Errorf("VERIFY.md names %s, which the pack doesn't have", n)
			}
		}
		for _, want := range []string{base64Of(l.LogID()), hexOf(m.Entry.Mark.TBSSHA256), hexOf(m.Entry.Mark.Logo.SVGSHA256), hexOf(l.Root(l.Size()))} {
			if !strings.Contains(text, want) {
				t.Errorf("VERIFY.md of entry %d doesn't have %s", m.Raw.Index, want)
			}
		}
	}
}

// TestTampered guards that a changed, a missing and an added piece are named.
func TestTampered(t *testing.T) {
	l := small("tampered")
	read := batches(t, l, true, scanner.Position{})
	_, pieces := packed(t, bare(t, l, read, read[0].Marks[0].Entry.Mark.TBSSHA256))
	if len(pieces) < 30 {
		t.Errorf("a pack of a pair has %d pieces", len(pieces))
	}
	for name := range pieces {
		changed := maps.Clone(pieces)
		changed[name] = slices.Clone(changed[name])
		changed[name][len(changed[name])/2] ^= 1
		if named := problem(t, zipped(t, changed)); named != name {
			t.Errorf("%s was changed, and %q is named", name, named)
		}
		delete(changed, name)
		if named := problem(t, zipped(t, changed)); named != name {
			t.Errorf("%s is missing, and %q is named", name, named)
		}
	}
	added := maps.Clone(pieces)
	added["found/entry-1/letter.txt"] = []byte("yours sincerely")
	if named := problem(t, zipped(t, added)); named != "found/entry-1/letter.txt" {
		t.Errorf("a letter was added, and %q is named", named)
	}
}

// problem is the piece that is named first as wrong; "" if none is.
func problem(t *testing.T, pack []byte) string {
	t.Helper()
	r, err := evidence.Verify(bytes.NewReader(pack), int64(len(pack)), nil)
	if err != nil {
		for _, name := range []string{"manifest.json", "SHA256SUMS"} {
			if strings.Contains(err.Error(), name) {
				return name
			}
		}
		t.Fatal(err)
	}
	if p := r.Problems(); len(p) > 0 {
		return p[0].Piece
	}
	return ""
}

// resealed gives changed pieces the hashes of who wants the change not to be seen.
func resealed(t testing.TB, pieces map[string][]byte, change func(map[string]any)) map[string][]byte {
	t.Helper()
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(pieces["manifest.json"]))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(m)
	}
	pieces = maps.Clone(pieces)
	for _, p := range m["pieces"].([]any) {
		piece := p.(map[string]any)
		piece["sha256"] = hexOf(sha256.Sum256(pieces[piece["name"].(string)]))
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	pieces["manifest.json"] = text
	delete(pieces, "SHA256SUMS")
	var sums strings.Builder
	for _, name := range slices.Sorted(maps.Keys(pieces)) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(pieces[name]), name)
	}
	pieces["SHA256SUMS"] = []byte(sums.String())
	return pieces
}

// TestResealed guards that what the proofs cover can't be changed by one who
// writes all hashes anew.
func TestResealed(t *testing.T) {
	l := small("resealed")
	read := batches(t, l, true, scanner.Position{})
	_, pieces := packed(t, bare(t, l, read, read[0].Marks[0].Entry.Mark.TBSSHA256))
	if named := problem(t, zipped(t, resealed(t, maps.Clone(pieces), nil))); named != "" {
		t.Fatalf("nothing was changed, and %s is named", named)
	}
	judged := []string{"VERIFY.md", "report.pdf", "report.txt", "found/logo.png", "manifest.json", "SHA256SUMS"}
	for name := range pieces {
		if slices.Contains(judged, name) {
			continue
		}
		changed := maps.Clone(pieces)
		changed[name] = slices.Clone(changed[name])
		changed[name][len(changed[name])/2] ^= 1
		if named := problem(t, zipped(t, resealed(t, changed, nil))); named == "" {
			t.Errorf("%s was changed, and nothing is wrong", name)
		}
	}
	first := func(m map[string]any) map[string]any { return m["issuances"].([]any)[0].(map[string]any) }
	entry := func(m map[string]any) map[string]any { return first(m)["entries"].([]any)[0].(map[string]any) }
	for name, change := range map[string]func(map[string]any){
		"organisation": func(m map[string]any) { first(m)["organisation"] = "Somebody Else Ltd" },
		"domains":      func(m map[string]any) { first(m)["domains"] = []string{"elsewhere.example"} },
		"not_before":   func(m map[string]any) { first(m)["not_before"] = "2020-01-01T00:00:00Z" },
		"tbs":          func(m map[string]any) { first(m)["tbs_sha256"] = strings.Repeat("0", 64) },
		"no entries":   func(m map[string]any) { first(m)["entries"] = []any{} },
		"no issuances": func(m map[string]any) { m["issuances"] = []any{} },
		"index":        func(m map[string]any) { entry(m)["leaf_index"] = json.Number("1") },
		"timestamp":    func(m map[string]any) { entry(m)["timestamp"] = "2020-01-01T00:00:00Z" },
		"log id":       func(m map[string]any) { entry(m)["log_id"] = base64Of([32]byte{1}) },
		"tree size":    func(m map[string]any) { entry(m)["tree_size"] = json.Number("7") },
		"chain":        func(m map[string]any) { entry(m)["chain"] = json.Number("1") },
		"unproved all": func(m map[string]any) {
			for _, e := range first(m)["entries"].([]any) {
				e.(map[string]any)["unproved"] = "trust me"
			}
		},
	} {
		if named := problem(t, zipped(t, resealed(t, maps.Clone(pieces), change))); named == "" {
			t.Errorf("the manifest says another thing (%s), and nothing is wrong", name)
		}
	}
}

// TestKnownKey guards that a pack with a key of its own making is not taken for
// one of a log that is known.
func TestKnownKey(t *testing.T) {
	l, other := small("known"), small("other")
	read := batches(t, l, true, scanner.Position{})
	pack, _ := packed(t, bare(t, l, read, read[0].Marks[0].Entry.Mark.TBSSHA256))
	noted := func(known scanner.Log) bool {
		return slices.ContainsFunc(sound(t, pack, known).Checks, func(c evidence.Check) bool { return strings.Contains(c.Note, "knows no log of this key") })
	}
	if noted(described(l, true)) {
		t.Error("the key of a known log is noted as unknown")
	}
	if !noted(described(other, true)) {
		t.Error("the key of an unknown log is not noted")
	}
}

// TestNoPack guards that what is no pack is refused, in bounded time and memory.
func TestNoPack(t *testing.T) {
	raw := func(files ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range files {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(w, "{}")
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	var many []string
	for i := range 2001 {
		many = append(many, fmt.Sprintf("piece-%d", i))
	}
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create("manifest.json")
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, 1<<20)
		for range 65 {
			w.Write(zeros)
		}
		z.Close()
		return b.Bytes()
	}
	whole := zipped(t, slim(t))
	for name, c := range map[string]struct {
		pack []byte
		want string
	}{
		"not a zip":       {[]byte("hello"), "no ZIP file"},
		"empty":           {nil, "no ZIP file"},
		"no manifest":     {raw("report.pdf"), "has no manifest.json"},
		"another format":  {raw("manifest.json"), "of no evidence pack"},
		"out of a folder": {raw("../manifest.json"), "no name of a piece"},
		"absolute":        {raw("/etc/passwd"), "no name of a piece"},
		"backslashes":     {raw(`..\manifest.json`), "no name of a piece"},
		"twice":           {raw("manifest.json", "manifest.json"), "twice"},
		"many files":      {raw(many...), "2001 files"},
		"a bomb":          {bomb(), "more than a pack may have"},
		"begins earlier":  {append([]byte("PK\x03\x04 or a script"), whole...), "doesn't name"},
		"goes on":         {append(bytes.Clone(whole), "more"...), "doesn't name"},
		"two in one":      {append(bytes.Clone(whole), raw("manifest.json")...), "doesn't name"},
		"another name":    {bytes.Replace(whole, []byte("manifest.json"), []byte("different.txt"), 1), "doesn't name"},
	} {
		_, err := evidence.Verify(bytes.NewReader(c.pack), int64(len(c.pack)), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
}

// slim is the pack of an orphan without report and picture, which nothing but
// their hashes is checked of: small enough to be fuzzed.
func slim(t testing.TB) map[string][]byte {
	t.Helper()
	l := small("slim")
	read := batches(t, l, true, scanner.Position{})
	_, pieces := packed(t, bare(t, l, read, read[0].Marks[2].Entry.Mark.TBSSHA256))
	large := []string{"report.pdf", "report.txt", "VERIFY.md", "found/logo.png"}
	for _, name := range large {
		delete(pieces, name)
	}
	return resealed(t, pieces, func(m map[string]any) {
		m["pieces"] = slices.DeleteFunc(m["pieces"].([]any), func(p any) bool {
			return slices.Contains(large, p.(map[string]any)["name"].(string))
		})
	})
}

// FuzzVerify guards that no file breaks the check, and that it checks something.
func FuzzVerify(f *testing.F) {
	pieces := slim(f)
	f.Add(zipped(f, pieces))
	f.Add(zipped(f, map[string][]byte{"manifest.json": pieces["manifest.json"]}))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, pack []byte) {
		r, err := evidence.Verify(bytes.NewReader(pack), int64(len(pack)), nil)
		if err == nil && len(r.Checks) == 0 {
			t.Error("a pack of which nothing was checked")
		}
	})
}

// FuzzManifest guards the check against any manifest and proof beside sound
// pieces: none but the right ones hold.
func FuzzManifest(f *testing.F) {
	const proofName = "found/entry-1/inclusion_proof.json"
	pieces := slim(f)
	f.Add(pieces["manifest.json"], pieces[proofName])
	f.Add([]byte(`{"format":"markwatch evidence","version":1,"issuances":[{"folder":"found","entries":[{}]}]}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, manifest, proof []byte) {
		changed := maps.Clone(pieces)
		same := bytes.Equal(manifest, pieces["manifest.json"]) && bytes.Equal(proof, pieces[proofName])
		changed["manifest.json"], changed[proofName] = manifest, proof
		pack := zipped(t, changed)
		r, err := evidence.Verify(bytes.NewReader(pack), int64(len(pack)), nil)
		if err == nil && !same && len(r.Problems()) == 0 {
			t.Error("a changed pack holds")
		}
		if err == nil && same && len(r.Problems()) > 0 {
			t.Errorf("the pack itself doesn't hold: %v", r.Problems())
		}
	})
}
