package channel_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// drop hangs up in the middle.
func drop(c *smtp.Conn) error {
	c.Conn().Close()
	return errors.New("dropped")
}

// TestMailFaults guards what each fault of a server comes to.
func TestMailFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		server *mailServer
		want   string // retry, refused, or "" for delivered
		err    string
	}{
		{"busy at the greeting", &mailServer{onConnect: func(int, *smtp.Conn) error { return reply(421, "too busy") }}, "retry", "too busy"},
		{"closed at the greeting", &mailServer{onConnect: func(int, *smtp.Conn) error { return reply(554, "go away") }}, "retry", "go away"},
		{"sender refused, which is mended elsewhere", &mailServer{onMail: func(int, *smtp.Conn) error { return reply(550, "who are you") }}, "retry", "who are you"},
		{"too big at MAIL", &mailServer{onMail: func(int, *smtp.Conn) error { return reply(552, "too big") }}, "refused", "too big"},
		{"login wanted", &mailServer{onRcpt: func(int, string, *smtp.Conn) error { return reply(530, "log in first") }}, "retry", "log in first"},
		{"no such user", &mailServer{onRcpt: func(int, string, *smtp.Conn) error { return reply(550, "no such user") }}, "refused", "counsel@example.com (550 no such user)"},
		{"no relaying", &mailServer{onRcpt: func(int, string, *smtp.Conn) error { return reply(554, "5.7.1 relaying denied") }}, "retry", "relaying denied"},
		{"grey list", &mailServer{onRcpt: func(int, string, *smtp.Conn) error { return reply(450, "try later") }}, "retry", "try later"},
		{"content refused", &mailServer{onData: func(int, *smtp.Conn) error { return reply(554, "5.7.1 looks like spam") }}, "refused", "looks like spam"},
		{"too big after DATA", &mailServer{onData: func(int, *smtp.Conn) error { return reply(552, "too big") }}, "refused", "too big"},
		{"disk full", &mailServer{onData: func(int, *smtp.Conn) error { return reply(452, "disk full") }}, "retry", "disk full"},
		{"dropped at RCPT", &mailServer{onRcpt: func(_ int, _ string, c *smtp.Conn) error { return drop(c) }}, "retry", ""},
		{"dropped in DATA", &mailServer{onData: func(_ int, c *smtp.Conn) error { return drop(c) }}, "retry", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ch := mailer(t, c.server.start(t, nil, false))
			err := ch.Send(t.Context(), message("a1"))
			checkError(t, err, c.want, c.err)
			if len(c.server.taken()) != 0 {
				t.Error("it was taken")
			}
		})
	}
}

// checkError checks an error's type and words.
func checkError(t *testing.T, err error, want, words string) {
	t.Helper()
	var (
		retry   *channel.RetryError
		refused *channel.RefusedError
		gone    *channel.GoneError
		got     string
	)
	switch {
	case err == nil:
	case errors.As(err, &refused):
		got = "refused"
	case errors.As(err, &gone):
		got = "gone"
	case errors.As(err, &retry):
		got = "retry"
	default:
		t.Errorf("error of the type %T", err)
	}
	if got != want || err != nil && !strings.Contains(err.Error(), words) {
		t.Errorf("got %q: %v; want %q with %q", got, err, want, words)
	}
}

// TestMailPartial guards that a recipient whom the server doesn't accept is
// named, and that the others get the mail once.
func TestMailPartial(t *testing.T) {
	greyed := true
	s := mailServer{onRcpt: func(_ int, to string, _ *smtp.Conn) error {
		switch {
		case strings.HasPrefix(to, "gone@"):
			return reply(550, "no such user")
		case strings.HasPrefix(to, "grey@") && greyed:
			return reply(450, "try later")
		}
		return nil
	}}
	ch := mailer(t, s.start(t, nil, false), "good@example.com", "grey@example.com", "gone@example.com")
	err := ch.Send(t.Context(), message("a1"))
	checkError(t, err, "retry", "grey@example.com (450 try later), gone@example.com (550 no such user); 1 of 3 have it")
	greyed = false
	err = ch.Send(t.Context(), message("a1"))
	checkError(t, err, "refused", "gone@example.com (550 no such user); 2 of 3 have it")
	var to [][]string
	for _, m := range s.taken() {
		to = append(to, m.to)
	}
	if diff := cmp.Diff([][]string{{"good@example.com"}, {"grey@example.com"}}, to); diff != "" {
		t.Error(diff)
	}
	if err := ch.Send(t.Context(), message("b2")); !strings.Contains(err.Error(), "2 of 3") {
		t.Errorf("another message: %v", err)
	}
}

