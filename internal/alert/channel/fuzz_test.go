package channel_test

import (
	"bytes"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// FuzzMailServer guards that whatever a mail server says, sending ends, with an
// error unless the server took the message.
func FuzzMailServer(f *testing.F) {
	f.Add([]byte("220 hi\r\n250 hi\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n"))
	f.Add([]byte("220 hi\r\n250-hi\r\n250-AUTH SCRAM-SHA-256 PLAIN LOGIN\r\n250 STARTTLS\r\n334 \r\n334 cj0x\r\n"))
	f.Add([]byte("220 hi\r\n250-hi\r\n250 AUTH LOGIN\r\n334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 in\r\n452 full\r\n"))
	f.Add([]byte("220-\r\n\x00\xff"))
	f.Add([]byte("999999999999999999 x\r\n"))
	f.Add([]byte("220 hi\r\n250 hi\r\n2\x00\x1b[2J\r\n"))
	f.Add([]byte("2\x00\x1b[2J\r\n"))
	said := make(chan []byte, 1)
	addr := listen(f, func(c io.ReadWriter) {
		_, _ = c.Write(<-said)
		_ = c.(*net.TCPConn).CloseWrite()
		_, _ = io.CopyN(io.Discard, c, 1<<20)
	})
	r := renderer(f)
	f.Fuzz(func(t *testing.T, words []byte) {
		all, err := channel.Config{Email: channel.Emails{{
			SMTP: channel.Secret("smtp://user:T0PSECRET@" + addr), TLS: "none", From: "a@watch.example", To: []string{"b@example.com", "c@example.com"}, Timeout: time.Second,
		}}}.Open(r, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		said <- words
		err = all[0].Send(t.Context(), notice.Sample(notice.KindTest))
		if err == nil && !bytes.Contains(words, []byte("354")) {
			t.Error("it counts as sent, and nobody took it")
		}
		if err != nil && (strings.Contains(err.Error(), "T0PSECRET") || strings.ContainsAny(err.Error(), "\r\n\x00")) {
			t.Errorf("%q", err)
		}
	})
}

// FuzzLetter guards that nothing in a message makes a header of its own.
func FuzzLetter(f *testing.F) {
	f.Add("id", "hit", "thread", "https://watch.example/stop", "Sunrise Trading Ltd")
	f.Add("x@y>\r\nBcc: z@example.com", "hit\r\nX: y", "a\nb", "mailto:a@b.example\r\nBcc: z@example.com", "\r\nBcc: z@example.com\r\n\r\nbody")
	f.Add("", "", "", "mailto:", "=?utf-8?q?=0d=0aBcc:_z?=")
	r := renderer(f)
	f.Fuzz(func(t *testing.T, id, kind, thread, unsubscribe, organisation string) {
		m := notice.Sample(notice.KindHit)
		m.ID, m.Kind, m.Thread, m.Unsubscribe, m.Hits[0].Organisation, m.Client = id, notice.Kind(kind), thread, unsubscribe, organisation, organisation
		raw, err := channel.Letter(m, r)
		if err != nil {
			t.Fatal(err)
		}
		msg, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		known := []string{
			"Auto-Submitted", "Content-Type", "Date", "From", "In-Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-Id", "Mime-Version",
			"References", "Subject", "X-Auto-Response-Suppress", "X-Markwatch-Kind",
		}
		for _, name := range slices.Sorted(maps.Keys(msg.Header)) {
			if !slices.Contains(known, name) || len(msg.Header[name]) != 1 {
				t.Errorf("%s: %q", name, msg.Header[name])
			}
		}
		parts := leaves(t, "", msg.Header.Get("Content-Type"), "", "", msg.Body)
		if got := []string{parts[0].mediaType, parts[1].mediaType}; !cmp.Equal(got, []string{"text/plain", "text/html"}) {
			t.Errorf("got %v", got)
		}
	})
}
