package faults

import (
	"net/http"
	"time"

	"markwatch/scanner"
)

// Faults are all ways in which the proxy misbehaves.
func Faults() []Fault {
	var all []Fault
	for _, group := range [][]Fault{refusals(), deliveries(), answers(), treeHeads(), forks()} {
		all = append(all, group...)
	}
	return all
}

// refusals are answers other than 200, and none.
func refusals() []Fault {
	entries := []string{atEntries}
	all := []Fault{
		{Name: "429, no Retry-After", instead: refusal(429, nil)},
		{Name: "429, seconds", instead: refusal(429, text("2"))},
		{Name: "429, HTTP date", instead: refusal(429, soon(http.TimeFormat, time.UTC))},
		{Name: "429, date with zone UTC", instead: refusal(429, soon(time.RFC1123, time.UTC)), Quick: true},
		{Name: "429, date with offset", instead: refusal(429, soon(time.RFC1123Z, time.FixedZone("", 7200)))},
		{Name: "429, RFC 850 date", instead: refusal(429, soon("Monday, 02-Jan-06 15:04:05 GMT", time.UTC))},
		{Name: "429, date in the past", instead: refusal(429, text("Mon, 02 Jan 2006 15:04:05 GMT"))},
		{Name: "429, zero seconds", instead: refusal(429, text("0"))},
		{Name: "429, negative seconds", instead: refusal(429, text("-30"))},
		{Name: "429, no number", instead: refusal(429, text("soon"))},
		{Name: "429, a year", instead: refusal(429, text("31536000")), Limit: 1, Restart: true},
		{Name: "429, more than 64 bits", instead: refusal(429, text("99999999999999999999999"))},
		{Name: "503 with Retry-After", instead: refusal(503, text("1"))},
	}
	for i := range all {
		all[i].Seen = "throttled"
	}
	return append(all,
		Fault{Name: "400 for entries", instead: refusal(400, nil), At: entries, Seen: "status"},
		Fault{Name: "404 for all", instead: gone, At: []string{atHead, atEntries}, Seen: "status"},
		Fault{Name: "500", instead: refusal(500, nil), Limit: 3, Seen: "status", Quick: true},
		Fault{Name: "502 after some entries", instead: refusal(502, nil), At: entries, After: 2, Seen: "status"},
		Fault{Name: "504", instead: refusal(504, nil), Seen: "status"},
		Fault{Name: "redirect to another host", instead: redirected, Seen: "network"},
		Fault{Name: "connection reset", instead: reset, Limit: 3, Seen: "network", Quick: true},
	)
}

// deliveries are sound answers that don't arrive as they should.
func deliveries() []Fault {
	entries := []string{atEntries}
	return []Fault{
		{Name: "reset in the body", send: broken, Limit: 3, Seen: "network"},
		{Name: "slow bodies", send: slow, Limit: 8},
		{Name: "hanging body", send: hanging, Limit: 1, At: entries, Seen: "timeout"},
		{Name: "truncated body", body: half, Seen: "malformed", Quick: true},
		{Name: "truncated tree head", body: half, At: []string{atHead}, Seen: "malformed"},
		{Name: "web page with status 200", body: webPage, Seen: "malformed"},
		{Name: "oversized body", send: flooding, Limit: 1, At: entries, Seen: "oversized"},
		{Name: "oversized tree head", send: flooding, Limit: 1, At: []string{atHead}, Seen: "oversized"},
		{Name: "1 TiB announced", send: boasting, Limit: 1, At: entries, Seen: "oversized"},
	}
}

