// Package loglist reads lists of Certificate Transparency logs in format v3,
// that of https://www.gstatic.com/ct/log_list/v3/log_list.json and its schema:
// logs of RFC 6962 and tiled logs of c2sp.org/static-ct-api, by operator.
//
// A list comes over the network and names whom we ask and whom we trust. Each
// log is checked by itself: one that can't be used is a [Problem] that names
// it, and loses none of the others.
package loglist

import (
	"fmt"
	"time"

	"markwatch/scanner"
)

// State is where a log stands with whoever publishes the list.
type State string

// The states of a log.
const (
	Unstated  State = ""          // the list doesn't say
	Pending   State = "pending"   // applied for, not yet looked at
	Qualified State = "qualified" // taken, not yet known to every client
	Usable    State = "usable"    // known to clients
	ReadOnly  State = "readonly"  // takes no more submissions
	Retired   State = "retired"   // no longer trusted from a time on
	Rejected  State = "rejected"  // was never taken, or is distrusted
)

// States are all states that a list can say.
func States() []State {
	return []State{Pending, Qualified, Usable, ReadOnly, Retired, Rejected}
}

// Type is what a log is for.
type Type string

// The types of logs.
const (
	Production     Type = "prod"            // also where the list doesn't say
	Test           Type = "test"            // its certificates mean nothing
	MonitoringOnly Type = "monitoring_only" // clients don't count it; what is in it counts
)

// Types are all types that a list can say.
func Types() []Type { return []Type{Production, Test, MonitoringOnly} }

// List is what a log list says.
type List struct {
	Version   string
	Published time.Time // log_list_timestamp; zero where the list doesn't say
	All       bool      // is_all_logs: also of logs that no client counts
	Logs      []Log     // in the list's order
	Problems  []Problem // what of it can't be used
}

// Log is one log of a list.
type Log struct {
	// Scan is how to read it. Its name is made from the description, in lower
	// case and of letters, digits, dots and hyphens, and is the list's only one
	// of this name. Scan.Marks is false.
	Scan        scanner.Log
	Description string
	Operator    string
	Submission  string // URL that takes chains; of an RFC 6962 log the same as that which is read
	Type        Type
	State       State
	Since       time.Time // when it came to be in this state; zero where the list doesn't say
	Final       *Final    // where a read-only log ends; nil where the list doesn't say
	Interval    *Interval // of the certificates that it takes; nil: all
}

// Final is the last tree of a log.
type Final struct {
	Size uint64
	Root scanner.Hash
}

// Interval is when certificates expire that a log takes, [Start, End).
type Interval struct {
	Start, End time.Time
}

// String writes the interval by its days.
func (i Interval) String() string {
	return i.Start.UTC().Format(time.DateOnly) + " to " + i.End.UTC().Format(time.DateOnly)
}

// Problem is what of a list can't be used, and why.
type Problem struct {
	Log     string // its description or address; an operator; or where in the list it stands
	Err     error
	LeftOut bool // the log isn't among List.Logs
}

// Error names the log.
func (p Problem) Error() string {
	if p.LeftOut {
		return fmt.Sprintf("log %s is left out: %v", p.Log, p.Err)
	}
	return fmt.Sprintf("log %s: %v", p.Log, p.Err)
}

// Unwrap returns what is wrong with it.
func (p Problem) Unwrap() error { return p.Err }
