package parse

import (
	"encoding/asn1"
	"strconv"
	"strings"
	"testing"
)

// TestCommonOIDs guards that the short cut says what the long way says.
func TestCommonOIDs(t *testing.T) {
	seen := 0
	for _, oid := range []string{
		"2.5.4.3", "2.5.4.5", "2.5.4.6", "2.5.4.7", "2.5.4.8", "2.5.4.9", "2.5.4.10", "2.5.4.11", "2.5.4.15", "2.5.4.17", "2.5.4.97",
		"2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.37",
		"1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.12", "1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2", "1.3.6.1.5.5.7.3.31",
		"1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2", "1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.11129.2.4.3",
		"1.3.6.1.4.1.311.60.2.1.1", "1.3.6.1.4.1.311.60.2.1.2", "1.3.6.1.4.1.311.60.2.1.3",
		"1.3.6.1.4.1.53087.1.1", "1.3.6.1.4.1.53087.1.2", "1.3.6.1.4.1.53087.1.3", "1.3.6.1.4.1.53087.1.4", "1.3.6.1.4.1.53087.1.5",
		"1.3.6.1.4.1.53087.1.6", "1.3.6.1.4.1.53087.1.13", "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12",
		"1.2.840.10045.2.1", "1.2.840.10045.3.1.7", "1.2.840.10045.4.3.2", "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1",
	} {
		var id asn1.ObjectIdentifier
		for _, arc := range strings.Split(oid, ".") {
			n, err := strconv.Atoi(arc)
			if err != nil {
				t.Fatal(err)
			}
			id = append(id, n)
		}
		der, err := asn1.Marshal(id)
		if err != nil {
			t.Fatal(err)
		}
		long, ok := dotted(der[2:])
		if short := commonOID(der[2:]); !ok || short != oid || long != oid {
			t.Errorf("%s: the short cut says %q, the long way %q", oid, short, long)
		}
		seen++
	}
	if commonOID([]byte{0x55, 4, 99}) != "" || seen != 46 {
		t.Errorf("an unknown identifier is known, or %d were tried", seen)
	}
}
