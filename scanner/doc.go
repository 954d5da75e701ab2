// Package scanner reads Certificate Transparency logs (RFC 6962, section 4, and
// c2sp.org/static-ct-api) and yields their entries in order and proved: every batch ends at a tree
// size whose recomputed Merkle root (section 2.1) agrees with a tree head the
// log signed (section 3.5).
//
// A log is hostile until proved otherwise. Each tree head it shows is checked,
// also smaller and older ones; a head that contradicts another ends the scan
// of that log with a [ForkError] that carries the evidence.
package scanner