// answers are wrong entries and proofs.
func answers() []Fault {
	entries, rfc, tiles := []string{atEntries}, scanner.RFC6962, scanner.Static
	once := func(name string, f func([][]byte) [][]byte) Fault {
		return Fault{Name: name, body: onEntries(f), At: entries, Limit: 1, Seen: "damaged"}
	}
	all := []Fault{
		{Name: "short reads", Only: rfc, body: onEntries(func(e [][]byte) [][]byte { return e[:3] }), At: entries, Limit: 12, Quick: true},
		{Name: "short tile", Only: tiles, body: onEntries(func(e [][]byte) [][]byte { return e[:3] }), At: entries, Seen: "malformed", Quick: true},
		{Name: "aligned ranges", Only: rfc, align: true, At: entries, Limit: -1},
		{Name: "no entries", body: onEntries(noEntries), At: entries, Seen: "malformed"},
		{Name: "one entry too many", body: onEntries(oneMore), At: entries, Seen: "malformed"},
		once("wrong order", swapped),
		once("an entry doubled", doubled),
		{Name: "an entry damaged", body: damaged, At: entries, Limit: 1, Seen: "damaged", Quick: true},
		{Name: "tampered extra_data", body: tampered, At: entries, Limit: -1, Outcome: Notes},
		{Name: "wrong proof once", body: turned, At: []string{atProof}, Limit: 1},
		{Name: "expired partial tiles", Only: tiles, instead: expired, Limit: -1, Quick: true},
		{Name: "an issuer gone", Only: tiles, instead: gone, At: []string{atIssuer}, Limit: -1, Outcome: Notes, Seen: "entry issuer"},
	}
	missing, short := once("an entry missing", lacking), once("an entry missing", lacking)
	missing.Only, short.Only, short.Seen = rfc, tiles, "malformed"
	return append(all, missing, short)
}

// treeHeads are tree heads that are odd, and no fork.
func treeHeads() []Fault {
	heads := []string{atHead}
	skewed := func(d time.Duration) func(h, _ scanner.TreeHead) scanner.TreeHead {
		return func(h, _ scanner.TreeHead) scanner.TreeHead {
			h = current(h)
			h.Timestamp = h.Timestamp.Add(d)
			return h
		}
	}
	same := func(h, _ scanner.TreeHead) scanner.TreeHead { return h }
	older := func(_, before scanner.TreeHead) scanner.TreeHead { return before }
	smaller := func(_, before scanner.TreeHead) scanner.TreeHead { return current(before) }
	return []Fault{
		{Name: "wrong signature once", head: same, unsigned: true, At: heads, Limit: 1, Seen: "head signature"},
		{Name: "wrong signature twice", head: same, unsigned: true, At: heads, Stage: 1, Seen: "head signature", Quick: true},
		{Name: "smaller head, signed later", head: smaller, At: heads, Stage: 1, After: 3, Limit: 3, Seen: "head shrunk", Quick: true},
		{Name: "older head shown again", head: older, At: heads, Stage: 1, After: 3, Limit: 3, Seen: "head backwards"},
		{Name: "clock an hour ahead", head: skewed(time.Hour), At: heads, Stage: 1, Limit: -1, Seen: "alarm head-future"},
		{Name: "clock two days behind", head: skewed(-48 * time.Hour), At: heads, Stage: 1, Limit: -1, Seen: "alarm head-stale"},
		{Name: "clock jumps back", head: skewed(-2 * time.Hour), At: heads, Stage: 1, After: 2, Limit: 3, Seen: "head backwards"},
	}
}

// forks are lies of which a log is caught. Seen is the kind of the evidence.
func forks() []Fault {
	heads := []string{atHead}
	lie := func(h, _ scanner.TreeHead) scanner.TreeHead { return otherRoot(current(h)) }
	past := func(_, before scanner.TreeHead) scanner.TreeHead { return otherRoot(current(before)) }
	same := func(h, _ scanner.TreeHead) scanner.TreeHead { return h }
	all := []Fault{
		{Name: "fork at the first head", head: lie, At: heads, Seen: "root"},
		{Name: "fork as it grows", head: lie, At: heads, Stage: 1, Seen: "consistency", Quick: true},
		{Name: "fork at the same size", head: lie, At: heads, Stage: 1, After: 6, Seen: "same-size"},
		{Name: "fork below what is read", head: past, At: heads, Stage: 1, After: 6, Seen: "leaves"},
		{Name: "fork after a restart", head: lie, At: heads, Stage: 1, Restart: true, Seen: "consistency"},
		{Name: "entries always damaged", body: damaged, At: []string{atEntries}, Seen: "root", Quick: true},
		{Name: "wrong proofs always", body: turned, At: []string{atProof}, Stage: 1, Seen: "consistency"},
		{Name: "wrong signature always", head: same, unsigned: true, At: heads, Stage: 1, Seen: "signature"},
	}
	for i := range all {
		all[i].Limit, all[i].Outcome = -1, Stops
	}
	return all
}
