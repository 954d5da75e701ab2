package channel

import (
	"errors"
	"net/http"
	"net/netip"
	"time"
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
