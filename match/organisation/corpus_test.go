package organisation_test

import (
	"encoding/pem"
	"os"
	"testing"

	"math/rand/v2"
	"strings"

	"github.com/trustelem/zxcvbn/frequency"

	"markwatch/parse"
)

// invented makes n different names as companies have them, always the same: a third with an
// invented word, a third of ordinary words, a third of surnames, each with what the company does
// and its legal form.
func invented(n int) []string { return inventedSeed(n, 2) }

// inventedSeed does that with another chance.
func inventedSeed(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(1, seed))
	taken := map[string]bool{}
	var names []string
	for len(names) < n {
		core := coreName(r)
		if taken[core] {
			continue
		}
		taken[core] = true
		name := core
		if r.IntN(4) > 0 {
			name += " " + pick(r, "Bank Holdings Group Services Logistik Consulting Foods Energy Media Systems Pharma Versicherung Trading Immobilien Software Hotels")
		}
		names = append(names, name+" "+pick(r, "Ltd GmbH AG S.A. Inc. LLC plc B.V. AB Oy S.p.A. SARL Kft. A/S ApS K.K."))
	}
	return names
}

// coreName is the part of a name that tells the company from others.
func coreName(r *rand.Rand) string {
	switch r.IntN(3) {
	case 0:
		return inventedWord(r)
	case 1:
		return ranked(r, "english_wikipedia") + " " + ranked(r, "english_wikipedia")
	}
	if name := ranked(r, "surnames"); r.IntN(2) == 0 {
		return name + " & " + ranked(r, "surnames")
	} else {
		return ranked(r, "male_names") + " " + name
	}
}

// ranked draws a word of a frequency list, common ones more often, and writes it with a capital.
func ranked(r *rand.Rand, list string) string {
	words := frequency.FrequencyLists[list]
	for {
		u := r.Float64()
		if word := words[int(u*u*float64(len(words)))]; len(word) > 3 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
			return strings.ToUpper(word[:1]) + word[1:]
		}
	}
}

// inventedWord is a word of two to four syllables.
func inventedWord(r *rand.Rand) string {
	var b strings.Builder
	for range 2 + r.IntN(3) {
		b.WriteString(pick(r, "b br c ch d dr f fl g gr h j k kl l m n p pr qu r s st t tr v w z th sch sp"))
		b.WriteString(pick(r, "a e i o u ai ea ou ei au"))
		b.WriteString(pick(r, "n r l s m t ck nd rt x - - - -"))
	}
	word := strings.ReplaceAll(b.String(), "-", "")
	return strings.ToUpper(word[:1]) + word[1:]
}

// pick draws one of some words.
func pick(r *rand.Rand, words string) string {
	list := strings.Fields(words)
	return list[r.IntN(len(list))]
}

// mark reads a mark certificate.
func mark(t *testing.T, file string) *parse.MarkCertificate {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s: no PEM", file)
	}
	m, err := parse.Certificate(block.Bytes)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return m
}
