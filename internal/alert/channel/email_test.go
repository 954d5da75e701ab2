package channel_test

import (
	"bytes"
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
