package differ_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/sunlight"
	"filippo.io/torchwood"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
	"markwatch/scanner"
)

// openNote opens a checkpoint by the libraries of others.
func openNote(origin string, key, checkpoint []byte) (c torchwood.Checkpoint, timestamp int64, err error) {
	pub, err := x509.ParsePKIXPublicKey(key)
	if err != nil {
		return c, 0, err
	}
	v, err := sunlight.NewRFC6962Verifier(origin, pub)
	if err != nil {
		return c, 0, err
	}
	n, err := note.Open(checkpoint, note.VerifierList(v))
	if err != nil {
		return c, 0, err
	}
	if c, err = torchwood.ParseCheckpoint(n.Text); err != nil {
		return c, 0, err
	}
	timestamp, err = sunlight.RFC6962SignatureTimestamp(n.Sigs[0])
	return c, timestamp, err
}

// sameLeaf reads an entry of a tile with both parsers and says how they differ.
func sameLeaf(t *testing.T, tile []byte) (ours scanner.TileLeaf, rest []byte, ok bool) {
	t.Helper()
	theirs, theirRest, theirErr := sunlight.ReadTileLeafMaybeArchival(tile)
	ours, rest, err := scanner.ReadTileLeaf(tile)
	index, indexErr := ours.LeafIndex()
	if theirErr != nil {
		// They refuse what we deliver and tell of: times past the year 292 million
		// and extensions that are not one leaf_index alone.
		odd := err == nil && (len(ours.Extensions) != 8 || !bytes.HasPrefix(ours.Extensions, []byte{0, 0, 5}) || tile[0] > 0x7f)
		if err == nil && !odd {
			t.Fatalf("they refuse what we read: %v: %x", theirErr, tile)
		}
		return ours, rest, false
	}
	if err != nil {
		t.Fatalf("we refuse what they read: %v: %x", err, tile)
	}
	var prints []byte
	for _, p := range theirs.ChainFingerprints {
		prints = append(prints, p[:]...)
	}
	leaf := append([]byte{0, 0}, ours.Entry...)
	switch {
	case !bytes.Equal(theirs.MerkleTreeLeaf(), leaf):
		t.Fatalf("leaf is %x, theirs %x", leaf, theirs.MerkleTreeLeaf())
	case !bytes.Equal(prints, ours.Chain), !bytes.Equal(theirs.PreCertificate, ours.Precertificate), theirs.IsPrecert != ours.Precert:
		t.Fatalf("entry is %+v, theirs %+v", ours, theirs)
	case theirs.RFC6962ArchivalLeaf != (indexErr != nil) || indexErr == nil && uint64(theirs.LeafIndex) != index:
		t.Fatalf("leaf_index is %d (%v), theirs %d", index, indexErr, theirs.LeafIndex)
	case !bytes.Equal(rest, theirRest):
		t.Fatalf("%d bytes follow, by them %d", len(rest), len(theirRest))
	}
	return ours, rest, true
}

// tileLeaf is an entry as Sunlight writes it.
func tileLeaf(index int64, precert bool) []byte {
	return sunlight.AppendTileLeaf(nil, &sunlight.LogEntry{
		Certificate: []byte("certificate"), IsPrecert: precert, PreCertificate: []byte("precertificate"),
		ChainFingerprints: [][32]byte{{1}, {2}}, LeafIndex: index, Timestamp: 1_800_000_000_000,
	})
}

// FuzzTileLeaf holds our parser of data tiles against Sunlight's.
func FuzzTileLeaf(f *testing.F) {
	for i, precert := range []bool{false, true} {
		leaf := tileLeaf(int64(i)<<33, precert)
		f.Add(leaf)
		f.Add(append(leaf, tileLeaf(2, false)...))
		for n := range leaf {
			f.Add(leaf[:n])
		}
		archival := bytes.Replace(leaf, leaf[bytes.Index(leaf, []byte{0, 8, 0, 0, 5}):][:10], []byte{0, 0}, 1)
		f.Add(archival)
	}
	f.Fuzz(func(t *testing.T, tile []byte) {
		for ok := true; ok && len(tile) > 0; {
			_, tile, ok = sameLeaf(t, tile)
		}
	})
}

