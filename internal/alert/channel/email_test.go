package channel_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// renderer is the built-in one.
func renderer(t testing.TB) *notice.Renderer {
	t.Helper()
	r, err := notice.NewRenderer("")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// one opens a configuration of one channel.
func one(t testing.TB, c channel.Config) channel.Channel {
	t.Helper()
	all, err := c.Open(renderer(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 {
		t.Fatalf("%d channels, want 1", len(all))
	}
	return all[0]
}

// mailer opens an e-mail channel over plain connections.
func mailer(t testing.TB, addr string, to ...string) channel.Channel {
	t.Helper()
	if len(to) == 0 {
		to = []string{"counsel@example.com"}
	}
	return one(t, channel.Config{Email: channel.Emails{{SMTP: channel.Secret("smtp://" + addr), TLS: "none", From: "Mark Watch <alerts@watch.example>", To: to, Timeout: 20 * time.Second}}})
}

// message is an invented hit; its id ends with tag.
func message(tag string) *notice.Message {
	m := notice.Sample(notice.KindHit)
	m.ID = strings.Repeat("0", 64-len(tag)) + tag
	m.Thread = "client misavu"
	return m
}

// part is a leaf of a mail's tree.
type part struct {
	path, mediaType, cid string
	body                 []byte
}

// leaves decodes every part of a mail.
func leaves(t *testing.T, path, contentType, encoding, cid string, r io.Reader) []part {
	t.Helper()
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("content type %q: %v", contentType, err)
	}
	if !strings.HasPrefix(mediaType, "multipart/") {
		switch strings.ToLower(encoding) {
		case "quoted-printable":
			r = quotedprintable.NewReader(r)
		case "base64":
			r = base64.NewDecoder(base64.StdEncoding, r)
		default:
			t.Fatalf("part %s has the encoding %q", path, encoding)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return []part{{path, mediaType, strings.Trim(cid, "<>"), body}}
	}
	var all []part
	for mr := multipart.NewReader(r, params["boundary"]); ; {
		p, err := mr.NextRawPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, leaves(t, path+"/"+strings.TrimPrefix(mediaType, "multipart/"), p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-ID"), p)...)
	}
}

// TestMail guards what a mailbox gets: every header, both texts, both logos.
func TestMail(t *testing.T) {
	var s mailServer
	ch := mailer(t, s.start(t, nil, false), "Counsel <counsel@example.com>", "second@example.com")
	m := message("a1")
	m.Unsubscribe = "https://watch.example/stop?list=misavu"
	if err := ch.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := s.taken()
	if len(got) != 1 || got[0].from != "alerts@watch.example" || !cmp.Equal(got[0].to, []string{"counsel@example.com", "second@example.com"}) {
		t.Fatalf("got %+v", got)
	}
	for line := range bytes.Lines(got[0].raw) {
		if len(line) > 1000 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	msg, err := mail.ReadMessage(bytes.NewReader(got[0].raw))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"From": `"Mark Watch" <alerts@watch.example>`, "To": `"Counsel" <counsel@example.com>, <second@example.com>`,
		"Message-Id": "<" + m.ID + "@watch.example>", "Date": "Thu, 05 Mar 2026 09:30:00 +0000", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe": "<https://watch.example/stop?list=misavu>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"In-Reply-To": msg.Header.Get("References"), "Mime-Version": "1.0",
	}
	for name, value := range want {
		if got := msg.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if ref := msg.Header.Get("References"); !strings.HasSuffix(ref, "@watch.example>") || ref == "<@watch.example>" {
		t.Errorf("References: %q", ref)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	wantSubject, _ := renderer(t).Subject(m)
	if err != nil || subject != wantSubject {
		t.Errorf("Subject: %q (%v), want %q", subject, err, wantSubject)
	}
	checkParts(t, m, leaves(t, "", msg.Header.Get("Content-Type"), "", "", msg.Body))
}

// checkParts compares a mail's parts with what was to be sent.
func checkParts(t *testing.T, m *notice.Message, parts []part) {
	t.Helper()
	var paths []string
	byID := map[string][]byte{}
	for _, p := range parts {
		paths = append(paths, p.path+" "+p.mediaType)
		byID[p.cid] = p.body
	}
	want := []string{"/related/alternative text/plain", "/related/alternative text/html", "/related image/png", "/related image/png"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Fatal(diff)
	}
	text, _ := renderer(t).Text(m)
	if got := strings.ReplaceAll(string(parts[0].body), "\r\n", "\n"); got != text {
		t.Error(cmp.Diff(text, got))
	}
	html := string(parts[1].body)
	for _, logo := range []*notice.Logo{m.Hits[0].Logo, m.Hits[0].OtherLogo} {
		found := false
		for id, png := range byID {
			if id != "" && strings.Contains(html, `"cid:`+id+`"`) && bytes.Equal(png, logo.PNG) {
				found = true
			}
		}
		if !found {
			t.Errorf("the HTML doesn't show the logo %.8s from the mail", logo.SHA256)
		}
	}
}

// TestMailDomain guards that a domain with other letters than ASCII's goes out as
// A-labels, in the envelope as in the headers.
func TestMailDomain(t *testing.T) {
	var s mailServer
	ch := one(t, channel.Config{Email: channel.Emails{{SMTP: channel.Secret("smtp://" + s.start(t, nil, false)), TLS: "none", From: "alerts@bücher.example", To: []string{"Zoë <counsel@münze.example>"}}}})
	if err := ch.Send(t.Context(), message("a1")); err != nil {
		t.Fatal(err)
	}
	got := s.taken()[0]
	msg, err := mail.ReadMessage(bytes.NewReader(got.raw))
	if err != nil {
		t.Fatal(err)
	}
	to, err := msg.Header.AddressList("To")
	if err != nil || to[0].Name != "Zoë" || to[0].Address != "counsel@xn--mnze-0ra.example" || got.from != "alerts@xn--bcher-kva.example" ||
		!cmp.Equal(got.to, []string{"counsel@xn--mnze-0ra.example"}) || !strings.HasSuffix(msg.Header.Get("Message-Id"), "@xn--bcher-kva.example>") {
		t.Errorf("from %s to %v, %v", got.from, got.to, msg.Header)
	}
}

// TestMailThreads guards that the messages of a client stand together, and that
// those of two clients don't.
func TestMailThreads(t *testing.T) {
	var s mailServer
	ch := mailer(t, s.start(t, nil, false))
	threads := []string{"one", "one", "two", ""}
	for i, thread := range threads {
		m := message(string(rune('a' + i)))
		m.Thread, m.Unsubscribe = thread, "mailto:stop@watch.example\r\nBcc: other@example.com"
		if err := ch.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	var refs []string
	for _, got := range s.taken() {
		msg, err := mail.ReadMessage(bytes.NewReader(got.raw))
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, msg.Header.Get("References"))
		if msg.Header.Get("Bcc") != "" || msg.Header.Get("List-Unsubscribe") != "" {
			t.Errorf("an address with a line break came into the headers: %v", msg.Header)
		}
	}
	if refs[0] == "" || refs[0] != refs[1] || refs[0] == refs[2] || refs[3] != "" {
		t.Errorf("got %q", refs)
	}
}

// TestMailEncryption guards each way to encrypt and to log in, and that no
// password goes out in the clear.
func TestMailEncryption(t *testing.T) {
	cert, ca := certificate(t)
	for _, c := range []struct {
		name     string
		mechs    []string
		cert     bool // the server has one
		implicit bool
		tls      string
		ca       string
		password channel.Secret
		want     string // mechanism
		err      string
	}{
		{name: "starttls and plain", mechs: []string{"PLAIN"}, cert: true, ca: ca, password: mailPassword, want: "PLAIN"},
		{name: "starttls and login", mechs: []string{"LOGIN"}, cert: true, ca: ca, password: mailPassword, want: "LOGIN"},
		{name: "implicit and scram", mechs: []string{"PLAIN", "SCRAM-SHA-256"}, cert: true, implicit: true, tls: "implicit", ca: ca, password: mailPassword, want: "SCRAM-SHA-256"},
		{name: "wrong password", mechs: []string{"PLAIN"}, cert: true, ca: ca, password: "not that one", err: "535"},
		{name: "wrong password by scram", mechs: []string{"SCRAM-SHA-256"}, cert: true, ca: ca, password: "not that one", err: "535"},
		{name: "unknown authority", mechs: []string{"PLAIN"}, cert: true, password: mailPassword, err: "certificate"},
		{name: "no starttls", mechs: []string{"PLAIN"}, password: mailPassword, err: "offers no STARTTLS"},
		{name: "unknown mechanism", mechs: []string{"NTLM"}, cert: true, ca: ca, password: mailPassword, err: "NTLM"},
		{name: "starttls where implicit is meant", cert: true, tls: "implicit", ca: ca, password: mailPassword, err: "starting TLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mailServer{mechs: c.mechs}
			var own *tls.Certificate
			if c.cert {
				own = cert
			}
			addr := s.start(t, own, c.implicit)
			ch := one(t, channel.Config{Email: channel.Emails{{
				SMTP: channel.Secret("smtp://markwatch%40example.com@" + addr), TLS: c.tls, CAFile: c.ca, Password: c.password,
				From: "alerts@watch.example", To: []string{"counsel@example.com"}, Timeout: 20 * time.Second,
			}}})
			err := ch.Send(t.Context(), message("a1"))
			if c.err == "" {
				if err != nil || len(s.taken()) != 1 || !cmp.Equal(s.loggedIn, []string{c.want}) {
					t.Errorf("%v, %d mails, logged in by %v, want %s", err, len(s.taken()), s.loggedIn, c.want)
				}
				return
			}
			var retry *channel.RetryError
			if !errors.As(err, &retry) || !strings.Contains(err.Error(), c.err) || len(s.taken()) != 0 {
				t.Errorf("got %T %v, want a RetryError with %q", err, err, c.err)
			}
			if strings.Contains(err.Error(), string(c.password)) {
				t.Errorf("the password is in the error: %v", err)
			}
		})
	}
}

func reply(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
}

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

// TestDKIM guards that another's verifier accepts our signatures.
func TestDKIM(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		key  any
		kind string
		pub  func() []byte
	}{
		{"ed25519", ed, "ed25519", func() []byte { return ed.Public().(ed25519.PublicKey) }},
		{"rsa", rsaKey, "rsa", func() []byte { der, _ := x509.MarshalPKIXPublicKey(rsaKey.Public()); return der }},
	} {
		t.Run(c.name, func(t *testing.T) {
			der, err := x509.MarshalPKCS8PrivateKey(c.key)
			if err != nil {
				t.Fatal(err)
			}
			key := write(t, "dkim.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
			var s mailServer
			ch := one(t, channel.Config{Email: channel.Emails{{
				SMTP: channel.Secret("smtp://" + s.start(t, nil, false)), TLS: "none", From: "Zoë <alerts@watch.example>", To: []string{"counsel@example.com"},
				DKIM: channel.DKIM{Selector: "m1", KeyFile: key},
			}}})
			for _, tag := range []string{"a", "b"} {
				if err := ch.Send(t.Context(), message(tag)); err != nil {
					t.Fatal(err)
				}
			}
			record := "v=DKIM1; k=" + c.kind + "; p=" + base64.StdEncoding.EncodeToString(c.pub())
			for _, got := range s.taken() {
				for _, tampered := range []bool{false, true} {
					raw := got.raw
					if tampered {
						raw = bytes.Replace(raw, []byte("Sunrise"), []byte("Sunsets"), 1)
					}
					found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
						if name != "m1._domainkey.watch.example" {
							t.Errorf("the key is looked up at %s", name)
						}
						return []string{record}, nil
					}})
					if err != nil || len(found) != 1 || (found[0].Err == nil) == tampered {
						t.Errorf("tampered %v: %v, %+v", tampered, err, found[0])
					}
				}
			}
		})
	}
}