// TestMailCrowd guards that a server with a limit of recipients gets the mail in
// several transactions at once.
func TestMailCrowd(t *testing.T) {
	inThis := 0
	s := mailServer{
		onMail: func(int, *smtp.Conn) error { inThis = 0; return nil },
		onRcpt: func(int, string, *smtp.Conn) error {
			if inThis++; inThis > 2 {
				return reply(452, "too many recipients")
			}
			return nil
		},
	}
	ch := mailer(t, s.start(t, nil, false), "a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com")
	if err := ch.Send(t.Context(), message("a1")); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range s.taken() {
		all = append(all, m.to...)
	}
	if len(s.taken()) != 3 || strings.Join(all, " ") != "a@example.com b@example.com c@example.com d@example.com e@example.com" {
		t.Errorf("%d mails to %v", len(s.taken()), all)
	}
}

// TestMailConnection guards that a connection is used again, and opened anew
// without a failed delivery when the server hung up meanwhile.
func TestMailConnection(t *testing.T) {
	for _, c := range []struct {
		name     string
		onMail   func(n int, c *smtp.Conn) error
		connects int
	}{
		{"kept", nil, 1},
		{"dropped while idle", func(n int, c *smtp.Conn) error {
			if n == 1 {
				return drop(c)
			}
			return nil
		}, 2},
		{"closed while idle", func(n int, _ *smtp.Conn) error {
			if n == 1 {
				return reply(421, "idle for too long")
			}
			return nil
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mailServer{onMail: c.onMail}
			ch := mailer(t, s.start(t, nil, false))
			for _, tag := range []string{"a", "b", "c"} {
				if err := ch.Send(t.Context(), message(tag)); err != nil {
					t.Fatal(err)
				}
			}
			if len(s.taken()) != 3 || s.seen("connect") != c.connects {
				t.Errorf("%d mails over %d connections, want 3 over %d", len(s.taken()), s.seen("connect"), c.connects)
			}
		})
	}
}

// TestMailIdle guards that a connection is closed when nothing is to be sent, and
// that the next message gets a new one.
func TestMailIdle(t *testing.T) {
	s := mailServer{left: make(chan struct{}, 10)}
	ch := mailer(t, s.start(t, nil, false))
	channel.SetIdle(ch, time.Millisecond)
	for _, tag := range []string{"a", "b"} {
		if err := ch.Send(t.Context(), message(tag)); err != nil {
			t.Fatal(err)
		}
		<-s.left
	}
	if len(s.taken()) != 2 || s.seen("connect") != 2 {
		t.Errorf("%d mails over %d connections", len(s.taken()), s.seen("connect"))
	}
}

// TestMailMemory guards that messages which never reach everybody don't pile up.
func TestMailMemory(t *testing.T) {
	s := mailServer{onRcpt: func(_ int, to string, _ *smtp.Conn) error {
		if strings.HasPrefix(to, "grey@") {
			return reply(450, "try later")
		}
		return nil
	}}
	ch := mailer(t, s.start(t, nil, false), "good@example.com", "grey@example.com")
	m := notice.Sample(notice.KindTest)
	for i := range channel.MaxHalves + 3 {
		m.ID = fmt.Sprint(i)
		checkError(t, ch.Send(t.Context(), m), "retry", "1 of 2 have it")
	}
	if n := channel.Halves(ch); n > channel.MaxHalves {
		t.Errorf("%d are remembered, want at most %d", n, channel.MaxHalves)
	}
}

