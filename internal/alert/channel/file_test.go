package channel_test

import (
	"bytes"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// TestFiles guards the name and content of each format, and that a message sent
// twice is one file.
func TestFiles(t *testing.T) {
	m := message("a1")
	for format, c := range map[string]struct {
		suffix string
		encode func(*notice.Message) ([]byte, error)
	}{
		"json": {".json", notice.JSON}, "misp": {".misp.json", notice.MISP}, "stix": {".stix.json", notice.STIX},
		"html": {".html", func(m *notice.Message) ([]byte, error) { s, err := renderer(t).Page(m); return []byte(s), err }},
		"eml":  {".eml", nil},
	} {
		dir := filepath.Join(t.TempDir(), "new", "folder")
		ch := one(t, channel.Config{Files: []channel.File{{Format: format, Dir: dir}}})
		for range 2 {
			if err := ch.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		names, err := os.ReadDir(dir)
		if err != nil || len(names) != 1 || names[0].Name() != m.ID+c.suffix {
			t.Fatalf("%s: %v, %v", format, err, names)
		}
		got, err := os.ReadFile(filepath.Join(dir, m.ID+c.suffix))
		if err != nil {
			t.Fatal(err)
		}
		if c.encode == nil {
			msg, err := mail.ReadMessage(bytes.NewReader(got))
			if err != nil || !strings.HasPrefix(msg.Header.Get("Message-Id"), "<"+m.ID+"@") {
				t.Fatalf("%v, %v", err, msg)
			}
			checkParts(t, m, leaves(t, "", msg.Header.Get("Content-Type"), "", "", msg.Body))
			continue
		}
		want, err := c.encode(m)
		if err != nil || !cmp.Equal(want, got) {
			t.Errorf("%s (%v): %s", format, err, got)
		}
	}
}

// TestFileFaults guards that a file which can't be written is tried again, leaves
// nothing half done, and that no id leads out of the folder.
func TestFileFaults(t *testing.T) {
	dir := t.TempDir()
	ch := one(t, channel.Config{Files: []channel.File{{Format: "json", Dir: dir}}})
	m := message("a1")
	if err := os.Mkdir(filepath.Join(dir, m.ID+".json"), 0o700); err != nil {
		t.Fatal(err)
	}
	checkError(t, ch.Send(t.Context(), m), "retry", "writing the file")
	m.ID = "../../out"
	if err := ch.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	hidden, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(names) != 2 || len(hidden) != 0 {
		t.Errorf("%v, %v, %v", err, names, hidden)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	checkError(t, ch.Send(t.Context(), message("b")), "retry", "not a directory")
}
