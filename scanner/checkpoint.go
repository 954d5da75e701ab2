package scanner

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a checkpoint is made of (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).
const (
	noteSignature   = "— "    // what a signature line begins with
	typeTreeHead    = 0x05    // signature type: TreeHeadSignature of RFC 6962
	maxNoteLines    = 100     // of signatures; 16 must be taken
	maxCandidates   = 16      // of them that are looked at because they claim to be the log's
	maxTiledEntries = 1 << 40 // leaf_index has 40 bits
)

// ParseTreeHead reads what a log sent for a tree head (TreeHead.Raw): get-sth
// JSON, or a checkpoint. Its signature is yet to be checked, with VerifyTreeHead.
func ParseTreeHead(l Log, raw []byte) (TreeHead, error) {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte{'{'}) || l.Type == RFC6962 {
		return parseSTH(l.ID(), raw)
	}
	return parseCheckpoint(l, raw)
}

// parseCheckpoint reads a checkpoint. Of the signature lines that claim to be
// the log's it takes the first that verifies, else the first; where there is
// none the tree head has no signature. Whose a line is, is known by the key
// name, which must be the note's own origin line, and the key id.
func parseCheckpoint(l Log, note []byte) (TreeHead, error) {
	text, lines, err := splitNote(note)
	if err != nil {
		return TreeHead{}, err
	}
	h, origin, err := parseCheckpointText(text)
	if err != nil {
		return TreeHead{}, err
	}
	if l.Origin != "" && l.Origin != origin {
		return TreeHead{}, fmt.Errorf("checkpoint is of %q, want origin %q", origin, l.Origin)
	}
	h.LogID, h.Raw = l.ID(), note
	var claimed []TreeHead
	for _, line := range lines {
		signed, ours, err := readNoteSignature(line, origin, h)
		if err != nil {
			return TreeHead{}, err
		}
		if ours && len(claimed) < maxCandidates {
			claimed = append(claimed, signed)
		}
	}
	for _, signed := range claimed {
		if VerifyTreeHead(l, signed) == nil {
			return signed, nil
		}
	}
	return append(claimed, h)[0], nil
}

// splitNote parts a signed note at its last empty line.
func splitNote(note []byte) (text string, lines []string, err error) {
	control := func(r rune) bool { return r < ' ' && r != '\n' }
	if !utf8.Valid(note) || bytes.ContainsFunc(note, control) {
		return "", nil, errors.New("checkpoint is no text")
	}
	s := string(note)
	at := strings.LastIndex(s, "\n\n")
	if at < 0 || !strings.HasSuffix(s, "\n") || at+2 == len(s) {
		return "", nil, errors.New("checkpoint has no signatures below an empty line")
	}
	lines = strings.Split(s[at+2:len(s)-1], "\n")
	if len(lines) > maxNoteLines {
		return "", nil, fmt.Errorf("checkpoint has %d signatures, %d are the most", len(lines), maxNoteLines)
	}
	return s[:at+1], lines, nil
}

// parseCheckpointText reads origin, size and root. static-ct-api lets nothing
// follow, for the signature wouldn't cover it.
func parseCheckpointText(text string) (h TreeHead, origin string, err error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != 3 {
		return h, "", fmt.Errorf("checkpoint has %d lines, want 3: origin, size, root", len(lines))
	}
	if !isKeyName(lines[0]) {
		return h, "", fmt.Errorf("checkpoint: origin %q can't be the name of a key", lines[0])
	}
	h.Size, err = strconv.ParseUint(lines[1], 10, 64)
	if err != nil || strconv.FormatUint(h.Size, 10) != lines[1] {
		return h, "", fmt.Errorf("checkpoint: tree size is %q", lines[1])
	}
	if h.Size > maxTiledEntries {
		return h, "", fmt.Errorf("checkpoint: tree size %d is more than a leaf_index can count", h.Size)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return h, "", fmt.Errorf("checkpoint: root: %w", err)
	}
	if h.Root, err = toHash(root); err != nil {
		return h, "", fmt.Errorf("checkpoint: root: %w", err)
	}
	return h, lines[0], nil
}

// isKeyName says whether a note's key may have this name.
func isKeyName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, unicode.IsSpace) && !strings.Contains(s, "+")
}

// readNoteSignature reads a signature line. Where its key is the log's, it
// returns the tree head with what the line adds: an RFC6962NoteSignature, which
// is the timestamp and the DigitallySigned (static-ct-api, Checkpoints).
func readNoteSignature(line, origin string, h TreeHead) (signed TreeHead, ours bool, err error) {
	rest, ok := strings.CutPrefix(line, noteSignature)
	name, b64, found := strings.Cut(rest, " ")
	if !ok || !found || !isKeyName(name) {
		return h, false, fmt.Errorf("checkpoint: %.80q is no signature line", line)
	}
	sig, err := base64.StdEncoding.DecodeString(b64)
	if err != nil || len(sig) < 5 {
		return h, false, fmt.Errorf("checkpoint: signature of %.80q is no base64 of a key id and more", name)
	}
	id := noteKeyID(origin, h.LogID)
	if name != origin || [4]byte(sig) != id || len(sig) < len(id)+8 {
		return h, false, nil
	}
	ms := binary.BigEndian.Uint64(sig[4:])
	if ms > maxTimestampMS {
		return h, false, fmt.Errorf("checkpoint: timestamp %d is beyond the year 9999", ms)
	}
	h.Timestamp, h.Signature = time.UnixMilli(int64(ms)).UTC(), sig[12:]
	return h, true, nil
}

// noteKeyID is how a signature line names a log's key.
func noteKeyID(name string, id Hash) [4]byte {
	b := append([]byte(name), '\n', typeTreeHead)
	sum := sha256.Sum256(append(b, id[:]...))
	return [4]byte(sum[:4])
}
