package channel

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"time"

	"markwatch/internal/alert/notice"
)

// Config is what the configuration says of channels, one field a kind.
type Config struct {
	Email    Emails    `yaml:"email"` // one, or a list
	Webhooks []Webhook `yaml:"webhooks"`
	Chats    []Chat    `yaml:"chats"`
	Hooks    []Hook    `yaml:"hooks"`
	Files    []File    `yaml:"files"`
	Syslog   []Syslog  `yaml:"syslog"`
}

// Email sends mail through a server.
type Email struct {
	Name         string        `yaml:"name"`          // email, email-2 … by default
	SMTP         Secret        `yaml:"smtp"`          // smtp://user@host:587; smtps:// is implicit TLS; a password in it is taken too
	From         string        `yaml:"from"`          // address, with a name or without
	To           []string      `yaml:"to"`            // addresses, with names or without
	Password     Secret        `yaml:"password"`      // of the user in SMTP
	PasswordFile string        `yaml:"password_file"` // holds Password
	TLS          string        `yaml:"tls"`           // starttls, implicit or none; "" is implicit for smtps:// and port 465, else starttls
	CAFile       string        `yaml:"ca_file"`       // PEM certificates to trust instead of the system's
	DKIM         DKIM          `yaml:"dkim"`          // signs; zero: unsigned
	Timeout      time.Duration `yaml:"timeout"`       // of one message; 0 is 30s
}

// DKIM signs mail, RFC 6376 and 8463.
type DKIM struct {
	Domain   string `yaml:"domain"`   // d=, by default the domain of From
	Selector string `yaml:"selector"` // s=, as in SELECTOR._domainkey.DOMAIN
	KeyFile  string `yaml:"key_file"` // PEM of an RSA or Ed25519 key
}

// Webhook posts to an address as Standard Webhooks ask.
type Webhook struct {
	Name               string        `yaml:"name"`                 // webhook-1 … by default
	URL                Secret        `yaml:"url"`                  // https://…; its path or query may be a secret
	URLFile            string        `yaml:"url_file"`             // holds URL
	Secret             Secret        `yaml:"secret"`               // whsec_ and base64, signs the requests
	SecretFile         string        `yaml:"secret_file"`          // holds Secret
	PreviousSecret     Secret        `yaml:"previous_secret"`      // signs beside Secret while it is changed
	PreviousSecretFile string        `yaml:"previous_secret_file"` // holds PreviousSecret
	Authorization      Secret        `yaml:"authorization"`        // Authorization header for receivers that ask for one; "" sends none
	AuthorizationFile  string        `yaml:"authorization_file"`   // holds Authorization
	AllowPrivate       bool          `yaml:"allow_private"`        // http://, and addresses of this machine and of private networks
	Proxy              Secret        `yaml:"proxy"`                // http://host:port; "" is none, whatever the environment says
	CAFile             string        `yaml:"ca_file"`              // PEM certificates to trust instead of the system's
	Timeout            time.Duration `yaml:"timeout"`              // of one message; 0 is 30s
	Format             string        `yaml:"format"`               // json, misp or stix; "" is json
}

// Chat sends to a chat service by its shoutrrr address.
type Chat struct {
	Name    string        `yaml:"name"`     // chat-1 … by default
	URL     Secret        `yaml:"url"`      // slack://…, discord://…, ntfy://…
	URLFile string        `yaml:"url_file"` // holds URL
	Timeout time.Duration `yaml:"timeout"`  // of one message; 0 is 30s
}

// Hook runs an executable that reads the message as JSON from its standard input.
type Hook struct {
	Name    string        `yaml:"name"`    // hook-1 … by default
	Command []string      `yaml:"command"` // path and arguments; no shell reads them
	Timeout time.Duration `yaml:"timeout"` // of one message; 0 is 60s
}

// File writes each message to a file of its own.
type File struct {
	Name   string `yaml:"name"`   // file-1 … by default
	Format string `yaml:"format"` // misp, stix, json, eml or html
	Dir    string `yaml:"dir"`    // directory, made when first needed
}

// Syslog sends a line per hit, RFC 5424.
type Syslog struct {
	Name     string        `yaml:"name"`     // syslog-1 … by default
	Address  string        `yaml:"address"`  // udp://host:514, tcp://host:601 or tls://host:6514
	Facility string        `yaml:"facility"` // kern … local7; "" is local0
	CAFile   string        `yaml:"ca_file"`  // PEM certificates to trust instead of the system's
	Timeout  time.Duration `yaml:"timeout"`  // of one message; 0 is 30s
}

