package channel_test

import (
	"bufio"
	"io"
	"net"
	"testing"
)

// listen serves each connection by f and returns the address.
func listen(t testing.TB, f func(io.ReadWriter)) string {
	t.Helper()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				f(c)
			}()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "127.0.0.1:" + port
}

// script says the first line, and then one for each line that it reads.
func script(lines ...string) func(io.ReadWriter) {
	return func(c io.ReadWriter) {
		r := bufio.NewReader(c)
		for _, line := range lines {
			if _, err := io.WriteString(c, line); err != nil {
				return
			}
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
		}
	}
}