// FuzzCheckpoint holds our reader of checkpoints against those of Sunlight,
// torchwood and the go command.
func FuzzCheckpoint(f *testing.F) {
	l := ctlogtest.New(ctlogtest.Options{
		Name: "differ", Static: true, Now: func() time.Time { return time.UnixMilli(1_800_000_000_000) },
	})
	for _, c := range marktest.NewCA("Invented").Chain() {
		l.AddChain(c)
		l.Publish()
		shown := showCheckpoint(f, l)
		f.Add(shown)
		text, lines, _ := bytes.Cut(shown, []byte("\n\n"))
		for line := range bytes.Lines(lines) {
			f.Add(append(append(bytes.Clone(text), "\n\n"...), line...))
		}
		f.Add(bytes.Replace(shown, []byte("\n\n"), []byte("\nextension\n\n"), 1))
	}
	log := scanner.Log{Name: "differ", Key: l.PublicKey(), Type: scanner.Static}
	f.Fuzz(func(t *testing.T, checkpoint []byte) {
		origin, _, _ := strings.Cut(string(checkpoint), "\n")
		theirs, timestamp, theirErr := openNote(origin, log.Key, checkpoint)
		ours, err := scanner.ParseTreeHead(log, checkpoint)
		if err == nil {
			err = scanner.VerifyTreeHead(log, ours)
		}
		var oneOfSeveral *note.InvalidSignatureError
		switch {
		case theirErr == nil && err != nil:
			t.Fatalf("we refuse what they read: %v: %q", err, checkpoint)
		case theirErr != nil && err == nil && !errors.As(theirErr, &oneOfSeveral): // we look for another line of the key
			t.Fatalf("they refuse what we read: %v: %q", theirErr, checkpoint)
		case theirErr == nil && (uint64(theirs.N) != ours.Size || scanner.Hash(theirs.Hash) != ours.Root || timestamp != ours.Timestamp.UnixMilli()):
			t.Fatalf("tree head is %+v, theirs %+v at %d", ours, theirs, timestamp)
		}
	})
}

// showCheckpoint is what a log in process shows.
func showCheckpoint(t testing.TB, l *ctlogtest.Log) []byte {
	t.Helper()
	resp, err := l.Client().Get("https://log.test/checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The tiles of a log on the public internet, which Sunlight is tested with, are
// read alike, and each entry has the hash that the tree has.
func TestPublicTilesAreReadAlike(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "filippo.io/sunlight").Output()
	if err != nil {
		t.Fatal(err)
	}
	tiles := filepath.Join(strings.TrimSpace(string(out)), "testdata", "navigli2025h2", "tile")
	n := uint64(0)
	for _, name := range []string{"000", "001", "002", "003.p/10"} {
		data, err := os.ReadFile(filepath.Join(tiles, "data", name))
		if err != nil {
			t.Fatal(err)
		}
		hashes, err := os.ReadFile(filepath.Join(tiles, "0", name))
		if err != nil {
			t.Fatal(err)
		}
		for len(data) > 0 {
			leaf, rest, ok := sameLeaf(t, data)
			if !ok || len(hashes) < 32 {
				t.Fatalf("entry %d is not read, or has no hash", n)
			}
			if h := sha256.Sum256(append([]byte{0, 0, 0}, leaf.Entry...)); !bytes.Equal(h[:], hashes[:32]) {
				t.Errorf("entry %d has another hash than the tree", n)
			}
			if index, err := leaf.LeafIndex(); err != nil || index != n {
				t.Errorf("entry %d says that it is %d: %v", n, index, err)
			}
			data, hashes, n = rest, hashes[32:], n+1
		}
		if len(hashes) > 0 {
			t.Errorf("tile %s has fewer entries than hashes", name)
		}
	}
	if n != 3*256+10 {
		t.Errorf("%d entries", n)
	}
}

// The log of tests writes tiles as Sunlight does.
func TestTilesOfTestsAreLikeRealOnes(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	l := ctlogtest.New(ctlogtest.Options{Name: "like", Static: true, Now: func() time.Time { return now }})
	ca := marktest.NewCA("Invented")
	var want []byte
	for i := range 45 {
		m := ca.Issue(marktest.Registered("Invented Ltd", "mark.example", uint64(i)))
		e := &sunlight.LogEntry{Certificate: m.Certificate, LeafIndex: int64(i), Timestamp: now.UnixMilli()}
		var sct []byte
		if i%2 == 0 {
			e.Certificate, e.IsPrecert, e.IssuerKeyHash, e.PreCertificate = m.TBS, true, m.IssuerKeyHash, m.Precertificate
			sct, _ = l.AddPreChain(m.Precertificate, m.TBS, m.IssuerKeyHash, m.Chain...)
		} else {
			sct, _ = l.AddChain(append([][]byte{m.Certificate}, m.Chain...)...)
		}
		for _, c := range m.Chain {
			e.ChainFingerprints = append(e.ChainFingerprints, sha256.Sum256(c))
		}
		want = sunlight.AppendTileLeaf(want, e)
		ext, err := sunlight.ParseExtensions(sct[43 : 43+binary.BigEndian.Uint16(sct[41:])])
		if err != nil || ext.LeafIndex != int64(i) {
			t.Errorf("SCT %d says index %d: %v", i, ext.LeafIndex, err)
		}
	}
	l.Publish()
	resp, err := l.Client().Get("https://log.test/" + "tile/data/000.p/45")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Bytes()); diff != "" {
		t.Errorf("data tile (-sunlight +test):\n%.2000s", diff)
	}
}
