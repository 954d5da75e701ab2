package parse

import (
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// Dotted is dotted, which no certificate of the test package can reach with arcs of any size.
func Dotted(b []byte) (string, bool) { return dotted(b) }

// SerialHex is serialHex.
func SerialHex(b []byte) string { return serialHex(b) }

// ReadTime is readTime.
func ReadTime(der []byte) (time.Time, error) {
	in := cryptobyte.String(der)
	return readTime(&in)
}

// Tables gives the tables that lookup searches, for the test that they are sorted.
func Tables() map[string]string {
	return map[string]string{
		"attributes": attributeNames, "signatures": signatureNames, "hashes": hashNames,
		"trailing forms": trailingForms, "written forms": writtenForms, "leading forms": leadingForms, "registers": registerNames, "spellings": registerSpellings,
	}
}
