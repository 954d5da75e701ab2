package channel

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"markwatch/internal/alert/notice"
)

const (
	// partingFor is how long a receiver has to say that it read everything.
	partingFor = 2 * time.Second
	// maxWords bounds what a receiver, who has nothing to say, says.
	maxWords = 8 << 10
	// severities are those of RFC 5424 section 6.2.1, 0 to 7.
	severities = 8
)

// facilities are those of RFC 5424 section 6.2.1, by number.
func facilities() []string {
	return []string{
		"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
		"local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
	}
}

// syslog sends lines.
type syslog struct {
	name     string
	network  string // udp, tcp or tls
	addr     string
	tls      *tls.Config
	facility int
	host     string // of this machine
	timeout  time.Duration
}

// open checks the configuration.
func (c Syslog) open(name string) (Channel, error) {
	s := &syslog{name: name, host: helo()}
	u, err := url.Parse(c.Address)
	ports := map[string]string{"udp": "514", "tcp": "601", "tls": "6514"}
	if err != nil || u.Hostname() == "" || ports[u.Scheme] == "" || strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "" {
		return nil, fmt.Errorf("address %q can't be read: write udp://host:514, tcp://host:601 or tls://host:6514", oneLine(c.Address))
	}
	port := u.Port()
	if port == "" {
		port = ports[u.Scheme]
	}
	s.network, s.addr = u.Scheme, net.JoinHostPort(u.Hostname(), port)
	facility := c.Facility
	if facility == "" {
		facility = "local0"
	}
	if s.facility = slices.Index(facilities(), facility); s.facility < 0 {
		return nil, fmt.Errorf("facility is %q: it can be %s", oneLine(facility), strings.Join(facilities(), ", "))
	}
	if s.timeout, err = timeout(c.Timeout, defaultTimeout); err != nil {
		return nil, err
	}
	if s.tls, err = trust(u.Hostname(), c.CAFile); err != nil {
		return nil, err
	}
	if c.CAFile != "" && s.network != "tls" {
		return nil, fmt.Errorf("ca_file is set, and address begins with %s://, which isn't encrypted: write tls://", s.network)
	}
	return s, nil
}

func (s *syslog) Name() string { return s.name }

func (s *syslog) Kind() string { return "syslog" }

// Send sends a line for each record of the message over a connection of its own:
// syslog has no answers, and that the receiver closes it in order after the
// last line is the one sign that it read them.
func (s *syslog) Send(ctx context.Context, m *notice.Message) error {
	records := notice.Syslog(m)
	if len(records) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, fmt.Errorf("not done within %s", s.timeout))
	defer cancel()
	err := s.send(ctx, m, records)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return &RetryError{Err: fmt.Errorf("sending to %s: %w", s.addr, err)}
}

func (s *syslog) send(ctx context.Context, m *notice.Message, records []notice.SyslogRecord) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer bound(ctx, conn)()
	for _, r := range records {
		line := s.line(m.At, r)
		if s.network != "udp" {
			line = strconv.Itoa(len(line)) + " " + line // RFC 6587 section 3.4.1
		}
		if _, err := io.WriteString(conn, line); err != nil {
			return err
		}
	}
	return part(conn)
}

func (s *syslog) dial(ctx context.Context) (net.Conn, error) {
	if s.network == "tls" {
		return (&tls.Dialer{Config: s.tls}).DialContext(ctx, "tcp", s.addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, s.network, s.addr)
}

// part ends a stream and waits for the receiver to do so. One that closed it
// before it read everything resets the connection; one that leaves it open is
// believed.
func part(conn net.Conn) error {
	stream, ok := conn.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	if err := stream.CloseWrite(); err != nil {
		return err
	}
	_ = conn.SetReadDeadline(time.Now().Add(partingFor))
	_, err := io.CopyN(io.Discard, conn, maxWords)
	if errors.Is(err, io.EOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}

// line writes a record as RFC 5424 section 6 asks.
func (s *syslog) line(at time.Time, r notice.SyslogRecord) string {
	priority := s.facility*severities + min(max(r.Severity, 0), severities-1)
	msgID := r.MsgID
	if msgID == "" {
		msgID = "-"
	}
	stamp := at.UTC().Format("2006-01-02T15:04:05.000000Z")
	return fmt.Sprintf("<%d>1 %s %s markwatch %d %s %s", priority, stamp, s.host, os.Getpid(), msgID, r)
}
