// Package notice is what people are told: the hits of a watch list, one by one
// or as a digest, and what the operator must know. It says the same in every
// form: text and HTML for a mailbox, JSON for a program, Atom for a feed reader,
// MISP and STIX for a threat platform, one line for a syslog.
package notice

import (
	"time"

	"markwatch/match"
)

// Kind is what a message is about.
type Kind string

// The kinds.
const (
	KindHit     Kind = "hit"     // one hit
	KindDigest  Kind = "digest"  // the hits of a while
	KindStorm   Kind = "storm"   // so many hits at once that they come as a digest
	KindAlarm   Kind = "alarm"   // markwatch is blind, or a log was caught lying
	KindSummary Kind = "summary" // all is well: what was read and found in a week
	KindTest    Kind = "test"    // that this channel works
)

// Message is what one delivery says.
type Message struct {
	ID     string // of the delivery, 64 hexadecimal digits: the same however often it is sent
	Kind   Kind
	At     time.Time // when it was made
	List   string    // watch list; "" for hits of no list, and for the operator
	Client string    // whose the list is; "" where nobody is named
	Notes  string    // of the list
	Colour string    // of the client, as #rrggbb; "" where none is chosen
	Thread string    // the same for all messages that belong together: mail threads by it

	Hits   []Hit // the gravest first; not all of them where there are very many
	Total  int   // of hits that the message stands for
	Counts map[match.Severity]int
	From   time.Time // of a digest, a storm and a summary: the time it covers
	To     time.Time
	Rhythm string // of a digest: hourly, daily, weekly; of a storm what would have been

	Alarm   *Alarm
	Summary *Summary

	Link        string // where all of it can be seen; "" without a configured address
	Command     string // what prints all of it on the command line
	Unsubscribe string // an address for List-Unsubscribe, mailto: or https:; "" without one
}

// Hit is one hit with what its reader wants to know at once.
type Hit struct {
	match.Hit
	Sentence string    // who got what from whom, when and for which domains, and what it resembles
	Country  string    // of the organisation, two letters; "" if unknown
	Class    string    // VMC, CMC
	MarkType string    // as in the certificate
	Issuer   string    // organisation of the CA
	Serial   string    // hexadecimal
	From, To time.Time // validity
	FoundAt  time.Time
	Entries  []Entry

	Logo, OtherLogo *Logo // nil where there is none

	State    string // of triage: new, acknowledged …
	Assignee string
	Earlier  string // id of the hit on the certificate that this one renews; ""
	Changed  string // in what the renewal differs from it, in words; ""

	Link string // to this hit's page; "" without a configured address
	Pack string // the command that packs its evidence
}

// Entry is where a log holds the certificate.
type Entry struct {
	Log       string
	Index     uint64
	Timestamp time.Time
	URL       string // where the log serves it
}

// Logo is a picture ready to be shown.
type Logo struct {
	SHA256 string // of the SVG, or of a watched logo's file
	PNG    []byte // 256 by 256 pixels
	Alt    string // whose logo it is, in words
}

// Alarm is what the operator must know at once.
type Alarm struct {
	Kind     string // fork, signature, blind, stuck, unreadable, store, channel, roots …
	Log      string // "" where it is not of one log
	Since    time.Time
	Cleared  time.Time // zero while it lasts
	Text     string    // what is wrong, and what to do
	Evidence string    // path of the evidence file; "" without one
}

// Summary says that markwatch is still watching.
type Summary struct {
	Logs         []LogState
	Certificates uint64 // first logged in the time that the message covers
	Lists        uint64 // watch lists
	Items        uint64 // watch items in force
	Open         uint64 // hits that nobody has decided on
	Dead         uint64 // deliveries given up, which wait for a person
}

// LogState is how far a log is read.
type LogState struct {
	Name     string
	Size     uint64    // of the last tree head that verified
	Read     uint64    // entries
	Verified time.Time // when that head was
	State    string    // as markwatch logs prints it
}
