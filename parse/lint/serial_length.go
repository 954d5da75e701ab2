package lint

import (
	"bytes"

	"markwatch/parse"
)

// minSerial is how many octets 64 random bits take.
const minSerial = 8

// serialLength asks for a serial number that can hold 64 bits of a random generator. That it
// begins with zero bits is chance; that a whole octet is missing is one chance in 256, so this
// is no more than a warning.
func serialLength() Rule {
	return Rule{
		ID: "serial-entropy", Severity: parse.SeverityWarning,
		Summary:  "the serial number is long enough for 64 random bits",
		Citation: "MCR 1.7 section 7.1",
		Check: func(c *Case) []string {
			if n := len(bytes.TrimLeft(c.Mark.SerialRaw, "\x00")); n < minSerial {
				return one("%s has %d octets", quote(c.Mark.Serial), n)
			}
			return nil
		},
	}
}
