package scanner_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// checkpointOf is what a static log shows.
func checkpointOf(t testing.TB, l *ctlogtest.Log) string {
	t.Helper()
	resp, err := l.Client().Get("https://log.test/checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	note, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(note)
}

// staticLog describes a log to the scanner.
func staticLog(l *ctlogtest.Log) scanner.Log {
	return scanner.Log{Name: "test", URL: "https://log.test", Key: l.PublicKey(), Type: scanner.Static}
}

// unknownLine is a signature line of another key.
func unknownLine(i int) string {
	sum := sha256.Sum256([]byte{byte(i)})
	return fmt.Sprintf("— witness%d.test %s\n", i, base64.StdEncoding.EncodeToString(sum[:]))
}

func TestCheckpoint(t *testing.T) {
	l := newLog(300, ctlogtest.Options{Static: true})
	note := checkpointOf(t, l)
	text, lines, _ := strings.Cut(note, "\n\n")
	text += "\n"
	var ours string
	for line := range strings.Lines(lines) {
		if strings.HasPrefix(line, "— log.test/test ") {
			ours = line
			break
		}
	}
	unknown := func(n int) (s string) {
		for i := range n {
			s += unknownLine(i)
		}
		return s
	}
	broken := ours[:30] + flipped(ours[30:31]) + ours[31:]
	swap := strings.NewReplacer
	for _, tt := range []struct {
		name, note string
		origin     string // configured
		want       string // of the error; empty: none
	}{
		{"as served", note, "", ""},
		{"origin", note, "log.test/test", ""},
		{"alone", text + "\n" + ours, "", ""},
		{"last of 16", text + "\n" + unknown(15) + ours, "", ""},
		{"first of 16", text + "\n" + ours + unknown(15), "", ""},
		{"in the middle", text + "\n" + unknown(7) + ours + unknown(8), "", ""},
		{"after one that fails", text + "\n" + broken + ours, "", ""},
		{"another origin", note, "log.test/other", `is of "log.test/test", want origin "log.test/other"`},
		{"renamed", swap("log.test/test", "log.test/other").Replace(note), "", "no signature"},
		{"none by the log", text + "\n" + unknown(3), "", "no signature"},
		{"fails", text + "\n" + broken, "", "doesn't verify"},
		{"another size", swap("\n300\n", "\n301\n").Replace(note), "", "doesn't verify"},
		{"no signatures", text, "", "no signatures"},
		{"empty line only", text + "\n", "", "no signatures"},
		{"extension", swap("\n\n", "\nmore\n\n").Replace(note), "", "4 lines"},
		{"no root", "log.test/test\n300\n\n" + ours, "", "2 lines"},
		{"leading zero", swap("\n300\n", "\n0300\n").Replace(note), "", `tree size is "0300"`},
		{"signed size", swap("\n300\n", "\n+300\n").Replace(note), "", `tree size is "+300"`},
		{"huge", swap("\n300\n", "\n1099511627777\n").Replace(note), "", "more than"},
		{"root of 31 bytes", "log.test/test\n300\n" + base64.StdEncoding.EncodeToString(make([]byte, 31)) + "\n\n" + ours, "", "31 bytes"},
		{"no last newline", strings.TrimSuffix(note, "\n"), "", "no signatures"},
		{"carriage returns", swap("\n", "\r\n").Replace(note), "", "no text"},
		{"no UTF-8", note + "\xff\n", "", "no text"},
		{"junk line", note + "junk\n", "", "no signature line"},
		{"short signature", note + "— a.test AAAA\n", "", "no base64"},
		{"too many", text + "\n" + unknown(100) + ours, "", "101 signatures"},
		{"web page", "<html>\n\n</html>\n", "", "1 lines"},
		{"empty", "", "", "no signatures"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := staticLog(l)
			log.Origin = tt.origin
			h, err := scanner.ParseTreeHead(log, []byte(tt.note))
			if err == nil {
				err = scanner.VerifyTreeHead(log, h)
			}
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error is %v, want %q", err, tt.want)
			}
			if err == nil && (h.Size != 300 || h.Root != l.Root(300) || !h.Timestamp.Equal(l.Timestamp()) || string(h.Raw) != tt.note) {
				t.Errorf("tree head is %+v", h)
			}
		})
	}
}

// flipped is another letter of base64.
func flipped(s string) string {
	if s == "A" {
		return "B"
	}
	return "A"
}

// A checkpoint that nobody signed, or that another log's key signed, is never used.
func TestUnsignedCheckpointEndsTheScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(20, ctlogtest.Options{Static: true})
		cfg := config(l, &recorder{})
		cfg.Log.Key = ctlogtest.New(ctlogtest.Options{Name: "other"}).PublicKey()
		got, err := scan(t, cfg, 0)
		var bad *scanner.SignatureError
		if !errors.As(err, &bad) || len(got) > 0 || !slices.Contains(strings.Split(string(bad.Head.Raw), "\n"), "log.test/test") {
			t.Errorf("%d batches, error %v", len(got), err)
		}
	})
}

// A stored position of a static log is checked as any other.
func TestCheckpointIsStored(t *testing.T) {
	l := newLog(20, ctlogtest.Options{Static: true, Now: func() time.Time { return time.UnixMilli(1_800_000_000_001) }})
	h, err := scanner.ParseTreeHead(scanner.Log{Key: l.PublicKey()}, []byte(checkpointOf(t, l)))
	if err != nil {
		t.Fatal(err)
	}
	if err := scanner.VerifyTreeHead(scanner.Log{Name: "test", Key: l.PublicKey()}, h); err != nil {
		t.Errorf("read without knowing the log's type: %v", err)
	}
	if h.Timestamp.UnixMilli() != 1_800_000_000_001 {
		t.Errorf("timestamp is %s", h.Timestamp)
	}
}

// FuzzCheckpoint guards that no note breaks the reader, and that one that
// verifies says what was signed.
func FuzzCheckpoint(f *testing.F) {
	l := newLog(5, ctlogtest.Options{Static: true})
	note := checkpointOf(f, l)
	f.Add([]byte(note))
	f.Add([]byte(strings.ReplaceAll(note, "\n\n", "\n\n\n")))
	f.Add([]byte("a\n1\nAAAA\n\n— a AAAAAAAA\n"))
	log := staticLog(l)
	f.Fuzz(func(t *testing.T, note []byte) {
		h, err := scanner.ParseTreeHead(log, note)
		if err != nil || scanner.VerifyTreeHead(log, h) != nil {
			return
		}
		if h.Size > 5 || h.Root != l.Root(h.Size) {
			t.Errorf("a tree head that was never signed verifies: %+v", h)
		}
	})
}
