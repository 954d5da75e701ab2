// Package ctlogtest is a Certificate Transparency log in process (RFC 6962,
// sections 3 and 4, and c2sp.org/static-ct-api): really signed, growing when told to, and with knobs for
// the faults that logs have. Tests and the demonstration read it; what it
// stores is kept apart from the protocol that serves it.
package ctlogtest
