// Package lint says where a mark certificate departs from its profile: the
// Minimum Security Requirements for Issuance of Mark Certificates (MCR) 1.7 and
// what they build on, RFC 5280, RFC 6962, RFC 9399 and SVG Tiny PS. What can't
// be read at all, and what is odd about its encoding, parse says while reading;
// this package judges what was read.
//
// One rule is one file. A certificate is judged by the rules that were in force
// when it was issued: each rule has the dates between which it holds. docs/lint.md
// lists them all, with what is known of real certificates.
package lint

import (
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"markwatch/parse"
	"markwatch/parse/tinyps"
)

// Version numbers the rules that make findings, here, in parse and in
// parse/tinyps. It is stored with each finding.
const Version = 3

// Rule is one thing that is checked.
type Rule struct {
	ID       string    // kebab-case
	Severity string    // of its findings, as parse.SeverityError
	Summary  string    // what the rule asks, in a sentence
	Citation string    // where it is written
	From     time.Time // certificates issued before it aren't judged; zero: all are
	Until    time.Time // nor are those issued at or after it; zero: it is in force
	Check    func(*Case) []string
}

// Case is one certificate to judge. Rules read it and change nothing.
type Case struct {
	Mark  *parse.MarkCertificate
	Logs  [][32]byte // ids of the approved logs
	Roots [][32]byte // SHA-256 of the known roots

	chain  []*x509.Certificate // the issuer's first; nil: not known
	logged bool                // the chain is that of a log entry
	links  *links
}

// Checker judges certificates by what is approved. It remembers the signatures of CAs that it has
// checked, and may be used by several goroutines; it must not be copied.
type Checker struct {
	Logs  [][32]byte // ids of the logs approved for mark certificates; nil: ApprovedLogs
	Roots [][32]byte // SHA-256 of the roots of mark certificates; nil: KnownRoots

	links links
}

// Check judges a certificate by the rules in force at a time, which is when it
// was issued where the time is zero. chain is its chain, the issuer first, or nil
// where that isn't known. Findings that parse made while reading aren't repeated.
func Check(m *parse.MarkCertificate, when time.Time, chain [][]byte) []parse.Finding {
	return (&Checker{}).Check(m, when, chain)
}

// Check is the function of that name, by what this Checker holds to be approved.
func (k *Checker) Check(m *parse.MarkCertificate, when time.Time, chain [][]byte) []parse.Finding {
	return k.check(&Case{Mark: m, Logs: k.Logs, Roots: k.Roots, chain: readChain(chain), links: &k.links}, when)
}

// check judges a case by the rules in force at a time.
func (k *Checker) check(c *Case, when time.Time) []parse.Finding {
	m := c.Mark
	if when.IsZero() {
		when = m.NotBefore
	}
	if c.Logs == nil {
		c.Logs = ApprovedLogs()
	}
	if c.Roots == nil {
		c.Roots = KnownRoots()
	}
	var out []parse.Finding
	for _, r := range Rules() {
		if when.Before(r.From) || !r.Until.IsZero() && !when.Before(r.Until) {
			continue
		}
		for _, detail := range r.Check(c) {
			out = append(out, parse.Finding{Rule: r.ID, Severity: r.Severity, Detail: detail, Citation: r.Citation})
		}
	}
	if !when.Before(tinyPublished()) {
		out = append(out, logo(m)...)
	}
	return out
}

// Entry judges the certificate of a log entry by its chain, at the time when it was issued, and
// adds what it finds to the certificate's findings.
func (k *Checker) Entry(e *parse.Entry) {
	c := &Case{Mark: e.Mark, Logs: k.Logs, Roots: k.Roots, chain: readChain(e.Chain), logged: true, links: &k.links}
	e.Mark.Findings = append(e.Mark.Findings, k.check(c, time.Time{})...)
}

// maxPerRule is how many faults of one kind in a logo are told; how many more there are is told too.
const maxPerRule = 3

// logo judges the logo by SVG Tiny PS.
func logo(m *parse.MarkCertificate) []parse.Finding {
	if m.Logo == nil || m.Logo.SVG == nil {
		return nil
	}
	told := map[string]int{}
	var out []parse.Finding
	found := tinyps.Validate(m.Logo.SVG)
	for _, f := range found {
		if told[f.Rule]++; told[f.Rule] <= maxPerRule {
			detail := fmt.Sprintf("line %d, column %d of the logo: %s", f.Line, f.Column, f.Detail)
			out = append(out, parse.Finding{Rule: f.Rule, Severity: f.Severity, Detail: detail, Citation: f.Citation})
		}
	}
	for i := len(out) - 1; i >= 0; i-- {
		if n := told[out[i].Rule] - maxPerRule; n > 0 {
			out[i].Detail += fmt.Sprintf(" (and %d more of them)", n)
			told[out[i].Rule] = 0
		}
	}
	return out
}

// Dates from which rules hold.

// generalIssuance is when the pilots ended: the issuing CAs in use since then
// begin, below roots for marks alone. Before it marks were issued below the
// roots of TLS and went to its logs.
func generalIssuance() time.Time { return time.Date(2021, 7, 1, 0, 0, 0, 0, time.UTC) }

// tinyPublished is the date of the first draft of SVG Tiny PS.
func tinyPublished() time.Time { return time.Date(2020, 7, 29, 0, 0, 0, 0, time.UTC) }

// mcr17 is the date of version 1.7 of the MCR. Rules that it has, and of which it isn't
// known since when, hold from it on.
func mcr17() time.Time { return time.Date(2025, 1, 22, 0, 0, 0, 0, time.UTC) }

// quote quotes a text for a detail, shortened where it is long.
func quote(s string) string {
	if len(s) > 100 {
		s = strings.ToValidUTF8(s[:100], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}

// one is a list of one detail.
func one(format string, args ...any) []string { return []string{fmt.Sprintf(format, args...)} }

// decodeAll reads hashes in hexadecimal that are part of the program; a wrong one is left out.
func decodeAll(lines string) [][32]byte {
	var out [][32]byte
	for _, line := range strings.Fields(lines) {
		if b, err := hex.DecodeString(line); err == nil && len(b) == 32 {
			out = append(out, [32]byte(b))
		}
	}
	return out
}
