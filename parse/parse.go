// Package parse reads mark certificates: the X.509 certificates, precertificates and
// Certificate Transparency entries that the Minimum Security Requirements for Issuance of
// Mark Certificates (MCR) profile. It follows RFC 5280 for certificates, RFC 6962 for log
// entries, RFC 3709 and 9399 for the logotype, and the MCR for the subject. It does no I/O
// beyond a reader it is given, and trusts no byte: every input ends in a certificate, in
// ErrNotMark, or in a MalformedError that keeps the bytes.
package parse

import (
	"bytes"
	"errors"
	"fmt"
)

// Version numbers the rules of this package that turn bytes into judgements: canonical
// trademark numbers, test certificates, classes, organisation keys. It is stored with each
// certificate, so that rows made by older rules can be told and made again.
const Version = 1

// MaxCertificate is the largest certificate, in bytes, that is read. It leaves room for a
// logo of MaxSVG that is embedded without compression.
const MaxCertificate = 2 << 20

// maxElements bounds how many attributes, names, extensions and the like one certificate may
// hold, and so the memory that one takes. Real ones hold fewer than a hundred.
const maxElements = 20000

// maxExtensions bounds its extensions. Real ones have a dozen.
const maxExtensions = 256

// ErrNotMark is wrapped, with the reason, by the error for whatever isn't a mark certificate:
// no EKU …31, an issuing CA, not a certificate at all.
var ErrNotMark = errors.New("not a mark certificate")

// MalformedError is for what claims to be a mark certificate, by the bytes of its EKU, and
// can't be read.
type MalformedError struct {
	Part    string           // what can't be read: "leaf", "certificate", "validity", "subject", "logotype", "svg" …
	Reason  string           // what is wrong with it
	DER     []byte           // the bytes as found
	Partial *MarkCertificate // what could be read; never nil where the subject was readable
	Err     error            // the cause, or nil
}

// Error says which part can't be read and why.
func (e *MalformedError) Error() string {
	s := "reading " + e.Part + " of mark certificate: " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *MalformedError) Unwrap() error { return e.Err }

// Claims tells whether the value bytes of the EKU
// id-kp-BrandIndicatorforMessageIdentification, 1.3.6.1.5.5.7.3.31, occur in der. It is the
// filter before parsing: an issuing CA and an accident pass it, no mark certificate fails it.
func Claims(der []byte) bool {
	return bytes.Contains(der, []byte(ekuValue))
}

// ekuValue is the DER value of the OID that makes a mark certificate (ekuMark).
const ekuValue = "\x2b\x06\x01\x05\x05\x07\x03\x1f"

// notMark is the error for what isn't a mark certificate, for the reason given.
func notMark(reason string) error {
	return fmt.Errorf("%w: %s", ErrNotMark, reason)
}
