// Package evidence makes a pack of what proves that a mark certificate was in a
// log: the certificate, the leaf's bytes, the inclusion proof to a tree head
// that the log signed (RFC 6962, sections 2.1.1, 3.4 and 3.5), the log's key, a
// report for people, and how to check it all without this program. It also
// checks such a pack, with no network and no store.
package evidence
