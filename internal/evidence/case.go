package evidence

import (
	"time"

	"markwatch/match"
	"markwatch/parse"
	"markwatch/scanner"
	"markwatch/store"
)

// Case is what a pack is about: an issuance, or a hit with its two parties.
type Case struct {
	Program  string           // what made it: "markwatch v1.0.0"
	Hit      *store.StoredHit // nil where the case is only that a certificate was logged
	Behind   match.Evidence   // the numbers behind the hit
	Found    *Issuance        // the certificate that the case is about
	Other    *Issuance        // the other party's; nil if there is none
	Watched  *match.Item      // what is watched, where that was hit; nil else
	Likeness *Likeness        // of the two logos; nil where there aren't two
}

// Issuance is one certificate, with its precertificate, as the logs hold it.
type Issuance struct {
	TBSSHA256 string
	Mark      *parse.MarkCertificate // of the first entry
	Entries   []Entry                // at least one
}

// Entry is one log entry of an issuance with its proof.
type Entry struct {
	store.LogEntry
	Source   scanner.Log      // the log, with its key
	Head     scanner.TreeHead // whose signature verified
	Path     []scanner.Hash   // from the leaf to Head
	Unproved string           // why there is neither head nor path; "" where there are
	Parsed   *parse.Entry
}

// proved tells whether an entry of the issuance is proved.
func (i *Issuance) proved() bool {
	for _, e := range i.Entries {
		if e.Unproved == "" {
			return true
		}
	}
	return false
}

// logo is the issuance's Mark Representation; nil if it has none.
func (i *Issuance) logo() []byte {
	if i == nil || i.Mark.Logo == nil {
		return nil
	}
	return i.Mark.Logo.SVG
}

// otherLogo is the file of the other party's logo; nil if there is none.
func (c *Case) otherLogo() []byte {
	if svg := c.Other.logo(); svg != nil {
		return svg
	}
	if c.Watched != nil && c.Watched.Kind == match.KindLogo {
		return c.Watched.Image
	}
	return nil
}

// asOf is the newest time that the case knows of: when all of it was so. It is
// the date of the pack, so that the same facts give the same bytes.
func (c *Case) asOf() time.Time {
	var newest time.Time
	later := func(t time.Time) {
		if t.After(newest) {
			newest = t
		}
	}
	for _, i := range []*Issuance{c.Found, c.Other} {
		if i == nil {
			continue
		}
		for _, e := range i.Entries {
			later(e.Timestamp)
			later(e.Head.Timestamp)
		}
	}
	if c.Hit != nil {
		later(c.Hit.FoundAt)
		later(c.Hit.State.Since)
		for _, e := range c.Hit.History {
			later(e.At)
		}
	}
	return newest.UTC()
}
