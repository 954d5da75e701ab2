package parse

import "strings"

// Object identifiers that decide something.
const (
	ekuMark          = "1.3.6.1.5.5.7.3.31"
	ekuPrecertSigner = "1.3.6.1.4.1.11129.2.4.4" // RFC 6962 section 3.1

	extSubjectKeyID   = "2.5.29.14"
	extSAN            = "2.5.29.17"
	extConstraints    = "2.5.29.19"
	extCRL            = "2.5.29.31"
	extPolicies       = "2.5.29.32"
	extAuthorityKeyID = "2.5.29.35"
	extEKU            = "2.5.29.37"
	extAIA            = "1.3.6.1.5.5.7.1.1"
	extLogotype       = "1.3.6.1.5.5.7.1.12"
	extPilot          = "1.3.6.1.4.1.53087.4.1"
	extPoison         = "1.3.6.1.4.1.11129.2.4.3"
	extSCTs           = "1.3.6.1.4.1.11129.2.4.2"
)

// lookup finds the value of a key in a table: lines "key=value", sorted by key. A table that is
// a constant can't be changed by anyone. It is "" that the key isn't there.
func lookup(table, key string) string {
	for table != "" {
		start := strings.LastIndexByte(table[:len(table)/2], '\n') + 1
		line, rest, _ := strings.Cut(table[start:], "\n")
		switch k, value, _ := strings.Cut(line, "="); {
		case k == key:
			return value
		case k > key:
			table = table[:start]
		default:
			table = rest
		}
	}
	return ""
}

// lookupOID is lookup, with the OID itself where it isn't in the table.
func lookupOID(table, oid string) string {
	if name := lookup(table, oid); name != "" {
		return name
	}
	return oid
}

// attributeNames are the subject attributes: of X.520, of the EV Guidelines, and of the MCR.
const attributeNames = `
0.9.2342.19200300.100.1.1=userId
0.9.2342.19200300.100.1.25=domainComponent
1.2.840.113549.1.9.1=emailAddress
1.3.6.1.4.1.311.60.2.1.1=jurisdictionLocalityName
1.3.6.1.4.1.311.60.2.1.2=jurisdictionStateOrProvinceName
1.3.6.1.4.1.311.60.2.1.3=jurisdictionCountryName
1.3.6.1.4.1.53087.1.13=markType
1.3.6.1.4.1.53087.1.2=trademarkOfficeName
1.3.6.1.4.1.53087.1.3=trademarkCountryOrRegionName
1.3.6.1.4.1.53087.1.4=trademarkIdentifier
1.3.6.1.4.1.53087.1.5=legalEntityIdentifier
1.3.6.1.4.1.53087.1.6=wordMark
1.3.6.1.4.1.53087.3.2=statuteCountryName
1.3.6.1.4.1.53087.3.3=statuteStateOrProvinceName
1.3.6.1.4.1.53087.3.4=statuteLocalityName
1.3.6.1.4.1.53087.3.5=statuteCitation
1.3.6.1.4.1.53087.3.6=statuteURL
1.3.6.1.4.1.53087.5.1=priorUseMarkSourceURL
2.5.4.10=organizationName
2.5.4.11=organizationalUnitName
2.5.4.12=title
2.5.4.13=description
2.5.4.15=businessCategory
2.5.4.17=postalCode
2.5.4.18=postOfficeBox
2.5.4.3=commonName
2.5.4.4=surname
2.5.4.42=givenName
2.5.4.5=serialNumber
2.5.4.6=countryName
2.5.4.7=localityName
2.5.4.8=stateOrProvinceName
2.5.4.9=streetAddress
2.5.4.97=organizationIdentifier
`

// signatureNames are the signature algorithms.
const signatureNames = `
1.2.840.10045.4.1=ecdsa-with-SHA1
1.2.840.10045.4.3.2=ecdsa-with-SHA256
1.2.840.10045.4.3.3=ecdsa-with-SHA384
1.2.840.10045.4.3.4=ecdsa-with-SHA512
1.2.840.113549.1.1.10=RSASSA-PSS
1.2.840.113549.1.1.11=sha256WithRSAEncryption
1.2.840.113549.1.1.12=sha384WithRSAEncryption
1.2.840.113549.1.1.13=sha512WithRSAEncryption
1.2.840.113549.1.1.4=md5WithRSAEncryption
1.2.840.113549.1.1.5=sha1WithRSAEncryption
1.3.101.112=Ed25519
`

// hashNames are the hash algorithms.
const hashNames = `
1.2.840.113549.2.5=md5
1.3.14.3.2.26=sha1
2.16.840.1.101.3.4.2.1=sha256
2.16.840.1.101.3.4.2.2=sha384
2.16.840.1.101.3.4.2.3=sha512
2.16.840.1.101.3.4.2.4=sha224
`

// curve names an elliptic curve and gives its size in bits.
func curve(oid string) (name string, bits int) {
	switch oid {
	case "1.2.840.10045.3.1.7":
		return "P-256", 256
	case "1.3.132.0.34":
		return "P-384", 384
	case "1.3.132.0.35":
		return "P-521", 521
	case "1.3.132.0.10":
		return "secp256k1", 256
	}
	return oid, 0
}
