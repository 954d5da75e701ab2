package channel

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// mailServer is whom mail is handed to.
type mailServer struct {
	host, addr     string
	mode           string // tlsStart, tlsImplicit or tlsNone
	tls            *tls.Config
	user, password string
	helo           string
	timeout        time.Duration // of one message
}

// maxReplies bounds what a server says during one message.
const maxReplies = 1 << 20

// meteredConn bounds what is read from a peer.
type meteredConn struct {
	net.Conn
	left int
}

func (c *meteredConn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, fmt.Errorf("the server says more than %d bytes", maxReplies)
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// line is an open connection to a mail server, ready for a message. One
// goroutine uses it at a time.
type line struct {
	client *smtp.Client
	conn   *meteredConn
	turn   int // of messages that went over it
}

// dial opens a line; err is temporary: what is wrong with a server is mended
// there or in the configuration.
func (s *mailServer) dial(ctx context.Context) (*line, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, err
	}
	l := &line{conn: &meteredConn{Conn: conn, left: maxReplies}}
	defer bound(ctx, conn)()
	if err := s.greet(ctx, l); err != nil {
		conn.Close()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, errors.New(oneLine(err.Error())) // whatever it answers, it is not about a message
	}
	return l, nil
}

// greet brings a fresh connection to where mail can be sent.
func (s *mailServer) greet(ctx context.Context, l *line) error {
	var conn net.Conn = l.conn
	if s.mode == tlsImplicit {
		secured := tls.Client(l.conn, s.tls)
		if err := secured.HandshakeContext(ctx); err != nil {
			return fmt.Errorf("starting TLS: %w (is it a port for implicit TLS, such as 465?)", err)
		}
		conn = secured
	}
	client, err := smtp.NewClient(conn, s.host)
	if err != nil {
		return fmt.Errorf("waiting for its greeting: %w", reply(err))
	}
	l.client = client
	if err := client.Hello(s.helo); err != nil {
		return fmt.Errorf("introducing this machine as %s: %w", s.helo, reply(err))
	}
	if s.mode == tlsStart {
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return errors.New("it offers no STARTTLS: use tls: implicit with its port for that, or tls: none for a server on this machine")
		}
		if err := client.StartTLS(s.tls); err != nil {
			return fmt.Errorf("starting TLS: %w", reply(err))
		}
	}
	return s.login(client)
}

// login proves who we are, by the best way that the server offers.
func (s *mailServer) login(client *smtp.Client) error {
	if s.user == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	var auth smtp.Auth
	switch {
	case slices.Contains(ways, "SCRAM-SHA-256"):
		auth = scram{smtp.ScramSHA256Auth(s.user, s.password)}
	case slices.Contains(ways, "SCRAM-SHA-1"):
		auth = scram{smtp.ScramSHA1Auth(s.user, s.password)}
	case slices.Contains(ways, "PLAIN"):
		auth = smtp.PlainAuth("", s.user, s.password, s.host, false)
	case slices.Contains(ways, "LOGIN"):
		auth = smtp.LoginAuth(s.user, s.password, s.host, false)
	default:
		return fmt.Errorf("it offers none of the ways to log in that markwatch knows (SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN) but %q", oneLine(offered))
	}
	err := client.Auth(auth)
	switch {
	case errors.Is(err, smtp.ErrUnencrypted):
		return errors.New("logging in: the password would go unencrypted: use tls: starttls or implicit")
	case err != nil:
		return fmt.Errorf("logging in as %s: %w", s.user, redact(reply(err), s.password))
	}
	return nil
}

// scram bounds how long a server can make us hash the password.
type scram struct{ smtp.Auth }

const maxIterations = 1 << 20

// Next answers the server.
func (a scram) Next(said []byte, more bool) ([]byte, error) {
	for part := range strings.SplitSeq(string(said), ",") {
		if n, ok := strings.CutPrefix(part, "i="); ok {
			if i, err := strconv.Atoi(n); err != nil || i < 1 || i > maxIterations {
				return nil, fmt.Errorf("the server asks for %q rounds of SCRAM", oneLine(n))
			}
		}
	}
	return a.Auth.Next(said, more)
}

