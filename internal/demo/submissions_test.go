package demo_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"markwatch/internal/demo"
)

// read takes the first n submissions.
func read(seed uint64, n int) []demo.Submission {
	var out []demo.Submission
	for s := range demo.NewWorld(seed).Submissions(now()) {
		if out = append(out, s); len(out) == n {
			break
		}
	}
	return out
}

func TestSubmissionsAreInOrder(t *testing.T) {
	const day = 24 * time.Hour
	var last time.Time
	for i, s := range read(2, 1500) {
		if s.At.Before(last) {
			t.Errorf("submission %d is of %v, after one of %v", i, s.At, last)
		}
		last = s.At
		if s.Kind == demo.KindTLS {
			continue
		}
		if s.Spec.NotBefore.After(s.At) || s.Spec.NotAfter.Before(s.At) {
			t.Errorf("submission %d of %v: valid from %v to %v", i, s.At, s.Spec.NotBefore, s.Spec.NotAfter)
		}
		if s.Spec.NotAfter.Sub(s.Spec.NotBefore) > 398*day {
			t.Errorf("submission %d is valid from %v to %v", i, s.Spec.NotBefore, s.Spec.NotAfter)
		}
	}
	if !last.After(now()) {
		t.Errorf("1,500 submissions end %v, before now", last)
	}
}

// TestEverythingComes looks for each thing that the world is to show.
func TestEverythingComes(t *testing.T) {
	all := read(2, 500)
	count := func(f func(demo.Submission) bool) int {
		n := 0
		for _, s := range all {
			if f(s) {
				n++
			}
		}
		return n
	}
	bears := func(part string) func(demo.Submission) bool {
		return func(s demo.Submission) bool { return strings.Contains(strings.Join(s.Spec.Domains, " "), part) }
	}
	wanted := map[string]func(demo.Submission) bool{
		"precertificate alone": func(s demo.Submission) bool { return s.Kind == demo.KindPrecertificate },
		"certificate alone":    func(s demo.Submission) bool { return s.Kind == demo.KindCertificate },
		"TLS":                  func(s demo.Submission) bool { return s.Kind == demo.KindTLS },
		"malformed":            func(s demo.Submission) bool { return s.Kind == demo.KindMalformed },
		"no markType":          func(s demo.Submission) bool { return s.Kind != demo.KindTLS && s.Spec.MarkType == "" },
		"pilot":                func(s demo.Submission) bool { return s.Spec.Pilot },
		"archive address":      func(s demo.Submission) bool { return s.Spec.PriorUseURL != "" },
		"statute":              func(s demo.Submission) bool { return s.Spec.StatuteCitation != "" },
		"several hashes":       func(s demo.Submission) bool { return len(s.Spec.Hashes) == 3 },
		"several streets":      func(s demo.Submission) bool { return len(s.Spec.Streets) > 1 },
		"office as address":    func(s demo.Submission) bool { return strings.HasPrefix(s.Spec.TrademarkOffice, "https://") },
		"office with acronym":  func(s demo.Submission) bool { return strings.HasSuffix(s.Spec.TrademarkOffice, "(EUIPO)") },
		"EU for EM":            func(s demo.Submission) bool { return s.Spec.TrademarkCountry == "EU" },
		"number with commas":   func(s demo.Submission) bool { return strings.Count(s.Spec.TrademarkIdentifier, ",") == 2 },
		"name in capitals":     func(s demo.Submission) bool { return s.Spec.Organisation == "PENDLORAKE OUTFITTERS CO." },
		"name not in capitals": func(s demo.Submission) bool { return s.Spec.Organisation == "Pendlorake Outfitters Co." },
		"legal entity":         func(s demo.Submission) bool { return s.Spec.LEI != "" },
		"word mark":            func(s demo.Submission) bool { return s.Spec.WordMark != "" },
		"selector":             bears("default._bimi."),
		"IDN":                  bears("xn--"),
		"trial":                bears("test."),
	}
	for what, f := range wanted {
		if count(f) == 0 {
			t.Errorf("nothing shows: %s", what)
		}
	}
	if n := count(func(s demo.Submission) bool { return s.Kind == demo.KindMalformed }); n != 1 {
		t.Errorf("got %d malformed certificates, want 1", n)
	}
}

func TestImpostorsCome(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range read(2, 450) {
		seen[s.Organisation] = true
	}
	for _, i := range demo.NewWorld(2).Impersonations {
		if !seen[i.Organisation] {
			t.Errorf("%s never comes", i.Organisation)
		}
	}
}

func TestGermanNumbersHaveTheirCheckDigit(t *testing.T) {
	checked := 0
	for _, s := range read(2, 500) {
		n := s.Spec.TrademarkIdentifier
		if s.Spec.TrademarkCountry != "DE" || len(n) != 13 {
			continue
		}
		checked++
		sum := 0 // the register's rule: weights 13 to 2, and the check digit completes to a multiple of 11
		for i, weight := 0, 13; i < 12; i, weight = i+1, weight-1 {
			sum += int(n[i]-'0') * weight
		}
		if (sum+int(n[12]-'0'))%11 != 0 {
			t.Errorf("%s: number %s has a wrong check digit", s.Organisation, n)
		}
	}
	if checked == 0 {
		t.Error("no German number has a check digit")
	}
}

func TestRebrandAtRenewal(t *testing.T) {
	var logos [][]byte
	for _, s := range read(2, 400) {
		if s.Organisation == "larkadoon" && s.Kind != demo.KindTLS {
			if n := len(logos); n == 0 || !bytes.Equal(logos[n-1], s.Spec.SVG) {
				logos = append(logos, s.Spec.SVG)
			}
		}
	}
	if len(logos) != 2 {
		t.Errorf("larkadoon's certificates bear %d logos one after the other, want 2", len(logos))
	}
}
