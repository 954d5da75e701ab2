package channel

import (
	"errors"
	"log/slog"
	"net/http"
	"net/mail"
	"net/netip"
	"time"

	"markwatch/internal/alert/notice"
)

// Public tells whether a webhook may go to an address.
func Public(ip netip.Addr) bool { return public(ip, reserved()) }

// RetryAfter reads a Retry-After header.
func RetryAfter(value string, now time.Time) time.Duration { return retryAfter(value, now) }

// OneLine is what errors quote of what a receiver says.
func OneLine(s string) string { return oneLine(s) }

// Conceal is an error's text without what is secret of an address.
func Conceal(text, address string) string { return conceal(errors.New(text), address).Error() }

// SetTransport makes a chat's requests go another way.
func SetTransport(ch Channel, rt http.RoundTripper) { ch.(*chat).base = rt }

// SetIdle makes an e-mail channel close its connection after d without a message.
func SetIdle(ch Channel, d time.Duration) { ch.(*email).idle = d }

// MaxHalves is how many messages are remembered that only some recipients have.
const MaxHalves = maxHalves

// Halves is how many are.
func Halves(ch Channel) int { return len(ch.(*email).had) }

// Letter is a message as mail.
func Letter(m *notice.Message, r *notice.Renderer) ([]byte, error) {
	return letter{from: &mail.Address{Address: "alerts@watch.example"}}.write(m, r, slog.New(slog.DiscardHandler))
}
