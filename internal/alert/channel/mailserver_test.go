package channel_test

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// received is a mail that a server took.
type received struct {
	from string
	to   []string
	raw  []byte
}

// mailServer is a real SMTP server in process, with knobs for faults. The
// functions are called for each command, with how many of its kind came before.
type mailServer struct {
	onConnect func(n int, c *smtp.Conn) error
	onMail    func(n int, c *smtp.Conn) error
	onRcpt    func(n int, to string, c *smtp.Conn) error
	onData    func(n int, c *smtp.Conn) error
	mechs     []string      // offered for AUTH; nil: none
	left      chan struct{} // gets a token when a client leaves; nil: nobody is told

	mu       sync.Mutex
	counts   map[string]int
	mails    []received
	loggedIn []string // mechanism of each login
}

const (
	mailUser     = "markwatch@example.com"
	mailPassword = "corr=ect, horse"
)

func (s *mailServer) count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.counts == nil {
		s.counts = map[string]int{}
	}
	s.counts[what]++
	return s.counts[what] - 1
}

func (s *mailServer) seen(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[what]
}

func (s *mailServer) taken() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// start serves until the test ends and returns the address; implicit is whether
// TLS comes first.
func (s *mailServer) start(t testing.TB, cert *tls.Certificate, implicit bool) string {
	t.Helper()
	server := smtp.NewServer(s)
	server.Domain, server.MaxRecipients = "mail.example.com", 0
	server.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if cert != nil {
		c := &tls.Config{Certificates: []tls.Certificate{*cert}}
		if implicit {
			l = tls.NewListener(l, c)
		} else {
			server.TLSConfig = c
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return l.Addr().String()
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func (s *mailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	n := s.count("connect")
	if s.onConnect != nil {
		if err := s.onConnect(n, c); err != nil {
			return nil, err
		}
	}
	return &session{s: s, c: c}, nil
}

// session is one connection.
type session struct {
	s    *mailServer
	c    *smtp.Conn
	mail received
}

func (x *session) AuthMechanisms() []string { return x.s.mechs }

func (x *session) Auth(mech string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != mailUser || password != mailPassword {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong password " + password}
		}
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		x.s.loggedIn = append(x.s.loggedIn, mech)
		return nil
	}
	switch mech {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case "LOGIN":
		return &loginServer{check: check}, nil
	case "SCRAM-SHA-256":
		return &scramServer{check: check}, nil
	}
	return nil, errors.New("unknown mechanism")
}

func (x *session) Reset() { x.mail = received{} }

func (x *session) Logout() error {
	if x.s.left != nil {
		x.s.left <- struct{}{}
	}
	return nil
}

func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	x.mail = received{from: from}
	if n := x.s.count("mail"); x.s.onMail != nil {
		return x.s.onMail(n, x.c)
	}
	return nil
}

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if n := x.s.count("rcpt"); x.s.onRcpt != nil {
		if err := x.s.onRcpt(n, to, x.c); err != nil {
			return err
		}
	}
	x.mail.to = append(x.mail.to, to)
	return nil
}

func (x *session) Data(r io.Reader) error {
	n := x.s.count("data")
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if x.s.onData != nil {
		if err := x.s.onData(n, x.c); err != nil {
			return err
		}
	}
	x.mail.raw = raw
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.mails = append(x.s.mails, x.mail)
	return nil
}

// loginServer is AUTH LOGIN.
type loginServer struct {
	check func(user, password string) error
	user  *string
	asked bool
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	switch {
	case !l.asked:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(response))
}

// scramServer is SCRAM-SHA-256, RFC 5802 and 7677.
type scramServer struct {
	check       func(user, password string) error
	step        int
	bare, first string
	salt        []byte
	iterations  string // "" is 4096
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func (s *scramServer) Next(response []byte) ([]byte, bool, error) {
	s.step++
	b64 := base64.StdEncoding.EncodeToString
	switch s.step {
	case 1:
		return nil, false, nil
	case 2:
		_, bare, _ := strings.Cut(string(response), "n,,")
		_, nonce, _ := strings.Cut(bare, ",r=")
		s.salt = []byte("0123456789abcdef")
		if s.iterations == "" {
			s.iterations = "4096"
		}
		s.bare, s.first = bare, fmt.Sprintf("r=%sserver,s=%s,i=%s", nonce, b64(s.salt), s.iterations)
		return []byte(s.first), false, nil
	case 3:
		withoutProof, proof, _ := strings.Cut(string(response), ",p=")
		salted, err := pbkdf2.Key(sha256.New, mailPassword, s.salt, 4096, sha256.Size)
		if err != nil {
			return nil, false, err
		}
		text := s.bare + "," + s.first + "," + withoutProof
		clientKey := mac(salted, "Client Key")
		stored := sha256.Sum256(clientKey)
		want := mac(stored[:], text)
		for i := range want {
			want[i] ^= clientKey[i]
		}
		if proof != b64(want) || !strings.HasPrefix(s.bare, "n="+strings.ReplaceAll(mailUser, ",", "=2C")+",") {
			return nil, false, s.check(mailUser, "")
		}
		return []byte("v=" + b64(mac(mac(salted, "Server Key"), text))), false, nil
	}
	return nil, true, s.check(mailUser, mailPassword)
}

// certificate is one for 127.0.0.1, and a file with the authority behind it.
func certificate(t testing.TB) (*tls.Certificate, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.StartTLS()
	defer server.Close()
	cert := server.TLS.Certificates[0]
	return &cert, caFile(t, server.Certificate())
}

func caFile(t testing.TB, cert *x509.Certificate) string {
	t.Helper()
	return write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})))
}

// write makes a file in a folder of its own.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
