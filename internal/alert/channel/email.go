package channel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"markwatch/internal/alert/notice"
)

const (
	// defaultIdle is how long a connection to the mail server waits for the next message.
	defaultIdle = 10 * time.Second
	// maxHalves bounds how many messages are remembered that only some recipients have.
	maxHalves = 200
)

// email sends mail.
type email struct {
	name   string
	server mailServer
	from   *mail.Address
	to     []*mail.Address
	dkim   *dkim.SignOptions // nil: unsigned
	r      *notice.Renderer
	log    *slog.Logger
	idle   time.Duration // after which a connection is closed

	busy   chan struct{} // holds a token while somebody uses what follows
	open   *line         // nil: none
	rest   *time.Timer   // closes open
	had    map[string]map[string]bool
	halves []string // keys of had, the oldest first
}

func (e *email) Name() string { return e.name }

func (e *email) Kind() string { return "email" }

// Send hands the message to the mail server. Who had it before, when others did
// not, doesn't get it twice.
func (e *email) Send(ctx context.Context, m *notice.Message) error {
	ctx, cancel := context.WithTimeoutCause(ctx, e.server.timeout, fmt.Errorf("not done within %s", e.server.timeout))
	defer cancel()
	select {
	case e.busy <- struct{}{}:
		defer func() { <-e.busy }()
	case <-ctx.Done():
		return &RetryError{Err: fmt.Errorf("waiting for the mail before: %w", context.Cause(ctx))}
	}
	raw, err := letter{e.from, e.to, e.dkim}.write(m, e.r, e.log.With("channel", e.name))
	if err != nil {
		return &RetryError{Err: fmt.Errorf("writing the mail: %w", err)}
	}
	return e.deliver(ctx, m.ID, raw)
}

// deliver brings the mail to each recipient who hasn't it yet.
func (e *email) deliver(ctx context.Context, id string, raw []byte) error {
	var refused []denial
	for left := e.missing(id); ; {
		o, err := e.attempt(ctx, left, raw)
		e.note(id, o.taken)
		refused = append(refused, o.refused...)
		if err != nil {
			return e.failure(ctx, err)
		}
		left = left[:0]
		for _, d := range o.later {
			left = append(left, d.to)
		}
		crowded := slices.ContainsFunc(o.later, func(d denial) bool { return d.err.full() })
		if len(o.taken) == 0 || !crowded { // else the rest of them fit into the next transaction
			return e.verdict(id, refused, o.later)
		}
	}
}

// verdict says what recipients came to.
func (e *email) verdict(id string, refused, later []denial) error {
	others := len(e.to) - len(refused) - len(later)
	switch {
	case len(later) > 0:
		return &RetryError{Err: fmt.Errorf("the mail server doesn't take it yet for %s; %d of %d have it", list(append(later, refused...)), others, len(e.to))}
	case len(refused) > 0:
		return &RefusedError{fmt.Errorf("the mail server refuses it for %s; %d of %d have it", list(refused), others, len(e.to))}
	}
	delete(e.had, id)
	return nil
}

// list writes who doesn't get a mail, and why.
func list(ds []denial) string {
	texts := make([]string, len(ds))
	for i, d := range ds {
		texts[i] = fmt.Sprintf("%s (%s)", d.to, d.err)
	}
	return strings.Join(texts, ", ")
}

// failure says what an error of the whole transaction means.
func (e *email) failure(ctx context.Context, err error) error {
	said, replied := errors.AsType[*answer](err)
	_, sender := errors.AsType[*senderError](err)
	if ctx.Err() != nil && !replied {
		err = context.Cause(ctx)
	}
	err = fmt.Errorf("sending mail through %s: %w", e.server.addr, err)
	if replied && (said.forMessage() || !sender && said.lasting()) {
		return &RefusedError{err}
	}
	return &RetryError{Err: err}
}

// attempt makes one transaction, over the open line or a new one.
func (e *email) attempt(ctx context.Context, to []string, raw []byte) (outcome, error) {
	if l := e.open; l != nil {
		e.rest.Stop()
		e.open = nil
		o, err := e.over(ctx, l, to, raw)
		sender, ok := errors.AsType[*senderError](err)
		if !ok || ctx.Err() != nil {
			return o, err
		}
		said, replied := errors.AsType[*answer](sender)
		if replied && !said.hangup() {
			return o, err
		}
		// The server hung up while the line was idle: nothing was sent.
	}
	l, err := e.server.dial(ctx)
	if err != nil {
		return outcome{}, err
	}
	return e.over(ctx, l, to, raw)
}

// over makes one transaction over a line, and keeps it if it is good.
func (e *email) over(ctx context.Context, l *line, to []string, raw []byte) (outcome, error) {
	l.conn.left = maxReplies
	stop := bound(ctx, l.conn)
	o, err := l.transact(e.from.Address, to, raw)
	said, replied := errors.AsType[*answer](err)
	usable := err == nil || replied && !said.hangup()
	if usable && len(o.taken) == 0 {
		usable = l.client.Reset() == nil
	}
	if uncut := stop(); !usable || !uncut {
		l.conn.Close()
		return o, err
	}
	e.open = l
	l.turn++
	turn := l.turn
	e.rest = time.AfterFunc(e.idle, func() { e.retire(l, turn) })
	return o, err
}

// retire closes a line that nobody used since a turn of it.
func (e *email) retire(l *line, turn int) {
	e.busy <- struct{}{}
	defer func() { <-e.busy }()
	if e.open == l && l.turn == turn {
		e.open = nil
		l.quit()
	}
}

// missing are the recipients who don't have a message.
func (e *email) missing(id string) []string {
	var left []string
	for _, to := range e.to {
		if !e.had[id][to.Address] {
			left = append(left, to.Address)
		}
	}
	return left
}

// note remembers who has a message. What is forgotten, or lost with the process,
// may be sent twice to some.
func (e *email) note(id string, taken []string) {
	if len(taken) == 0 {
		return
	}
	if e.had[id] == nil {
		e.had[id] = map[string]bool{}
		e.halves = append(e.halves, id)
	}
	for _, to := range taken {
		e.had[id][to] = true
	}
	if len(e.halves) > maxHalves {
		delete(e.had, e.halves[0])
		e.halves = e.halves[1:]
	}
}
