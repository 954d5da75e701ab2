package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"markwatch/scanner"
	"markwatch/store"
)

// ManifestName is the file that names all others.
const ManifestName = "manifest.json"

// formatVersion is that of the folder's layout and manifest.
const formatVersion = 1

// maxManifest bounds what is read of a manifest: some 300 bytes for each of a
// million files.
const maxManifest = 300 << 20

// Manifest says what a snapshot holds and how it came about.
type Manifest struct {
	Format    int               `json:"format"`    // version of this layout
	AsOf      string            `json:"as_of"`     // what was logged up to then is counted; RFC 3339, UTC
	Markwatch string            `json:"markwatch"` // version of the program
	Rules     map[string]uint32 `json:"rules"`     // versions of the rules that read and compare
	Logs      []Log             `json:"logs"`
	Files     []File            `json:"files"` // every file but the manifest, by path
}

// Log is what a snapshot rests on: how far a log is read, and what it signed.
type Log struct {
	Name             string    `json:"name"`
	ID               string    `json:"log_id"` // base64 of the SHA-256 of its key
	URL              string    `json:"url"`
	Kind             string    `json:"kind"`
	Key              string    `json:"key"` // base64 of the DER SubjectPublicKeyInfo
	MMD              float64   `json:"mmd_seconds"`
	State            string    `json:"state"`
	Read             uint64    `json:"read"` // entries read and proved, of those in the tree head
	MarkCertificates uint64    `json:"mark_certificate_entries"`
	Malformed        uint64    `json:"malformed_entries"`
	Head             *TreeHead `json:"tree_head"` // null where the log has shown none that verified
}

// TreeHead is a signed tree head as the log sent it, and what it says.
type TreeHead struct {
	Size      uint64 `json:"tree_size"`
	Timestamp string `json:"timestamp"`           // RFC 3339, UTC
	Root      string `json:"sha256_root_hash"`    // base64
	Signature string `json:"tree_head_signature"` // base64 of the DigitallySigned
	Raw       string `json:"raw"`                 // the log's answer
}

// File is one file of a snapshot.
type File struct {
	Path   string            `json:"path"`
	Bytes  int64             `json:"bytes"`
	SHA256 string            `json:"sha256"`
	Rows   *uint64           `json:"rows,omitempty"`   // of a table
	Query  string            `json:"query,omitempty"`  // that made it
	Params map[string]string `json:"params,omitempty"` // that differ from its defaults
}

// isoTime is how the manifest writes times.
const isoTime = "2006-01-02T15:04:05.000Z"

func newLog(l store.SnapshotLog) Log {
	out := Log{
		Name: l.Log.Name, ID: l.ID, URL: l.Log.URL, Kind: string(l.Log.Type), Key: base64.StdEncoding.EncodeToString(l.Log.Key), MMD: l.Log.MMD.Seconds(),
		State: l.State, Read: l.Read, MarkCertificates: l.Marks, Malformed: l.Malformed,
	}
	if h := l.Head; h != nil {
		out.Head = &TreeHead{
			Size: h.Size, Timestamp: h.Timestamp.UTC().Format(isoTime), Root: base64.StdEncoding.EncodeToString(h.Root[:]),
			Signature: base64.StdEncoding.EncodeToString(h.Signature), Raw: strings.ToValidUTF8(string(h.Raw), "\ufffd"), // all that JSON can hold
		}
	}
	return out
}

// head is the tree head and the log that is to have signed it.
func (l Log) head() (scanner.Log, scanner.TreeHead, error) {
	var h scanner.TreeHead
	key, err := base64.StdEncoding.DecodeString(l.Key)
	if err != nil {
		return scanner.Log{}, h, fmt.Errorf("its key is no base64: %w", err)
	}
	log := scanner.Log{Name: l.Name, URL: l.URL, Type: scanner.Type(l.Kind), Key: key, MMD: time.Duration(l.MMD * float64(time.Second))}
	if id := log.ID(); base64.StdEncoding.EncodeToString(id[:]) != l.ID {
		return log, h, fmt.Errorf("its log_id is not the SHA-256 of its key")
	}
	if h.Timestamp, err = time.Parse(isoTime, l.Head.Timestamp); err != nil {
		return log, h, fmt.Errorf("its timestamp can't be read: %w", err)
	}
	root, err := base64.StdEncoding.DecodeString(l.Head.Root)
	if err != nil || len(root) != len(h.Root) {
		return log, h, fmt.Errorf("its root is no hash")
	}
	if h.Signature, err = base64.StdEncoding.DecodeString(l.Head.Signature); err != nil {
		return log, h, fmt.Errorf("its signature is no base64: %w", err)
	}
	h.LogID, h.Size, h.Root, h.Raw = log.ID(), l.Head.Size, scanner.Hash(root), []byte(l.Head.Raw)
	return log, h, nil
}

// encode is the manifest's text.
func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// readManifest reads the manifest of a snapshot, and its text.
func readManifest(dir string) (*Manifest, []byte, error) {
	path := filepath.Join(dir, ManifestName)
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() { // a link leads out of the snapshot, a pipe may have no end
		err = errors.New("it is no plain file")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s can't be read: %w", ManifestName, reason(err))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s can't be read: %w", ManifestName, reason(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, nil, fmt.Errorf("%s can't be read: %w", ManifestName, reason(err))
	}
	if len(text) > maxManifest {
		return nil, nil, fmt.Errorf("%s is longer than %d bytes", ManifestName, maxManifest)
	}
	m, err := parseManifest(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	return m, text, nil
}

func parseManifest(text []byte) (*Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("it is no manifest of a snapshot: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("something follows its end")
	}
	if m.Format != formatVersion {
		return nil, fmt.Errorf("it has format %d, and this markwatch knows %d", m.Format, formatVersion)
	}
	return &m, nil
}
