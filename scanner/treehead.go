package scanner

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Limits on what a tree head may say, far beyond what any log can mean: with
// them sums of sizes can't overflow and each time can be written down.
const (
	maxTreeSize    = 1 << 56
	maxTimestampMS = 253402300799999 // the last millisecond of the year 9999
)

// TreeHead is what a log signed about its tree at one time.
type TreeHead struct {
	LogID     Hash      `json:"log_id"`
	Size      uint64    `json:"tree_size"`
	Root      Hash      `json:"root_hash"`
	Timestamp time.Time `json:"timestamp"` // UTC, in whole milliseconds
	Signature []byte    `json:"signature"` // RFC 6962: a TLS DigitallySigned
	Raw       []byte    `json:"raw"`       // what the log sent: get-sth JSON, or a checkpoint note
}

// treeHeadJSON is a TreeHead with its hashes as base64.
type treeHeadJSON struct {
	LogID     []byte    `json:"log_id"`
	Size      uint64    `json:"tree_size"`
	Root      []byte    `json:"root_hash"`
	Timestamp time.Time `json:"timestamp"`
	Signature []byte    `json:"signature"`
	Raw       []byte    `json:"raw"`
}

// MarshalJSON writes hashes, signature and raw response as base64.
func (h TreeHead) MarshalJSON() ([]byte, error) {
	return json.Marshal(treeHeadJSON{h.LogID[:], h.Size, h.Root[:], h.Timestamp, h.Signature, h.Raw})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (h *TreeHead) UnmarshalJSON(b []byte) error {
	var j treeHeadJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	id, err := toHash(j.LogID)
	if err != nil {
		return fmt.Errorf("log_id: %w", err)
	}
	root, err := toHash(j.Root)
	if err != nil {
		return fmt.Errorf("root_hash: %w", err)
	}
	*h = TreeHead{id, j.Size, root, j.Timestamp.UTC(), j.Signature, j.Raw}
	return nil
}

// IsZero says whether there is no tree head here.
func (h TreeHead) IsZero() bool { return h.Timestamp.IsZero() && len(h.Signature) == 0 }

// VerifyTreeHead checks the signature of an RFC 6962 tree head (section 3.5)
// with the log's key.
func VerifyTreeHead(l Log, h TreeHead) error {
	key, err := l.publicKey()
	if err != nil {
		return err
	}
	if h.LogID != l.ID() {
		return fmt.Errorf("tree head is of log %x, not of %s", h.LogID, l.Name)
	}
	return verifySTH(key, h)
}

// parseSTH reads a get-sth response; its signature is yet to be checked.
func parseSTH(id Hash, body []byte) (TreeHead, error) {
	var sth struct {
		Size      *uint64 `json:"tree_size"`
		Timestamp *uint64 `json:"timestamp"`
		Root      []byte  `json:"sha256_root_hash"`
		Signature []byte  `json:"tree_head_signature"`
	}
	if err := json.Unmarshal(body, &sth); err != nil {
		return TreeHead{}, fmt.Errorf("reading tree head: %w", err)
	}
	root, err := toHash(sth.Root)
	switch {
	case sth.Size == nil || sth.Timestamp == nil:
		return TreeHead{}, errors.New("tree head lacks tree_size or timestamp")
	case err != nil:
		return TreeHead{}, fmt.Errorf("tree head: sha256_root_hash: %w", err)
	case *sth.Size > maxTreeSize:
		return TreeHead{}, fmt.Errorf("tree head: tree_size %d is beyond belief", *sth.Size)
	case *sth.Timestamp > maxTimestampMS:
		return TreeHead{}, fmt.Errorf("tree head: timestamp %d is beyond the year 9999", *sth.Timestamp)
	}
	t := time.UnixMilli(int64(*sth.Timestamp)).UTC()
	return TreeHead{id, *sth.Size, root, t, sth.Signature, body}, nil
}

// signedTreeHead returns the bytes that RFC 6962, section 3.5, has a log sign:
// version v1 (0), signature type tree_hash (1), timestamp, size, root.
func signedTreeHead(h TreeHead) []byte {
	b := make([]byte, 0, 2+8+8+len(h.Root))
	b = append(b, 0, 1)
	b = binary.BigEndian.AppendUint64(b, uint64(h.Timestamp.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, h.Size)
	return append(b, h.Root[:]...)
}

// Code points of RFC 5246, section 7.4.1.4.1.
const (
	tlsSHA256 = 4
	tlsRSA    = 1
	tlsECDSA  = 3
)

// verifySTH checks the DigitallySigned of RFC 5246, section 4.7, over a tree head.
func verifySTH(key crypto.PublicKey, h TreeHead) error {
	s := h.Signature
	if len(s) == 0 {
		return errors.New("tree head has no signature by the log's key")
	}
	if len(s) < 4 || int(binary.BigEndian.Uint16(s[2:])) != len(s)-4 {
		return errors.New("tree head signature is no DigitallySigned structure")
	}
	digest := sha256.Sum256(signedTreeHead(h))
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if s[0] != tlsSHA256 || s[1] != tlsECDSA {
			return fmt.Errorf("tree head signature algorithm is %d, %d, want SHA-256 with ECDSA", s[0], s[1])
		}
		if !ecdsa.VerifyASN1(k, digest[:], s[4:]) {
			return errors.New("tree head signature doesn't verify")
		}
	case *rsa.PublicKey:
		if s[0] != tlsSHA256 || s[1] != tlsRSA {
			return fmt.Errorf("tree head signature algorithm is %d, %d, want SHA-256 with RSA", s[0], s[1])
		}
		if err := rsa.VerifyPKCS1v15(k, crypto.SHA256, digest[:], s[4:]); err != nil {
			return fmt.Errorf("tree head signature doesn't verify: %w", err)
		}
	default:
		return fmt.Errorf("no signature scheme for a %T", key)
	}
	return nil
}

// toHash copies a 32-byte slice.
func toHash(b []byte) (Hash, error) {
	var h Hash
	if len(b) != len(h) {
		return h, fmt.Errorf("%d bytes, want %d", len(b), len(h))
	}
	copy(h[:], b)
	return h, nil
}