// bound makes a connection obey ctx until the returned function is called; one
// that was cut short is of no use any more. The connection has no deadline of its
// own: it would end before ctx does, which says why.
func bound(ctx context.Context, conn net.Conn) func() bool {
	return context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
}

// quit ends a line in good manners; a server that doesn't answer is left.
func (l *line) quit() {
	l.conn.left = maxReplies
	_ = l.conn.SetDeadline(time.Now().Add(2 * time.Second))
	_ = l.client.Quit()
	l.conn.Close()
}

// outcome is what a server said to one message.
type outcome struct {
	taken   []string // who has it now
	refused []denial // who will never have it
	later   []denial // who may have it another time
}

// denial is a recipient whom the server doesn't accept.
type denial struct {
	to  string
	err *answer
}

// transact hands over a message. An error concerns the whole of it: an *answer
// is the server's word on the content, a *senderError on who sends it, and any
// other one is of the connection, which is of no use then.
func (l *line) transact(from string, to []string, raw []byte) (outcome, error) {
	var o outcome
	l.client.SkipSMTPUTF8(isASCII(from) && !slices.ContainsFunc(to, func(s string) bool { return !isASCII(s) }))
	if err := l.client.Mail("<" + from + ">"); err != nil {
		return o, &senderError{reply(err)}
	}
	var accepted []string
	for _, rcpt := range to {
		err := reply(l.client.Rcpt("<" + rcpt + ">"))
		said, ok := errors.AsType[*answer](err)
		switch {
		case err == nil:
			accepted = append(accepted, rcpt)
		case !ok || said.hangup():
			return o, fmt.Errorf("naming the recipient %s: %w", rcpt, err)
		case said.forRecipient():
			o.refused = append(o.refused, denial{rcpt, said})
		default:
			o.later = append(o.later, denial{rcpt, said})
		}
	}
	if len(accepted) == 0 {
		return o, nil
	}
	if err := l.data(raw); err != nil {
		return o, err
	}
	o.taken = accepted
	return o, nil
}

// data sends the content.
func (l *line) data(raw []byte) error {
	w, err := l.client.Data()
	if err != nil {
		return reply(err)
	}
	if _, err := w.Write(raw); err != nil {
		return fmt.Errorf("sending the message: %w", err)
	}
	return reply(w.Close())
}

// senderError says that the server doesn't let us send.
type senderError struct{ err error }

func (e *senderError) Error() string { return "naming the sender: " + e.err.Error() }

func (e *senderError) Unwrap() error { return e.err }

// answer is what a server says to a command that it doesn't obey.
type answer struct {
	code int
	text string // on one line
}

func (a *answer) Error() string { return strconv.Itoa(a.code) + " " + a.text }

// reply makes a server's word an *answer, and quotes on one line what isn't a
// reply; other errors stay as they are.
func reply(err error) error {
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		return &answer{said.Code, oneLine(said.Msg)}
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return errors.New(oneLine(err.Error()))
	}
	return err
}

// forMessage tells whether an answer means that this message will never be
// taken, rather than that we may not send, which is mended elsewhere: it is too
// big.
func (a *answer) forMessage() bool {
	return a.code == 552 || strings.HasPrefix(a.text, "5.3.4")
}

// lasting tells whether an answer means that sending the same again is no use.
// 530 and the like ask for a login, which is mended in the configuration.
func (a *answer) lasting() bool {
	return a.code >= 500 && !slices.Contains([]int{503, 530, 534, 535, 538}, a.code)
}

// forRecipient tells whether an answer means that this recipient will never have
// it. X.7.Y is of policy: that we may not relay, mostly (RFC 3463 section 3.8). 552
// is an old way to say 452, too many recipients (RFC 5321 section 4.5.3.1.10).
func (a *answer) forRecipient() bool {
	return a.lasting() && a.code != 552 && !strings.HasPrefix(a.text, "5.7.")
}

// full tells whether an answer means that there is room for no more recipients
// in this transaction.
func (a *answer) full() bool { return a.code == 452 || a.code == 552 }

// hangup tells whether the server closes the connection.
func (a *answer) hangup() bool { return a.code == 421 }

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e })
}
