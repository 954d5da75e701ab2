package ctlogtest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Entry types of RFC 6962, section 3.1.
const (
	x509Entry    = 0
	precertEntry = 1
)

// signedEntry is what a log signs of a submission (RFC 6962, section 3.2).
type signedEntry struct {
	cert   []byte // certificate, or TBSCertificate
	issuer Hash   // issuer key hash, of a precertificate
	pre    bool
	id     Hash // hash of the precertificate

	extensions []byte // CtExtensions
}

// identity is what makes two submissions the same.
func (e signedEntry) identity() Hash {
	if e.pre {
		return e.id
	}
	return sha256.Sum256(e.cert)
}

// append writes timestamp, entry type, entry and extensions: what leaf and SCT
// signature have in common.
func (e signedEntry) append(b []byte, ms uint64) []byte {
	b = binary.BigEndian.AppendUint64(b, ms)
	if e.pre {
		b = binary.BigEndian.AppendUint16(b, precertEntry)
		b = append(b, e.issuer[:]...)
	} else {
		b = binary.BigEndian.AppendUint16(b, x509Entry)
	}
	return opaque16(opaque24(b, e.cert), e.extensions)
}

// leafInput is the MerkleTreeLeaf of RFC 6962, section 3.4.
func (e signedEntry) leafInput(ms uint64) []byte { return e.append([]byte{0, 0}, ms) }

// sctInput is what the signature of an SCT covers (section 3.2).
func (e signedEntry) sctInput(ms uint64) []byte { return e.append([]byte{0, 0}, ms) }

// sct is the SignedCertificateTimestamp of section 3.2.
func (l *Log) sct(e signedEntry, ms uint64) []byte {
	b := append([]byte{0}, l.id[:]...)
	b = opaque16(binary.BigEndian.AppendUint64(b, ms), e.extensions)
	return append(b, l.digitallySigned(e.sctInput(ms))...)
}

// signHead signs a tree head (section 3.5). The log is locked.
func (l *Log) signHead(size uint64, root Hash, ms uint64) head {
	l.sizes[size] = true
	b := binary.BigEndian.AppendUint64([]byte{0, 1}, ms)
	b = binary.BigEndian.AppendUint64(b, size)
	return head{size, root, ms, l.digitallySigned(append(b, root[:]...))}
}

// digitallySigned is the structure of RFC 5246, section 4.7.
func (l *Log) digitallySigned(input []byte) []byte {
	digest := sha256.Sum256(input)
	sig, err := l.signer.Sign(nil, digest[:], crypto.SHA256) // nil: deterministic
	if err != nil {
		panic(fmt.Sprintf("ctlogtest: signing for log %s: %v", l.opts.Name, err))
	}
	algorithm := byte(3) // ECDSA
	if _, ok := l.signer.Public().(*rsa.PublicKey); ok {
		algorithm = 1
	}
	b := binary.BigEndian.AppendUint16([]byte{4, algorithm}, uint16(len(sig)))
	return append(b, sig...)
}

// certChain is the CertificateChain of section 3.1.
func certChain(chain [][]byte) []byte {
	var list []byte
	for _, c := range chain {
		list = opaque24(list, c)
	}
	return opaque24(nil, list)
}

// opaque16 appends v after its length in two bytes.
func opaque16(b, v []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(v))), v...)
}

// opaque24 appends v after its length in three bytes.
func opaque24(b, v []byte) []byte {
	n := len(v)
	return append(append(b, byte(n>>16), byte(n>>8), byte(n)), v...)
}