// TestMailTemplate guards that a message for which the operator's template fails is
// sent all the same, and that the log says so.
func TestMailTemplate(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "subject.txt"), []byte(`mine{{if eq .Client "Boom"}}{{index .Hits 99}}{{end}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := notice.NewRenderer(dir)
	if err != nil {
		t.Fatal(err)
	}
	var s mailServer
	var log bytes.Buffer
	all, err := channel.Config{Email: channel.Emails{{SMTP: channel.Secret("smtp://" + s.start(t, nil, false)), TLS: "none", From: "a@watch.example", To: []string{"b@example.com"}}}}.Open(r, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, client := range []string{"Fine", "Boom"} {
		m := message("a")
		m.Client = client
		if err := all[0].Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	got := s.taken()
	if len(got) != 2 || !bytes.Contains(got[0].raw, []byte("Subject: mine\r\n")) || !bytes.Contains(got[1].raw, []byte("Subject: Boom: ")) {
		t.Errorf("got %s", got)
	}
	if text := log.String(); strings.Count(text, "a template failed") != 1 || !strings.Contains(text, "subject") {
		t.Errorf("logged %s", text)
	}
}

// TestTogether guards that channels can be used by several at once.
func TestTogether(t *testing.T) {
	var s mailServer
	var posted atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { posted.Add(1) }))
	defer server.Close()
	dir := t.TempDir()
	channels := []channel.Channel{mailer(t, s.start(t, nil, false)), hookTo(t, server.URL, channel.Webhook{}), one(t, channel.Config{Files: []channel.File{{Format: "eml", Dir: dir}}})}
	const messages = 5
	var all errgroup.Group
	for _, ch := range channels {
		for i := range messages {
			all.Go(func() error { return ch.Send(t.Context(), message(fmt.Sprint(i))) })
		}
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(s.taken()) != messages || s.seen("connect") != 1 || posted.Load() != messages || len(files) != messages {
		t.Errorf("%v: %d mails over %d connections, %d posts, %d files", err, len(s.taken()), s.seen("connect"), posted.Load(), len(files))
	}
}

// TestMailRefusalKeepsLine guards that a message after a refused one goes over
// the same connection.
func TestMailRefusalKeepsLine(t *testing.T) {
	s := mailServer{onData: func(n int, _ *smtp.Conn) error {
		if n == 0 {
			return reply(554, "spam")
		}
		return nil
	}}
	ch := mailer(t, s.start(t, nil, false))
	checkError(t, ch.Send(t.Context(), message("a")), "refused", "spam")
	if err := ch.Send(t.Context(), message("b")); err != nil || s.seen("connect") != 1 {
		t.Errorf("%v, %d connections", err, s.seen("connect"))
	}
}

// TestMailSlow guards that a server which never answers takes no longer than the
// timeout, nor than the caller's patience.
func TestMailSlow(t *testing.T) {
	release := make(chan struct{})
	s := mailServer{onData: func(int, *smtp.Conn) error { <-release; return nil }}
	addr := s.start(t, nil, false)
	defer close(release)
	ch := one(t, channel.Config{Email: channel.Emails{{SMTP: channel.Secret("smtp://" + addr), TLS: "none", From: "a@watch.example", To: []string{"b@example.com"}, Timeout: 200 * time.Millisecond}}})
	checkError(t, ch.Send(t.Context(), message("a")), "retry", "not done within 200ms")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := mailer(t, addr).Send(ctx, message("b"))
	if checkError(t, err, "retry", "canceled"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want one that is context.Canceled", err)
	}
}

// TestMailHostile guards that a server can't make us hold endless replies, nor
// hash a password for hours.
func TestMailHostile(t *testing.T) {
	endless := listen(t, func(c io.ReadWriter) {
		for {
			if _, err := c.Write(bytes.Repeat([]byte("220-hello\r\n"), 1000)); err != nil {
				return
			}
		}
	})
	checkError(t, mailer(t, endless).Send(t.Context(), message("a")), "retry", "says more than")
	hasher := listen(t, script("220 hi\r\n", "250-hi\r\n250 AUTH SCRAM-SHA-256\r\n", "334 \r\n", "334 "+base64.StdEncoding.EncodeToString([]byte("r=abc,s=c2FsdA==,i=2000000000"))+"\r\n", "501 no\r\n", "221 bye\r\n"))
	ch := one(t, channel.Config{Email: channel.Emails{{SMTP: channel.Secret("smtp://u:pw@" + hasher), TLS: "none", From: "a@watch.example", To: []string{"b@example.com"}}}})
	checkError(t, ch.Send(t.Context(), message("a")), "retry", "rounds of SCRAM")
}

// TestMailClearPassword guards that a password goes unencrypted to no other machine.
func TestMailClearPassword(t *testing.T) {
	addr := listen(t, script("220 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n", "221 bye\r\n"))
	_, port, _ := strings.Cut(addr, ":")
	ch := one(t, channel.Config{Email: channel.Emails{{SMTP: channel.Secret("smtp://u:pw@127.0.0.2:" + port), TLS: "none", From: "a@watch.example", To: []string{"b@example.com"}}}})
	checkError(t, ch.Send(t.Context(), message("a")), "retry", "the password would go unencrypted")
}
