package scanner

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Waits between two tries.
const (
	backoffBase   = time.Second
	backoffMost   = 5 * time.Minute
	retryAfterMax = 10 * time.Minute // whatever a log asks for
	// Tries of a scan that stops (Config.Once). A log that refuses politely is
	// there, so it is given more of them.
	onceTries        = 5
	onceRefusals     = 4 * onceTries
	headProofTries   = 3 // of a proof for one tree head among many
	badSignatureMost = 3 // tree heads in a row whose signature doesn't verify
)

// backoff returns how long to wait after the nth failure in a row (from 1):
// doubling, bounded, with jitter of half of it.
func backoff(n int) time.Duration {
	d := backoffMost
	if n < 10 {
		d = min(d, backoffBase<<(n-1))
	}
	return d/2 + rand.N(d/2)
}

// parseRetryAfter reads a Retry-After header (RFC 9110, section 10.2.3): in
// seconds, as an HTTP date, or as a date with any zone, as some frontends send.
// date is the response's Date header, by which the log's clock is known.
func parseRetryAfter(v, date string, now time.Time) (time.Duration, bool) {
	v = strings.TrimSpace(v)
	if s, err := strconv.ParseUint(v, 10, 64); err == nil {
		if s > uint64(retryAfterMax/time.Second) {
			return retryAfterMax, true
		}
		return time.Duration(s) * time.Second, s > 0
	}
	t, ok := parseHTTPDate(v)
	if !ok {
		return 0, false
	}
	if d, ok := parseHTTPDate(date); ok {
		now = d
	}
	d := min(t.Sub(now), retryAfterMax)
	return max(d, 0), d > 0
}

// parseHTTPDate reads the forms of RFC 9110, section 5.6.7, and their like with
// another zone than GMT.
func parseHTTPDate(v string) (time.Time, bool) {
	if t, err := http.ParseTime(v); err == nil {
		return t, true
	}
	for _, layout := range []string{"Mon, _2 Jan 2006 15:04:05 MST", time.RFC1123Z} {
		if t, err := time.Parse(layout, v); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
