// Package faults runs the markwatch program against Certificate Transparency
// logs (RFC 6962, section 4, and c2sp.org/static-ct-api) behind a proxy that
// misbehaves in every way that a log, a network or a disk has, and holds what
// the program stored against what it stores of a sound log.
//
// The proxy has the log's key, so it can also lie under a good signature, as a
// log that cheats does. It is what `make faults` runs; docs/faults.md says how
// to read what it prints.
package faults
