package channel

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"markwatch/internal/alert/notice"
)

// The ways to encrypt mail on its way to the server.
const (
	tlsStart    = "starttls"
	tlsImplicit = "implicit"
	tlsNone     = "none"
)

// maxRecipients of one channel: servers take a hundred at least (RFC 5321
// section 4.5.3.1.8).
const maxRecipients = 100

// open checks the configuration.
func (c Email) open(name string, r *notice.Renderer, log *slog.Logger) (Channel, error) {
	e := &email{name: name, r: r, log: log, idle: defaultIdle, busy: make(chan struct{}, 1), had: map[string]map[string]bool{}}
	var errs []error
	for _, check := range []func(Email, *email) error{Email.server, Email.addresses, Email.signer} {
		if err := check(c, e); err != nil {
			errs = append(errs, err)
		}
	}
	return e, errors.Join(errs...)
}

// server reads where to send and how.
func (c Email) server(e *email) error {
	const example = "write it as smtp://user@mail.example.com:587"
	if c.SMTP == "" {
		return errors.New("smtp is missing: " + example)
	}
	u, err := url.Parse(string(c.SMTP))
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("smtp can't be read: " + example + ", with %40 for an @ in the user's name")
	}
	s := &e.server
	s.host = u.Hostname()
	if s.mode, err = c.mode(u); err != nil {
		return err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{tlsStart: "587", tlsImplicit: "465", tlsNone: "25"}[s.mode]
	}
	s.addr = net.JoinHostPort(s.host, port)
	if s.timeout, err = timeout(c.Timeout, defaultTimeout); err != nil {
		return err
	}
	if s.tls, err = trust(s.host, c.CAFile); err != nil {
		return err
	}
	s.helo = helo()
	return c.credentials(u, s)
}

// mode is how the connection is encrypted.
func (c Email) mode(u *url.URL) (string, error) {
	implied := ""
	if u.Scheme == "smtps" || u.Port() == "465" {
		implied = tlsImplicit
	}
	switch c.TLS {
	case "":
		if implied == "" {
			return tlsStart, nil
		}
		return implied, nil
	case tlsStart, tlsImplicit, tlsNone:
		if u.Scheme == "smtps" && c.TLS != tlsImplicit {
			return "", fmt.Errorf("tls is %s and smtp begins with smtps://, which is implicit TLS: leave tls out, or write smtp://", c.TLS)
		}
		return c.TLS, nil
	}
	return "", fmt.Errorf("tls is %q: it can be %s, %s or %s", oneLine(c.TLS), tlsStart, tlsImplicit, tlsNone)
}

// credentials reads user and password.
func (c Email) credentials(u *url.URL, s *mailServer) error {
	password, err := readSecret("password", c.Password, c.PasswordFile)
	if err != nil {
		return err
	}
	s.user = u.User.Username()
	if inURL, ok := u.User.Password(); ok {
		if password != "" {
			return errors.New("smtp and password (or password_file) both hold a password: keep one")
		}
		password = Secret(inURL)
	}
	s.password = string(password)
	switch {
	case s.user != "" && s.password == "":
		return errors.New("smtp names a user: set password_file (or password), or leave the user out where the server asks for none")
	case s.user == "" && s.password != "":
		return errors.New("password is set and smtp names no user: write smtp://user@host, with %40 for an @ in the name")
	}
	return nil
}

// addresses reads who writes to whom.
func (c Email) addresses(e *email) error {
	from, err := address(c.From)
	if err != nil {
		return fmt.Errorf("from %q is no e-mail address: write one such as markwatch@example.com", oneLine(c.From))
	}
	e.from = from
	if len(c.To) == 0 || len(c.To) > maxRecipients {
		return fmt.Errorf("to has %d addresses: it needs 1 to %d", len(c.To), maxRecipients)
	}
	seen := map[string]bool{}
	for _, text := range c.To {
		to, err := address(text)
		if err != nil {
			return fmt.Errorf("to holds %q, which is no e-mail address: write one such as counsel@example.com", oneLine(text))
		}
		if !seen[to.Address] {
			seen[to.Address] = true
			e.to = append(e.to, to)
		}
	}
	return nil
}

// address reads an e-mail address; its domain becomes one of A-labels, which every
// server knows.
func address(text string) (*mail.Address, error) {
	a, err := mail.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(a.Address, " \t\"<>\\,;:()[]") { // written in quotes, which a server may take apart
		return nil, errors.New("it has letters that only quotes allow")
	}
	local, _, _ := strings.Cut(a.Address, "@")
	domain, err := idna.Lookup.ToASCII(domainOf(a))
	if err != nil {
		return nil, err
	}
	a.Address = local + "@" + domain
	return a, nil
}

// signer reads the DKIM key.
func (c Email) signer(e *email) error {
	d := c.DKIM
	if d == (DKIM{}) {
		return nil
	}
	if d.Domain == "" {
		if from, err := address(c.From); err == nil {
			d.Domain = domainOf(from)
		}
	}
	if d.Selector == "" || d.KeyFile == "" || d.Domain == "" {
		return errors.New("dkim needs domain, selector and key_file: the key's public half stands in the DNS at SELECTOR._domainkey.DOMAIN")
	}
	text, err := readSmall(d.KeyFile)
	if err != nil {
		return fmt.Errorf("reading dkim.key_file: %w", err)
	}
	key, err := gomail.PrivKeyFromPEM(text)
	if err != nil {
		return fmt.Errorf("dkim.key_file %s holds no RSA or Ed25519 key in PEM (%w): make one with: openssl genpkey -algorithm ed25519", d.KeyFile, err)
	}
	e.dkim = &dkim.SignOptions{
		Domain: d.Domain, Selector: d.Selector, Signer: key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		// From and Subject twice: a second one, put in later, breaks the signature.
		HeaderKeys: []string{
			"From", "From", "To", "Subject", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
			"MIME-Version", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post",
		},
	}
	return nil
}

// domainOf is the domain of an address.
func domainOf(a *mail.Address) string { return a.Address[strings.LastIndexByte(a.Address, '@')+1:] }

// hostForm is a host's name as protocols take it.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$`)

// helo is how this machine introduces itself.
func helo() string {
	if host, err := os.Hostname(); err == nil && hostForm.MatchString(host) {
		return host
	}
	return "localhost"
}
