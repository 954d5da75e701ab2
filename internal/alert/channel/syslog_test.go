package channel_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
)

// rfc5424 is a message as section 6 of the RFC writes it, with an RFC 3339 time.
var rfc5424 = regexp.MustCompile(`(?s)^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([!-~]{1,255}) (markwatch) (\d+) ([!-~]{1,32}) ((?:\[[!-~]+(?: [!-~]+="(?:[^"\\\]]|\\.)*")*\])+) \x{feff}(.*)$`)

// checkSyslog compares lines with the message that was sent.
func checkSyslog(t *testing.T, lines []string, m *notice.Message, facility int) {
	t.Helper()
	records := notice.Syslog(m)
	if len(lines) != len(records) || len(records) == 0 {
		t.Fatalf("%d lines, want %d", len(lines), len(records))
	}
	for i, r := range records {
		got := rfc5424.FindStringSubmatch(lines[i])
		if got == nil {
			t.Fatalf("not as RFC 5424 asks: %q", lines[i])
		}
		if want := strconv.Itoa(facility*8 + r.Severity); got[1] != want || got[2] != "2026-03-05T09:30:00.000000Z" || got[5] != strconv.Itoa(os.Getpid()) || got[6] != r.MsgID || got[7] != r.StructuredData() || got[8] != r.Text {
			t.Errorf("got %q, want priority %s and %v", got[1:], want, r)
		}
	}
}

// twoHits has two records.
func twoHits() *notice.Message {
	m := message("a1")
	m.Hits = append(m.Hits, m.Hits[0])
	m.Hits[1].Organisation = "Ünlü ] \" \\ Ltd"
	m.Total = 2
	return m
}

// frames reads octet counted messages until the peer ends.
func frames(r io.Reader) ([]string, error) {
	var all []string
	for br := bufio.NewReader(r); ; {
		count, err := br.ReadString(' ')
		if errors.Is(err, io.EOF) && count == "" {
			return all, nil
		}
		n, err := strconv.Atoi(strings.TrimSuffix(count, " "))
		if err != nil {
			return all, fmt.Errorf("count %q: %w", count, err)
		}
		text := make([]byte, n)
		if _, err := io.ReadFull(br, text); err != nil {
			return all, err
		}
		all = append(all, string(text))
	}
}

// TestSyslogStream guards octet counting over TCP and TLS, and that the end of
// the stream is waited for.
func TestSyslogStream(t *testing.T) {
	cert, ca := certificate(t)
	for _, network := range []string{"tcp", "tls"} {
		t.Run(network, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			c := channel.Syslog{Address: network + "://" + l.Addr().String(), Facility: "local7"}
			if network == "tls" {
				l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*cert}})
				c.CAFile = ca
			}
			defer l.Close()
			got := make(chan []string, 1)
			go func() {
				conn, err := l.Accept()
				if err != nil {
					close(got)
					return
				}
				defer conn.Close()
				lines, err := frames(conn)
				if err != nil {
					t.Error(err)
				}
				got <- lines
			}()
			if err := one(t, channel.Config{Syslog: []channel.Syslog{c}}).Send(t.Context(), twoHits()); err != nil {
				t.Fatal(err)
			}
			checkSyslog(t, <-got, twoHits(), 23)
		})
	}
}

// TestSyslogDatagrams guards a datagram per hit over UDP.
func TestSyslogDatagrams(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := one(t, channel.Config{Syslog: []channel.Syslog{{Address: "udp://" + conn.LocalAddr().String()}}}).Send(t.Context(), twoHits()); err != nil {
		t.Fatal(err)
	}
	var lines []string
	buf := make([]byte, 65536)
	for range 2 {
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		n, _, err := conn.ReadFrom(buf)
		if err != nil {
			t.Fatal(err)
		}
		if n > 2048 {
			t.Errorf("a datagram of %d bytes", n)
		}
		lines = append(lines, string(buf[:n]))
	}
	checkSyslog(t, lines, twoHits(), 16)
}

// TestSyslogFaults guards that a receiver which isn't there, or that leaves
// before it read everything, is told of.
func TestSyslogFaults(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	open := func(address string) channel.Channel {
		return one(t, channel.Config{Syslog: []channel.Syslog{{Address: address, Timeout: 20 * time.Second}}})
	}
	go func() { // resets: it closes with words unread
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = conn.Read(make([]byte, 10))
		_ = conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
	}()
	checkError(t, open("tcp://"+addr).Send(t.Context(), twoHits()), "retry", addr)
	l.Close()
	checkError(t, open("tcp://"+addr).Send(t.Context(), twoHits()), "retry", "refused")
	checkError(t, open("tls://"+listen(t, script("hello\n"))).Send(t.Context(), twoHits()), "retry", "TLS")
	var big bytes.Buffer
	endless := listen(t, func(c io.ReadWriter) {
		_, _ = big.ReadFrom(io.LimitReader(c, 10))
		for {
			if _, err := c.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	if err := open("tcp://"+endless).Send(t.Context(), message("a")); err != nil { // talks, and doesn't reset: believed
		checkError(t, err, "retry", "")
	}
}
