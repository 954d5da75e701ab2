package ctlogtest_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
)

// file asks a static log for a file.
func file(t *testing.T, l *ctlogtest.Log, path string) (status int, header http.Header, body []byte) {
	t.Helper()
	resp, err := l.Client().Get("http://log.test/mounted/here/" + path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return resp.StatusCode, resp.Header, body
}

// need is file that must be there.
func need(t *testing.T, l *ctlogtest.Log, path string) []byte {
	t.Helper()
	status, _, body := file(t, l, path)
	if status != http.StatusOK {
		t.Fatalf("%s: status %d: %s", path, status, body)
	}
	return body
}

// staticLog is a log of n chains, with checkpoints of two sizes.
func staticLog(n int, opts ctlogtest.Options) *ctlogtest.Log {
	opts.Static, opts.Name = true, "static"
	l := ctlogtest.New(opts)
	for i := range n {
		if i == 300 {
			l.Publish()
		}
		l.AddChain(fmt.Appendf(nil, "certificate %d", i), fmt.Appendf(nil, "issuer %d", i%2), []byte("root"))
	}
	l.Publish()
	return l
}

func TestCheckpointIsSigned(t *testing.T) {
	l := staticLog(3, ctlogtest.Options{})
	note := string(need(t, l, "checkpoint"))
	lines := strings.Split(note, "\n")
	root := l.Root(3)
	if diff := cmp.Diff([]string{l.Origin(), "3", base64.StdEncoding.EncodeToString(root[:]), ""}, lines[:4]); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	id := l.LogID()
	keyID := sha256.Sum256(append([]byte(l.Origin()+"\n\x05"), id[:]...))
	found := 0
	for _, line := range lines[4:] {
		rest, ok := strings.CutPrefix(line, "— "+l.Origin()+" ")
		sig, err := base64.StdEncoding.DecodeString(rest)
		if !ok || err != nil || !bytes.Equal(sig[:4], keyID[:4]) {
			continue
		}
		found++
		input := append([]byte{0, 1}, sig[4:12]...)
		input = append(binary.BigEndian.AppendUint64(input, 3), root[:]...)
		verify(t, l, input, sig[12:])
	}
	if found != 1 || len(lines) < 7 {
		t.Errorf("%d signatures of the log's key in\n%s", found, note)
	}
}

func TestTilesAreServed(t *testing.T) {
	l := staticLog(600, ctlogtest.Options{})
	var hashes []byte
	next := 0
	for _, name := range []string{"000", "001", "002.p/88"} {
		hashes = append(hashes, need(t, l, "tile/0/"+name)...)
		for tile := need(t, l, "tile/data/"+name); len(tile) > 0; next++ {
			cert := fmt.Sprintf("certificate %d", next)
			n := 8 + 2 + 3 + len(cert) + 2 + 8 // with the leaf_index extension
			leaf := append([]byte{0, 0, 0}, tile[:n]...)
			if h := sha256.Sum256(leaf); !bytes.Equal(h[:], hashes[32*next:32*next+32]) {
				t.Fatalf("entry %d is not what the tree has", next)
			}
			if !bytes.Contains(tile[:n], []byte(cert)) || tile[n-1] != byte(next) || tile[n-2] != byte(next>>8) {
				t.Errorf("entry %d is %x", next, tile[:n])
			}
			if want := []byte{0, 64}; !bytes.Equal(tile[n:n+2], want) {
				t.Fatalf("chain of entry %d is %x", next, tile[n:n+2])
			}
			for i, issuer := range []string{fmt.Sprintf("issuer %d", next%2), "root"} {
				print := tile[n+2+32*i:][:32]
				if got := need(t, l, "issuer/"+hex.EncodeToString(print)); string(got) != issuer {
					t.Errorf("issuer %d of entry %d is %q", i, next, got)
				}
			}
			tile = tile[n+2+64:]
		}
	}
	if next != 600 || len(hashes) != 600*32 {
		t.Errorf("%d entries, %d bytes of hashes", next, len(hashes))
	}
	root := l.Root(256)
	if upper := need(t, l, "tile/1/000.p/2"); !bytes.Equal(upper[:32], root[:]) {
		t.Error("the upper tile doesn't begin with the root of the first")
	}
}

// A file is there for each tree that was signed, and no other.
func TestFilesThatAreThere(t *testing.T) {
	l := staticLog(600, ctlogtest.Options{})
	for path, want := range map[string]int{
		"tile/0/001.p/44":                    200, // of the tree of 300
		"tile/1/000.p/1":                     200,
		"tile/0/002.p/87":                    404,
		"tile/0/002":                         404,
		"tile/0/003":                         404,
		"tile/1/000":                         404,
		"tile/2/000.p/1":                     404,
		"tile/data/002.p/88":                 200,
		"tile/data/002.p/89":                 404,
		"tile/0/2":                           400,
		"tile/0/x000/002.p/88":               400,
		"tile/6/000":                         400,
		"tile/00/000":                        400,
		"tile/0/000.p/0":                     400,
		"tile/0/000.p/256":                   400,
		"issuer/" + strings.Repeat("00", 32): 404,
		"issuer/00":                          400,
		"ct/v1/get-sth-consistency?first=1&second=600": 200,
	} {
		if status, _, _ := file(t, l, path); status != want {
			t.Errorf("%s: status %d, want %d", path, status, want)
		}
	}
	plain := filled(5, ctlogtest.Options{Name: "plain"})
	if status, _, _ := file(t, plain, "checkpoint"); status != http.StatusNotFound {
		t.Errorf("a log that isn't static answers with status %d", status)
	}
}

func TestStaticForms(t *testing.T) {
	l := staticLog(300, ctlogtest.Options{Gzip: true})
	plain := staticLog(300, ctlogtest.Options{})
	_, h, body := file(t, l, "tile/0/000") // Go's client undoes no gzip that comes in process
	if h.Get("Content-Encoding") != "gzip" || h.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("header is %v", h)
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || len(got) != 256*32 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	plain.SetFaults(ctlogtest.Faults{Spaces: 1, PartialGone: 1, NoIssuer: 2, WrongProof: 3})
	if _, h, body := file(t, plain, "tile/data/000"); h.Get("Content-Encoding") != "" || !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		t.Errorf("header is %v, body %x", h, body[:10])
	}
	if status, _, _ := file(t, plain, "tile/0/001.p/44"); status != http.StatusOK {
		t.Errorf("the only form of a tile: status %d", status)
	}
	if diff := cmp.Diff(map[string]int{"Spaces": 2}, plain.Injected()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
