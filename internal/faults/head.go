package faults

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"markwatch/scanner"
)

// treeHeadType is the signature type TreeHeadSignature in a checkpoint's key id
// (c2sp.org/static-ct-api, Checkpoints).
const treeHeadType = 0x05

// sign makes the log's signature of a tree head (RFC 6962, section 3.5).
func (l *Log) sign(h scanner.TreeHead) (scanner.TreeHead, error) {
	digest := sha256.Sum256(scanner.SignedBytes(h))
	der, err := ecdsa.SignASN1(rand.Reader, l.Key, digest[:])
	if err != nil {
		return h, fmt.Errorf("signing a tree head: %w", err)
	}
	h.Signature = append([]byte{4, 3, byte(len(der) >> 8), byte(len(der))}, der...) // SHA-256, ECDSA
	return h, nil
}

// encode writes a tree head as the log would.
func (l *Log) encode(h scanner.TreeHead) ([]byte, error) {
	ms := uint64(h.Timestamp.UnixMilli())
	if l.Type != scanner.Static {
		return json.Marshal(map[string]any{
			"tree_size": h.Size, "timestamp": ms, "sha256_root_hash": h.Root[:], "tree_head_signature": h.Signature,
		})
	}
	text := append([]byte(l.Origin), '\n', treeHeadType)
	id := sha256.Sum256(append(text, h.LogID[:]...))
	sig := append(binary.BigEndian.AppendUint64(id[:4:4], ms), h.Signature...)
	return fmt.Appendf(nil, "%s\n%d\n%s\n\n— %s %s\n", l.Origin, h.Size, base64.StdEncoding.EncodeToString(h.Root[:]),
		l.Origin, base64.StdEncoding.EncodeToString(sig)), nil
}

// current is a head signed now, as a log that lives has it.
func current(h scanner.TreeHead) scanner.TreeHead {
	h.Timestamp = time.Now().UTC().Truncate(time.Millisecond)
	return h
}

// otherRoot turns a bit of the root.
func otherRoot(h scanner.TreeHead) scanner.TreeHead {
	h.Root[0] ^= 1
	return h
}
