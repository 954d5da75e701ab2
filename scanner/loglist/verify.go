package loglist

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// minRSABits is the smallest RSA key that a list's signature is believed with.
const minRSABits = 2048

// errSignature says that a signature isn't of the list.
var errSignature = errors.New("the signature of the log list is not by this key, or is of another list")

// Verify checks the detached signature of a list over its very bytes: RSA
// (PKCS #1 v1.5) or ECDSA (ASN.1) with SHA-256, as log_list.sig holds it.
func Verify(list, signature []byte, key crypto.PublicKey) error {
	sum := sha256.Sum256(list)
	switch k := key.(type) {
	case *rsa.PublicKey:
		if rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], signature) != nil {
			return errSignature
		}
	case *ecdsa.PublicKey:
		if !ecdsa.VerifyASN1(k, sum[:], signature) {
			return errSignature
		}
	default:
		return fmt.Errorf("the log list's key is a %T, want RSA or ECDSA", key)
	}
	return nil
}

// ParseKey reads the public key of whoever signs a list: PEM, DER, or base64 of
// DER, of a SubjectPublicKeyInfo.
func ParseKey(text []byte) (crypto.PublicKey, error) {
	der := text
	if block, _ := pem.Decode(text); block != nil {
		der = block.Bytes
	} else if plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), "")); err == nil {
		der = plain
	}
	key, err := x509.ParsePKIXPublicKey(bytes.TrimSpace(der))
	if err != nil {
		key, err = x509.ParsePKIXPublicKey(der)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the log list's key (want PEM or base64 of a public key): %w", err)
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < minRSABits {
			return nil, fmt.Errorf("the log list's RSA key has %d bits, want %d or more", k.N.BitLen(), minRSABits)
		}
	case *ecdsa.PublicKey:
	default:
		return nil, fmt.Errorf("the log list's key is a %T, want RSA or ECDSA", key)
	}
	return key, nil
}
