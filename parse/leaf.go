package parse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// EntryType is the LogEntryType of RFC 6962 section 3.1.
type EntryType uint16

// The entry types.
const (
	X509Entry    EntryType = 0
	PrecertEntry EntryType = 1
)

// String gives the name that RFC 6962 has for it.
func (t EntryType) String() string {
	switch t {
	case X509Entry:
		return "x509_entry"
	case PrecertEntry:
		return "precert_entry"
	}
	return "entry_type_" + strconv.Itoa(int(t))
}

// MarshalText gives String, for JSON.
func (t EntryType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// maxChain is the largest number of chain certificates that are kept.
const maxChain = 64

// Entry is one log entry that is a mark certificate.
type Entry struct {
	Timestamp     time.Time
	Type          EntryType
	IssuerKeyHash [32]byte         // of a precert_entry
	Mark          *MarkCertificate // of a precert_entry, what the leaf's TBSCertificate says, with the DER of its extra_data if that is of it
	Chain         [][]byte         // DER, issuer first
	Extensions    []byte           // CtExtensions
}

// Leaf reads the MerkleTreeLeaf of a log entry (RFC 6962 section 3.4) with its extra_data
// (section 4.6), which may be nil. The tree doesn't cover extra_data: where it can't be read or
// contradicts the leaf, that is a finding of the mark and no error.
//
// The error is ErrNotMark or a *MalformedError; with the latter the entry is given as far as it
// could be read, its Mark the partial one.
func Leaf(leafInput, extraData []byte) (*Entry, error) {
	if !Claims(leafInput) {
		return nil, notMark("its leaf holds no extended key usage " + ekuMark)
	}
	e := &Entry{}
	body, rest, err := e.frame(leafInput)
	if err != nil {
		return nil, &MalformedError{Part: "leaf", Reason: "it isn't a MerkleTreeLeaf", DER: leafInput, Err: err}
	}
	read := Certificate
	if e.Type == PrecertEntry {
		read = TBS
	}
	e.Mark, err = read(body)
	var bad *MalformedError
	if errors.As(err, &bad) {
		e.Mark = bad.Partial
	} else if err != nil {
		return nil, err
	}
	if rest > 0 {
		e.find("leaf-trailing-data", fmt.Sprintf("%d bytes follow the leaf", rest), "RFC 6962 section 3.4")
	}
	if e.Type == X509Entry && e.Mark.Precertificate {
		e.find("poison-in-certificate", "the log took a precertificate for a certificate", "RFC 6962 section 3.1")
	}
	if extraData != nil {
		e.extra(extraData)
	}
	return e, err
}

// frame reads all of a MerkleTreeLeaf, and gives the certificate or TBSCertificate in it, and
// how many bytes follow the leaf.
func (e *Entry) frame(leafInput []byte) (body []byte, rest int, err error) {
	in := cryptobyte.String(leafInput)
	var version, leafType uint8
	var millis uint64
	var kind uint16
	var certificate, extensions cryptobyte.String
	if !in.ReadUint8(&version) || !in.ReadUint8(&leafType) || !in.ReadUint64(&millis) || !in.ReadUint16(&kind) {
		return nil, 0, errors.New("it ends within its header")
	}
	if version != 0 || leafType != 0 {
		return nil, 0, fmt.Errorf("version %d and leaf type %d aren't 0 and 0", version, leafType)
	}
	e.Timestamp, e.Type = millisTime(millis), EntryType(kind)
	switch e.Type {
	case X509Entry:
	case PrecertEntry:
		if !in.CopyBytes(e.IssuerKeyHash[:]) {
			return nil, 0, errors.New("it ends within the issuer key hash")
		}
	default:
		return nil, 0, fmt.Errorf("entry type %d is unknown", kind)
	}
	if !in.ReadUint24LengthPrefixed(&certificate) || !in.ReadUint16LengthPrefixed(&extensions) {
		return nil, 0, errors.New("it ends within its certificate or extensions")
	}
	e.Extensions = extensions
	return certificate, len(in), nil
}

// find notes a finding of the entry with its mark.
func (e *Entry) find(rule, detail, citation string) {
	e.Mark.Findings = append(e.Mark.Findings, Finding{rule, SeverityError, detail, citation})
}

// extra reads extra_data and compares it with the leaf.
func (e *Entry) extra(extraData []byte) {
	const citation = "RFC 6962 section 4.6"
	in := cryptobyte.String(extraData)
	var precertificate, list cryptobyte.String
	if e.Type == PrecertEntry && !in.ReadUint24LengthPrefixed(&precertificate) {
		e.find("extra-data", "extra_data doesn't begin with a precertificate", citation)
		return
	}
	if !in.ReadUint24LengthPrefixed(&list) || !in.Empty() {
		e.find("extra-data", "extra_data doesn't end with a certificate chain", citation)
	}
	if list.Empty() {
		e.find("extra-data", "the chain of extra_data is empty", citation)
	}
	for !list.Empty() && len(e.Chain) < maxChain {
		var c cryptobyte.String
		if !list.ReadUint24LengthPrefixed(&c) {
			e.find("extra-data", "the chain of extra_data is cut short", citation)
			break
		}
		e.Chain = append(e.Chain, c)
	}
	if e.Type == PrecertEntry {
		e.precertificate(precertificate)
		e.issuer()
	}
}

// precertificate compares the precertificate of extra_data with the leaf, and keeps its bytes
// where they are of the same certificate: a log can send anything there.
// As a rule the two are the same but for the poison, and need no second reading.
func (e *Entry) precertificate(der []byte) {
	const citation = "RFC 6962 section 3.2"
	in := cryptobyte.String(der)
	var cert, tbs cryptobyte.String
	if len(der) > MaxCertificate || !in.ReadASN1(&cert, asn1.SEQUENCE) || !in.Empty() || !cert.ReadASN1Element(&tbs, asn1.SEQUENCE) {
		e.find("extra-data", "the precertificate of extra_data can't be read", citation)
		return
	}
	stripped, poisoned, ok := strip(tbs)
	if ok && !poisoned {
		e.find("extra-data", "the precertificate of extra_data has no poison extension", citation)
	}
	if ok && bytes.Equal(stripped, e.Mark.TBS) {
		if poisoned {
			e.Mark.DER, e.Mark.SHA256 = der, sha256.Sum256(der)
		}
		return
	}
	if e.delegated() {
		pre, err := Certificate(der)
		if err == nil && sameButIssuer(pre, e.Mark) {
			e.Mark.DER, e.Mark.SHA256 = der, sha256.Sum256(der)
			return
		}
	}
	e.find("extra-data", "the precertificate of extra_data isn't the one that the leaf is of", citation)
}

// delegated tells whether a Precertificate Signing Certificate signed the precertificate: then
// its issuer and authority key identifier aren't those of the leaf (RFC 6962 section 3.2).
func (e *Entry) delegated() bool {
	const value = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04" // ekuPrecertSigner
	return len(e.Chain) > 1 && bytes.Contains(e.Chain[0], []byte(value))
}

// issuer compares the issuer key hash of the leaf with the chain.
func (e *Entry) issuer() {
	at := 0
	if e.delegated() {
		at = 1
	}
	if at >= len(e.Chain) {
		return
	}
	spki, ok := publicKeyOf(e.Chain[at])
	if !ok {
		e.find("extra-data", "the issuer in the chain of extra_data can't be read", "RFC 6962 section 4.6")
		return
	}
	if sum := sha256.Sum256(spki); sum != e.IssuerKeyHash {
		e.find("issuer-key-hash", "the leaf's issuer key hash is "+hex.EncodeToString(e.IssuerKeyHash[:])+
			", that of the chain's issuer "+hex.EncodeToString(sum[:]), "RFC 6962 section 3.2")
	}
}

// sameButIssuer tells whether two marks agree in all but issuer and authority key identifier.
func sameButIssuer(a, b *MarkCertificate) bool {
	if a.Serial != b.Serial || a.Subject.String() != b.Subject.String() || a.SPKISHA256 != b.SPKISHA256 ||
		!a.NotBefore.Equal(b.NotBefore) || !a.NotAfter.Equal(b.NotAfter) {
		return false
	}
	left, right := unchanged(a.Extensions), unchanged(b.Extensions)
	if len(left) != len(right) {
		return false
	}
	for i := range left {
		if left[i].OID != right[i].OID || left[i].Critical != right[i].Critical || !bytes.Equal(left[i].Value, right[i].Value) {
			return false
		}
	}
	return true
}

// unchanged gives the extensions that a Precertificate Signing Certificate doesn't change.
func unchanged(all []Extension) []Extension {
	var out []Extension
	for _, e := range all {
		if e.OID != extAuthorityKeyID && e.OID != extPoison && e.OID != extSCTs {
			out = append(out, e)
		}
	}
	return out
}

// publicKeyOf finds the SubjectPublicKeyInfo of a certificate.
func publicKeyOf(der []byte) ([]byte, bool) {
	in := cryptobyte.String(der)
	var cert, tbs, spki cryptobyte.String
	version := asn1.Tag(0).ContextSpecific().Constructed()
	ok := in.ReadASN1(&cert, asn1.SEQUENCE) && cert.ReadASN1(&tbs, asn1.SEQUENCE) && tbs.SkipOptionalASN1(version) &&
		tbs.SkipASN1(asn1.INTEGER) && tbs.SkipASN1(asn1.SEQUENCE) && tbs.SkipASN1(asn1.SEQUENCE) &&
		tbs.SkipASN1(asn1.SEQUENCE) && tbs.SkipASN1(asn1.SEQUENCE) && tbs.ReadASN1Element(&spki, asn1.SEQUENCE)
	return spki, ok
}
