package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"markwatch/scanner"
)

// TamperedError names the pieces of a snapshot that are not as its manifest says.
type TamperedError struct {
	Problems []string // "PIECE: what is wrong with it", by piece
}

// Error says how many there are; Problems says which.
func (e *TamperedError) Error() string {
	return fmt.Sprintf("the snapshot is not as it was written (%d pieces): %s", len(e.Problems), e.Problems[0])
}

// Verify checks the snapshot in dir, with no store and no network: each file
// against its hash in the manifest, that none is missing or added, and the
// signature of each log's tree head. It returns the manifest and its SHA-256;
// what is wrong is a *TamperedError.
func Verify(dir string) (*Manifest, string, error) {
	m, text, err := readManifest(dir)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(text)
	v := verifier{dir: dir}
	v.words(m, text)
	named := map[string]bool{ManifestName: true}
	for _, f := range m.Files {
		if named[f.Path] {
			v.problem(f.Path, "the manifest names it twice")
			continue
		}
		named[f.Path] = true
		v.file(f)
	}
	for _, l := range m.Logs {
		v.log(l)
	}
	if err := v.added(named); err != nil {
		return nil, "", err
	}
	if len(v.problems) > 0 {
		slices.Sort(v.problems)
		return m, hex.EncodeToString(sum[:]), &TamperedError{v.problems}
	}
	return m, hex.EncodeToString(sum[:]), nil
}

// verifier gathers what is wrong.
type verifier struct {
	dir      string
	problems []string
}

func (v *verifier) problem(piece, format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf("%.200q: ", piece)+fmt.Sprintf(format, args...))
}

// words checks that the manifest is the one text that says what it says: of
// fields that are there twice, or by half their names, others would read
// something else.
func (v *verifier) words(m *Manifest, text []byte) {
	if written, err := m.encode(); err != nil || !bytes.Equal(written, text) {
		v.problem(ManifestName, "it is not written as markwatch writes it")
	}
	if len(m.Files) == 0 {
		v.problem(ManifestName, "it names no files")
	}
}

// file checks one file. A link is not followed: it could lead anywhere.
func (v *verifier) file(f File) {
	if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
		v.problem(f.Path, "the manifest names a file outside the folder")
		return
	}
	path := filepath.Join(v.dir, filepath.FromSlash(f.Path))
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.problem(f.Path, "it is missing")
	case err != nil:
		v.problem(f.Path, "it can't be read: %v", reason(err))
	case !info.Mode().IsRegular():
		v.problem(f.Path, "it is no plain file")
	case info.Size() != f.Bytes:
		v.problem(f.Path, "it is changed: it has %d bytes, and the manifest says %d", info.Size(), f.Bytes)
	default:
		v.content(f, path)
	}
}

func (v *verifier) content(f File, path string) {
	in, err := os.Open(path)
	if err != nil {
		v.problem(f.Path, "it can't be read: %v", reason(err))
		return
	}
	defer in.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, in); err != nil {
		v.problem(f.Path, "it can't be read: %v", reason(err))
		return
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != f.SHA256 {
		v.problem(f.Path, "it is changed: its SHA-256 is %s, and the manifest says %.64s", got, f.SHA256)
	}
}

// log checks that the log has signed its tree head, and that the head is what
// the log's answer says.
func (v *verifier) log(l Log) {
	piece := ManifestName + ", tree head of " + l.Name
	if l.Head == nil {
		return
	}
	log, head, err := l.head()
	if err != nil {
		v.problem(piece, "%v", err)
		return
	}
	raw, err := scanner.ParseTreeHead(log, head.Raw)
	switch {
	case err != nil:
		v.problem(piece, "the log's answer can't be read: %v", err)
	case raw.Size != head.Size || raw.Root != head.Root || !raw.Timestamp.Equal(head.Timestamp):
		v.problem(piece, "it is not what the log's answer says")
	default:
		if err := scanner.VerifyTreeHead(log, head); err != nil {
			v.problem(piece, "%v", err)
		}
	}
	if l.Read > head.Size {
		v.problem(piece, "it covers %d entries, and %d are said to be read", head.Size, l.Read)
	}
}

// added looks for files that the manifest doesn't name.
func (v *verifier) added(named map[string]bool) error {
	return filepath.WalkDir(v.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("looking through %s: %w", v.dir, reason(err))
		}
		rel, err := filepath.Rel(v.dir, path)
		if err != nil || d.IsDir() {
			return err
		}
		if rel = filepath.ToSlash(rel); !named[rel] {
			v.problem(rel, "it is added: the manifest doesn't name it")
		}
		return nil
	})
}
