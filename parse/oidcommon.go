package parse

// commonOID is dotted for the identifiers that nearly every mark certificate
// holds, without the work: there are some sixty in each. It is "" for others.
func commonOID(value []byte) string {
	if known := commonSubjectOID(value); known != "" {
		return known
	}
	switch string(value) {
	case "\x55\x1d\x0e":
		return "2.5.29.14"
	case "\x55\x1d\x0f":
		return "2.5.29.15"
	case "\x55\x1d\x11":
		return "2.5.29.17"
	case "\x55\x1d\x13":
		return "2.5.29.19"
	case "\x55\x1d\x1f":
		return "2.5.29.31"
	case "\x55\x1d\x20":
		return "2.5.29.32"
	case "\x55\x1d\x23":
		return "2.5.29.35"
	case "\x55\x1d\x25":
		return "2.5.29.37"
	case "\x2b\x06\x01\x05\x05\x07\x01\x01":
		return "1.3.6.1.5.5.7.1.1"
	case "\x2b\x06\x01\x05\x05\x07\x01\x0c":
		return "1.3.6.1.5.5.7.1.12"
	case "\x2b\x06\x01\x05\x05\x07\x02\x01":
		return "1.3.6.1.5.5.7.2.1"
	case "\x2b\x06\x01\x05\x05\x07\x02\x02":
		return "1.3.6.1.5.5.7.2.2"
	case "\x2b\x06\x01\x05\x05\x07\x03\x1f":
		return "1.3.6.1.5.5.7.3.31"
	case "\x2b\x06\x01\x05\x05\x07\x30\x01":
		return "1.3.6.1.5.5.7.48.1"
	case "\x2b\x06\x01\x05\x05\x07\x30\x02":
		return "1.3.6.1.5.5.7.48.2"
	case "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02":
		return "1.3.6.1.4.1.11129.2.4.2"
	case "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03":
		return "1.3.6.1.4.1.11129.2.4.3"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01":
		return "1.2.840.113549.1.1.1"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b":
		return "1.2.840.113549.1.1.11"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c":
		return "1.2.840.113549.1.1.12"
	case "\x2a\x86\x48\xce\x3d\x02\x01":
		return "1.2.840.10045.2.1"
	case "\x2a\x86\x48\xce\x3d\x03\x01\x07":
		return "1.2.840.10045.3.1.7"
	case "\x2a\x86\x48\xce\x3d\x04\x03\x02":
		return "1.2.840.10045.4.3.2"
	case "\x2b\x0e\x03\x02\x1a":
		return "1.3.14.3.2.26"
	case "\x60\x86\x48\x01\x65\x03\x04\x02\x01":
		return "2.16.840.1.101.3.4.2.1"
	}
	return ""
}

// commonSubjectOID is commonOID for attributes of the subject, and for the
// general mark policy, which stands among them.
func commonSubjectOID(value []byte) string {
	switch string(value) {
	case "\x55\x04\x03":
		return "2.5.4.3"
	case "\x55\x04\x05":
		return "2.5.4.5"
	case "\x55\x04\x06":
		return "2.5.4.6"
	case "\x55\x04\x07":
		return "2.5.4.7"
	case "\x55\x04\x08":
		return "2.5.4.8"
	case "\x55\x04\x09":
		return "2.5.4.9"
	case "\x55\x04\x0a":
		return "2.5.4.10"
	case "\x55\x04\x0b":
		return "2.5.4.11"
	case "\x55\x04\x0f":
		return "2.5.4.15"
	case "\x55\x04\x11":
		return "2.5.4.17"
	case "\x55\x04\x61":
		return "2.5.4.97"
	case "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01":
		return "1.3.6.1.4.1.311.60.2.1.1"
	case "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02":
		return "1.3.6.1.4.1.311.60.2.1.2"
	case "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03":
		return "1.3.6.1.4.1.311.60.2.1.3"
	case "\x2b\x06\x01\x04\x01\x83\x9e\x5f\x01\x01":
		return "1.3.6.1.4.1.53087.1.1"
	case "\x2b\x06\x01\x04\x01\x83\x9e\x5f\x01\x02":
		return "1.3.6.1.4.1.53087.1.2"
	case "\x2b\x06\x01\x04\x01\x83\x9e\x5f\x01\x03":
		return "1.3.6.1.4.1.53087.1.3"
	case "\x2b\x06\x01\x04\x01\x83\x9e\x5f\x01\x04":
		return "1.3.6.1.4.1.53087.1.4"
	case "\x2b\x06\x01\x04\x01\x83\x9e\x5f\x01\x05":
		return "1.3.6.1.4.1.53087.1.5"
	case "\x2b\x06\x01\x04\x01\x83\x9e\x5f\x01\x06":
		return "1.3.6.1.4.1.53087.1.6"
	case "\x2b\x06\x01\x04\x01\x83\x9e\x5f\x01\x0d":
		return "1.3.6.1.4.1.53087.1.13"
	}
	return ""
}