// Emails is one Email of the configuration or a list of them.
type Emails []Email

// UnmarshalYAML reads either form.
func (e *Emails) UnmarshalYAML(unmarshal func(any) error) error {
	var list []any
	if unmarshal(&list) == nil {
		return unmarshal((*[]Email)(e))
	}
	var one Email
	if err := unmarshal(&one); err != nil {
		return err
	}
	*e = Emails{one}
	return nil
}

// Defaults.
const (
	defaultTimeout     = 30 * time.Second
	defaultHookTimeout = 60 * time.Second
	maxTimeout         = 10 * time.Minute
)

// nameForm is what a name looks like.
var nameForm = regexp.MustCompile(`^[a-z0-9-]+$`)

// Open checks the whole configuration and returns its channels, by kind and in
// its order. Nothing is sent and nobody is asked before the first message. The
// error names all that is wrong, and never holds a secret. log is told of what
// was delivered although something was odd.
func (c Config) Open(r *notice.Renderer, log *slog.Logger) ([]Channel, error) {
	o := &opener{r: r, log: log, names: map[string]bool{}}
	for i, e := range c.Email {
		name := "email"
		if i > 0 {
			name = fmt.Sprintf("email-%d", i+1)
		}
		o.add("email", i, e.Name, name, func(name string) (Channel, error) { return e.open(name, r, log) })
	}
	for i, w := range c.Webhooks {
		o.add("webhooks", i, w.Name, fmt.Sprintf("webhook-%d", i+1), func(name string) (Channel, error) { return w.open(name) })
	}
	for i, ch := range c.Chats {
		o.add("chats", i, ch.Name, fmt.Sprintf("chat-%d", i+1), func(name string) (Channel, error) { return ch.open(name) })
	}
	for i, h := range c.Hooks {
		o.add("hooks", i, h.Name, fmt.Sprintf("hook-%d", i+1), func(name string) (Channel, error) { return h.open(name) })
	}
	for i, f := range c.Files {
		o.add("files", i, f.Name, fmt.Sprintf("file-%d", i+1), func(name string) (Channel, error) { return f.open(name, r, log) })
	}
	for i, s := range c.Syslog {
		o.add("syslog", i, s.Name, fmt.Sprintf("syslog-%d", i+1), func(name string) (Channel, error) { return s.open(name) })
	}
	if len(o.errs) > 0 {
		return nil, errors.Join(o.errs...)
	}
	return o.channels, nil
}

// opener gathers channels and what is wrong with them.
type opener struct {
	r        *notice.Renderer
	log      *slog.Logger
	names    map[string]bool
	channels []Channel
	errs     []error
}

// add opens the i-th channel under key.
func (o *opener) add(key string, i int, given, standard string, open func(name string) (Channel, error)) {
	name := given
	if name == "" {
		name = standard
	}
	where := fmt.Sprintf("alert.%s %d (%s)", key, i+1, oneLine(name))
	switch {
	case !nameForm.MatchString(name):
		o.errs = append(o.errs, fmt.Errorf("%s: name must be of small letters, digits and hyphens, such as %q", where, standard))
	case o.names[name]:
		o.errs = append(o.errs, fmt.Errorf("%s: name is taken by another channel: give each its own", where))
	}
	o.names[name] = true
	ch, err := open(name)
	o.channels = append(o.channels, ch)
	all := []error{err}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		all = several.Unwrap()
	}
	for _, err := range all {
		if err != nil {
			o.errs = append(o.errs, fmt.Errorf("%s: %w", where, err))
		}
	}
}

// timeout is the configured one, or the default.
func timeout(configured, standard time.Duration) (time.Duration, error) {
	switch {
	case configured == 0:
		return standard, nil
	case configured < 0 || configured > maxTimeout:
		return 0, fmt.Errorf("timeout %s is not between 0s and %s: write one such as %s", configured, maxTimeout, standard)
	}
	return configured, nil
}

// trust is a TLS configuration for a server, which trusts the system's
// authorities or those of caFile.
func trust(server, caFile string) (*tls.Config, error) {
	c := &tls.Config{ServerName: server, MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return c, nil
	}
	text, err := readSmall(caFile)
	if err != nil {
		return nil, fmt.Errorf("reading ca_file: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("ca_file %s holds no certificate: it must be PEM, with -----BEGIN CERTIFICATE-----", caFile)
	}
	return c, nil
}
