package lint

import (
	"bytes"

	"markwatch/parse"
)

// maxSerial is the longest serial number, in octets.
const maxSerial = 20

// serialForm asks for a serial number that is positive and not too long.
func serialForm() Rule {
	return Rule{
		ID: "serial-form", Severity: parse.SeverityError,
		Summary:  "the serial number is positive and has at most 20 octets",
		Citation: "RFC 5280 section 4.1.2.2",
		Check: func(c *Case) []string {
			raw := c.Mark.SerialRaw
			switch {
			case len(raw) > 0 && raw[0]&0x80 != 0:
				return one("it is negative: %s", quote(c.Mark.Serial))
			case len(bytes.TrimLeft(raw, "\x00")) == 0:
				return one("it is zero")
			case len(raw) > maxSerial:
				return one("it has %d octets", len(raw))
			}
			return nil
		},
	}
}
